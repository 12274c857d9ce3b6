import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { formatCost } from "../../src/cli/client/policy/policy-text.ts";
import { DEFAULT_UPDATE_POLICY } from "../../src/join-server/policies/update-policy-settings.ts";
import { describeCost } from "../../src/server/join-server/policies/describe-policy.ts";
import { ADMIN_TOKEN, JoinServerRig } from "../support/join-server-rig.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const page = readFileSync(`${root}docs/policies.md`, "utf8");

describe("docs/policies.md", () => {
  it("has examples that work, in the order they stand there", async () => {
    const rig = new JoinServerRig();
    after(() => rig.admin.close());
    const folder = temporaryFolder();
    mkdirSync(join(folder, "data/join-server"), { recursive: true });
    writeFileSync(join(folder, "data/join-server/admin-token"), `${ADMIN_TOKEN}\n`);
    const address = await rig.admin.listen({ host: "127.0.0.1", port: 0 });
    const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => block);
    assert.equal(blocks.length, 2);
    const script = blocks.join("\n").replace("http://127.0.0.1:7071", address);
    const { stdout } = await promisify(execFile)("bash", ["-euc", script], {
      cwd: folder,
      env: { ...process.env, PATH: `${root}bin:${process.env["PATH"]}`, WARREN_URL: address },
    });
    assert.match(stdout, /^1 updates a year/m);
    assert.match(stdout, /Device profile door-locks$/m);
    assert.match(stdout, /^Maximum sessions +1000 +\(device\)$/m);
    assert.match(stdout, /^Healing +yes +\(device-profile\)$/m);
    assert.match(stdout, /\{"isUpdateWanted":true\}/);
  });

  it("has the costs as the program tells them", () => {
    const policy = { ...DEFAULT_UPDATE_POLICY, maxAgeMs: (365 * 86_400_000) / 12 };
    const rowsOf = (isHealing: boolean) =>
      formatCost(describeCost({ ...policy, isHealing }))
        .split("\n")
        .map((line) => line.split(/ {2,}/));
    for (const name of ["SF12BW125", "SF9BW125", "SF7BW125"]) {
      const [plain = [], healing = []] = [false, true].map(
        (isHealing) => rowsOf(isHealing).find(([rate]) => rate === name) ?? [],
      );
      const row = page.split("\n").find((line) => line.startsWith(`| ${name} |`)) ?? "";
      const cells = row.split("|").map((cell) => cell.trim());
      const battery = cells[6]?.replace("healing ", "").split("; ");
      assert.deepEqual(cells.slice(2, 6), [plain[1], plain[2], healing[1], healing[2]], name);
      assert.deepEqual(battery, [plain[6], healing[6]], name);
    }
  });
});

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { promisify } from "node:util";
import { RIGHTS, RIGHTS_OF_ROLE } from "../../src/join-server/access/rights.ts";
import { ROLES } from "../../src/join-server/ports/token-store.ts";
import { KEY_WEAKNESSES } from "../../src/join-server/weak-keys/find-key-weaknesses.ts";
import { ADMIN_TOKEN, JoinServerRig } from "../support/join-server-rig.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const page = readFileSync(new URL("../../docs/administration.md", import.meta.url), "utf8");

describe("docs/administration.md", () => {
  it("has examples that work, in the order they stand there", async () => {
    const rig = new JoinServerRig();
    after(() => rig.admin.close());
    const folder = temporaryFolder();
    mkdirSync(join(folder, "data/join-server"), { recursive: true });
    writeFileSync(join(folder, "data/join-server/admin-token"), `${ADMIN_TOKEN}\n`);
    const address = await rig.admin.listen({ host: "127.0.0.1", port: 0 });
    const blocks = [...page.matchAll(/^ *```sh\n([\s\S]*?)^ *```$/gm)].map(([, block]) => block);
    assert.ok(blocks.length >= 9);
    const script = blocks.join("\n").replace("http://127.0.0.1:7071", address);
    const { stdout } = await promisify(execFile)("bash", ["-euc", script], { cwd: folder });
    assert.match(stdout, /"actor":"file-token"/);
    assert.match(stdout, /"token":"warren_/);
    assert.match(stdout, /"jwe":"/);
    const entries = await rig.store.readAudit(0, 100);
    for (const action of ["device.create", "device.reset-nonces", "key.export", "token.create"]) {
      assert.ok(
        entries.some((entry) => entry.action === action),
        action,
      );
    }
  });

  it("has the table of rights as the program has it", () => {
    const rows = [...page.matchAll(/^\| `([a-z]+:[a-z]+)` \|[^|]*\|(.*)\|$/gm)];
    const expected = RIGHTS.map((right) => [
      right,
      ROLES.map((role) => (RIGHTS_OF_ROLE[role].includes(right) ? "yes" : "")),
    ]);
    const shown = rows.map(([, right, cells = ""]) => [
      right,
      cells.split("|").map((cell) => cell.trim()),
    ]);
    assert.deepEqual(shown.toSorted(), expected.toSorted());
  });

  it("names every weakness of a key", () => {
    for (const weakness of KEY_WEAKNESSES)
      assert.ok(page.includes(`| \`${weakness}\` |`), weakness);
  });
});

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { freeTcpPort } from "../../src/cli/run/free-port.ts";
import { DEFAULT_CAMPAIGN_SETTINGS } from "../../src/join-server/campaigns/new-campaign.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const page = readFileSync(`${root}docs/campaigns.md`, "utf8");

/** The default of a member, as its row says it. */
function defaultOf(member: string): string | undefined {
  const row = page
    .split("\n")
    .find((line) => line.startsWith("|") && line.includes(`\`${member}\``));
  return row?.split("|").at(-2)?.trim();
}

describe("docs/campaigns.md", () => {
  it("has an example that works from an empty folder", async () => {
    const [adminPort, backendPort] = [
      await freeTcpPort("127.0.0.1", 0),
      await freeTcpPort("127.0.0.1", 0),
    ];
    const [, example = ""] = /^```sh\n([\s\S]*?)^```$/m.exec(page) ?? [];
    const script = `trap 'kill $(jobs -p) || true' EXIT\n${example.replaceAll("7070", "9")}`;
    const { stdout } = await promisify(execFile)("bash", ["-m", "-euc", script], {
      cwd: temporaryFolder(),
      timeout: 60_000,
      env: {
        ...process.env,
        PATH: `${root}bin:${process.env["PATH"]}`,
        WARREN_BACKEND_PORT: `${backendPort}`,
        WARREN_ADMIN_PORT: `${adminPort}`,
        WARREN_URL: `http://127.0.0.1:${adminPort}`,
      },
    });
    assert.match(stdout, /^Devices +2$/m);
    assert.match(stdout, /^campaign [0-9a-f]{16} is made/m);
    assert.match(stdout, /^Progress +0 of 2 through, .* [12] under way/m);
    assert.match(stdout, /^01020304050607\d\d +failed .*aborted$/m);
    // Canaries are drawn: of two devices one or both.
    const ends = stdout.match(
      /^01020304050607\d\d +(failed .*aborted|skipped .*campaign-aborted)$/gm,
    );
    assert.equal(ends?.length, 2, stdout);
  });

  it("says the defaults as they are", () => {
    const { canaryShare, maxFailureShare, ...settings } = DEFAULT_CAMPAIGN_SETTINGS;
    assert.equal(defaultOf("canaryShare"), `${canaryShare * 100} %`);
    assert.equal(defaultOf("maxFailureShare"), `${maxFailureShare * 100} %`);
    assert.equal(defaultOf("retryAfterMs"), `${settings.retryAfterMs / 3_600_000} h`);
    assert.equal(defaultOf("attemptTimeoutMs"), `${settings.attemptTimeoutMs / 3_600_000} h`);
    for (const member of [
      "startsPerMinute",
      "startsPerMinutePerGateway",
      "maxUnderWay",
      "minSettledForPause",
      "maxAttempts",
    ] as const) {
      assert.equal(defaultOf(member), settings[member].toLocaleString("en-US"), member);
    }
  });
});

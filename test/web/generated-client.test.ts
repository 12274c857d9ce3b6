import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { generateConsoleClient } from "../../scripts/generate-console-client.ts";

const CLIENT = join(import.meta.dirname, "../../web/src/api/generated/warren-api.ts");

test("the console's client is that of the administration API as it is now", async () => {
  const folder = mkdtempSync(join(tmpdir(), "warren-console-client-"));
  try {
    const fresh = join(folder, "warren-api.ts");
    await generateConsoleClient(fresh);
    const isCurrent = readFileSync(fresh, "utf8") === readFileSync(CLIENT, "utf8");
    assert.ok(isCurrent, "it is stale: run `npm run generate:console` and commit what it writes");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

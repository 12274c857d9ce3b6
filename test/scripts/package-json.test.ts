import assert from "node:assert/strict";
import { test } from "node:test";
import packageJson from "../../package.json" with { type: "json" };

test("no script calls node again in the shell that has just installed the pinned one", () => {
  // A shell remembers where it found a command, so it would go on with the machine's own, older Node.
  for (const [name, script] of Object.entries(packageJson.scripts)) {
    assert.doesNotMatch(script, /&& node /, name);
  }
});

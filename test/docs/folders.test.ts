import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const FILES_MAX = 12;
const root = fileURLToPath(new URL("../../", import.meta.url));

function crowdedFolders(folder: string): string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  const inner = entries.filter((entry) => entry.isDirectory());
  const fileCount = entries.length - inner.length;
  return [
    ...(fileCount > FILES_MAX ? [`${folder}: ${fileCount} files`] : []),
    ...inner.flatMap(({ name }) => crowdedFolders(join(folder, name))),
  ];
}

test("no folder of the sources has more files than one sees at a glance", () => {
  assert.deepEqual(crowdedFolders("src"), []);
});

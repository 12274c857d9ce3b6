import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";

/** A new folder for the tests of the enclosing file or suite, removed after them. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "warren-test-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

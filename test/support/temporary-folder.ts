import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folders: string[] = [];
process.on("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/**
 * A new folder, removed as this process ends. Not by a hook `after`: these run in the order in which they were
 * registered, so the folder would go before the server that writes to it is closed; and once one has failed, the
 * rest are not run, so the server would never be.
 */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "warren-test-"));
  folders.push(folder);
  return folder;
}

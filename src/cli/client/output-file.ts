import { openSync } from "node:fs";
import { WarrenError } from "../../errors.ts";

/** What writing to a file fails with, and no connection does. */
const DISK_ERRORS: readonly unknown[] = ["ENOSPC", "EDQUOT", "EFBIG", "EIO"];

/**
 * Opens a file for its owner alone, emptied or new.
 *
 * @returns its descriptor
 * @throws WarrenError `configuration-invalid`
 */
export function openOutputFile(path: string): number {
  try {
    return openSync(path, "w", 0o600);
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

/** Whether the disk is why something that writes from a connection to a file has failed. */
export function isDiskError(error: unknown): boolean {
  return DISK_ERRORS.includes(codeOf(error));
}

export function cannotWrite(path: string, error: unknown): WarrenError {
  return new WarrenError("configuration-invalid", `cannot write ${path} (${codeOf(error)})`, {
    cause: error,
  });
}

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown }).code;
}

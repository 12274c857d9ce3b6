import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { WarrenError } from "../errors.ts";

/**
 * Reads the administration token from a file, or makes one there (owner-only) on first start.
 *
 * @throws WarrenError `configuration-invalid` for a token of fewer than 16 characters, or a file that
 *   cannot be read or made
 */
export function loadOrCreateAdminToken(path: string): string {
  const token = readOrCreate(path);
  if (token.length < 16) {
    throw new WarrenError("configuration-invalid", `the token in ${path} is too short`);
  }
  return token;
}

function readOrCreate(path: string): string {
  try {
    if (!existsSync(path)) {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(path, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600 });
    }
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    throw new WarrenError("configuration-invalid", `cannot read or make the token ${path}`, {
      cause: error,
    });
  }
}

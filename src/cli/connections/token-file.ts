import { readFileSync } from "node:fs";
import { WarrenError } from "../../errors.ts";

/**
 * The bearer token in a file, without the white space around it.
 *
 * @throws WarrenError `configuration-invalid` naming the file, never what is in it
 */
export function readTokenFile(path: string): string {
  try {
    const token = readFileSync(path, "utf8").trim();
    if (/^\S+$/.test(token)) return token;
  } catch (error) {
    throw new WarrenError("configuration-invalid", `cannot read the token ${path}`, {
      cause: error,
    });
  }
  throw new WarrenError("configuration-invalid", `${path} must hold one token and nothing else`);
}

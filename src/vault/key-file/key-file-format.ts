import type { Aes256Key } from "../../crypto/aes256.ts";
import { exportAes256Key, importAes256Key } from "../../crypto/aes256.ts";
import { WarrenError } from "../../errors.ts";

/** A line of a key file. */
export interface MasterKey {
  /** 1 to 2^32 - 1. */
  readonly version: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly key: Aes256Key;
}

const COMMENT = `\
# Master keys of a Warren Join Server. The database holds every root key encrypted under these.
# Without this file the database is worthless; with both, every root key can be read.
# Keep a copy in a safe place, apart from the copies of the database. Never edit it by hand.
#
# version, when it was made, AES-256 key
`;

const LINE = /^([1-9]\d{0,9}) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([0-9a-f]{64})$/;

/** The text of a key file: a comment, then one key a line. */
export function formatKeyFile(keys: readonly MasterKey[]): string {
  const lines = keys.map(({ version, createdAt, key }) => {
    const hex = Buffer.from(exportAes256Key(key)).toString("hex");
    return `${version} ${new Date(createdAt).toISOString()} ${hex}\n`;
  });
  return COMMENT + lines.join("");
}

/**
 * Reads the text of a key file; the versions ascend.
 *
 * @throws WarrenError `vault-unavailable` naming the line, never its text
 */
export function parseKeyFile(path: string, text: string): MasterKey[] {
  const keys: MasterKey[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line === "" || line.startsWith("#")) continue;
    const match = LINE.exec(line);
    const version = Number(match?.[1]);
    const createdAt = Date.parse(match?.[2] ?? "");
    if (!(version > (keys.at(-1)?.version ?? 0)) || Number.isNaN(createdAt)) {
      throw new WarrenError(
        "vault-unavailable",
        `${path}, line ${index + 1}: a line has a version greater than the one before, a time and 64 hex ` +
          "digits; put an unchanged copy of the key file in its place",
      );
    }
    keys.push({ version, createdAt, key: importAes256Key(Buffer.from(match?.[3] ?? "", "hex")) });
  }
  return keys;
}

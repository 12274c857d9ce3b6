import { readFileSync } from "node:fs";
import { type Aes128Key, importAes128Key } from "../../../crypto/aes128.ts";
import { WarrenError } from "../../../errors.ts";
import { parseHex } from "../../../lorawan/hex.ts";

const STANDARD_INPUT = 0;

/**
 * The text of a file that holds a secret, or of standard input for `-`.
 *
 * @throws WarrenError `configuration-invalid`; it never repeats what the file has
 */
export function readSecretText(option: string, file: string): string {
  try {
    return readFileSync(file === "-" ? STANDARD_INPUT : file, "utf8").trim();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unreadable";
    throw new WarrenError("configuration-invalid", `${option}: cannot read ${file} (${code})`, {
      cause: error,
    });
  }
}

/** Hex text of a secret. @throws WarrenError `configuration-invalid` */
export function readHexFile(option: string, file: string, lengthsBytes: readonly number[]): string {
  const text = readSecretText(option, file);
  if (!/^[0-9a-f]*$/i.test(text) || !lengthsBytes.some((length) => text.length === 2 * length)) {
    const lengths = lengthsBytes.map((length) => 2 * length).join(" or ");
    throw new WarrenError(
      "configuration-invalid",
      `${option}: ${file} must have ${lengths} hex digits`,
    );
  }
  return text.toLowerCase();
}

/** A key of 16 bytes. @throws WarrenError `configuration-invalid` */
export function readKeyFile(option: string, file: string): Aes128Key {
  return importAes128Key(parseHex(readHexFile(option, file, [16])));
}

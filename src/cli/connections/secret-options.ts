import { readFileSync } from "node:fs";
import { type Command, Option } from "commander";
import { type Aes128Key, importAes128Key } from "../../crypto/aes128.ts";
import { WarrenError } from "../../errors.ts";
import { parseHex } from "../../lorawan/hex.ts";

/** The exit status for a wrong command line. */
export const USAGE_ERROR = 2;

/** What to say of secrets in every help that has them. */
export const SECRET_HELP = `
Other users of a machine can see the arguments of a program. Every option for a
key also has a form that reads the hex text from a file: --nwk-key-file <file>
for --nwk-key <hex>, and so on.`;

/** Ends with a usage error: a message that says what to do, exit status 2. */
export function usageError(command: Command, message: string): never {
  return command.error(`error: ${message}`, { exitCode: USAGE_ERROR, code: "warren.usage" });
}

/**
 * Adds `--<name> <hex>` and `--<name>-file <file>`. The text is not parsed by commander, whose errors
 * repeat it.
 */
export function addSecretOption(
  command: Command,
  name: string,
  description: string,
  group?: string,
): void {
  const inArgument = new Option(`--${name} <hex>`, description);
  if (group !== undefined) inArgument.helpGroup(group);
  const inFile = new Option(`--${name}-file <file>`, `${description}, in a file`).hideHelp();
  command.addOption(inArgument).addOption(inFile.conflicts(inArgument.attributeName()));
}

/** The bytes of a secret option, from the argument or the file; `undefined` if neither is there. */
function readSecret(command: Command, name: string, lengthBytes?: number): Uint8Array | undefined {
  const { attribute, fileAttribute } = attributesOf(name);
  const options = command.opts<Record<string, string | undefined>>();
  const file = options[fileAttribute];
  const text = file === undefined ? options[attribute] : readSecretFile(command, name, file);
  if (text === undefined) return undefined;
  const option = file === undefined ? `--${name}` : `the file of --${name}-file`;
  try {
    return parseHex(text, lengthBytes);
  } catch (error) {
    if (!(error instanceof WarrenError)) throw error;
    return usageError(command, `${option}: ${error.message}`);
  }
}

/** As `readSecret`, for a secret that must be there. */
export function requireSecret(command: Command, name: string, lengthBytes?: number): Uint8Array {
  const bytes = readSecret(command, name, lengthBytes);
  return bytes ?? usageError(command, `give --${name} <hex> or --${name}-file <file>`);
}

/** A key of 16 bytes, or `undefined` if there is no such option. */
export function readKey(command: Command, name: string): Aes128Key | undefined {
  const bytes = readSecret(command, name, 16);
  return bytes === undefined ? undefined : importAes128Key(bytes);
}

function readSecretFile(command: Command, name: string, file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unreadable";
    return usageError(command, `--${name}-file: cannot read ${file} (${code})`);
  }
}

function attributesOf(name: string): {
  readonly attribute: string;
  readonly fileAttribute: string;
} {
  return {
    attribute: new Option(`--${name} <hex>`).attributeName(),
    fileAttribute: new Option(`--${name}-file <file>`).attributeName(),
  };
}

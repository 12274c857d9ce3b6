import { readFileSync } from "node:fs";
import { type Command, Option } from "commander";
import { DEVICE_FORMATS } from "../../../device-files/formats.ts";
import { WarrenError } from "../../../errors.ts";
import { readHexFile } from "../keys/secret-files.ts";

/** Whom keys are for; none of the members, and there are no keys. */
export interface RecipientOptions {
  readonly kekFile?: string;
  readonly kekLabel?: string;
  readonly publicKeyFile?: string;
}

/** `--kek-file`, `--kek-label` and `--public-key-file`. */
export function addRecipientOptions(command: Command): Command {
  return command
    .optionsGroup("Root keys, for who has the KEK or the private key alone:")
    .addOption(
      new Option(
        "--kek-file <file>",
        "wrap each key (RFC 3394) under the KEK in this file, in hex; with tts-json and warren",
      ).conflicts("publicKeyFile"),
    )
    .option("--kek-label <text>", "the label of that KEK")
    .option("--public-key-file <file>", "seal all to the public JWK in this file; with any format");
}

/** `--format`. */
export function formatOption(): Option {
  return new Option("--format <name>", "the format").choices([...DEVICE_FORMATS]).default("warren");
}

/** As the API takes it, undefined without keys. @throws WarrenError `configuration-invalid` */
export function recipientOf(options: RecipientOptions): object | undefined {
  const { kekFile, kekLabel, publicKeyFile } = options;
  if (publicKeyFile !== undefined) return { jwk: readJwk(publicKeyFile) };
  if (kekFile === undefined && kekLabel === undefined) return undefined;
  if (kekFile === undefined || kekLabel === undefined) {
    throw new WarrenError("configuration-invalid", "--kek-file and --kek-label belong together");
  }
  return { kek: { label: kekLabel, key: readHexFile("--kek-file", kekFile, [16, 24, 32]) } };
}

/** A public JWK, or the first of a JWK Set. @throws WarrenError `configuration-invalid` */
export function readJwk(file: string): object {
  try {
    const read = JSON.parse(readFileSync(file, "utf8")) as { keys?: object[] };
    const jwk = read.keys?.[0] ?? read;
    if (typeof jwk === "object" && jwk !== null && "kty" in jwk) return jwk;
  } catch {
    // Said below; the error of JSON.parse could repeat a private key.
  }
  throw new WarrenError(
    "configuration-invalid",
    `${file} must hold a public key as JWK, such as GET /api/v1/import-key of another Join Server gives`,
  );
}

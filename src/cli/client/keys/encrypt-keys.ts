import { closeSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { Command, Option } from "commander";
import { isRecordError, type ParsedRecord } from "../../../device-files/device-record.ts";
import { formatDevice } from "../../../device-files/format-devices.ts";
import {
  DEVICE_FORMATS,
  type DeviceFormat,
  isDeviceFormat,
} from "../../../device-files/formats.ts";
import {
  importRecipient,
  type Recipient,
  sealText,
} from "../../../device-files/jwe/sealed-devices.ts";
import { parseVersionName } from "../../../device-files/version-name.ts";
import { WarrenError } from "../../../errors.ts";
import { type Eui64, type NetId, parseEui64, parseNetId } from "../../../lorawan/identifiers.ts";
import type { MacVersion } from "../../../lorawan/mac-version.ts";
import { parsedBy } from "../../options.ts";
import { readJwk } from "../export/export-options.ts";
import { formatProblem } from "../import/problems.ts";
import { detectFileFormat, readRecords } from "../import/read-records.ts";

/** Devices in one JWE. */
const SEALED_DEVICES = 500;

interface EncryptOptions {
  readonly format?: DeviceFormat;
  readonly publicKeyFile: string;
  readonly out: string;
  readonly homeNetId: NetId;
  readonly asId: string;
  readonly joinEui?: Eui64;
  readonly macVersion?: MacVersion;
}

const EXAMPLE = `
Example, for a supplier of devices:
  warren encrypt-keys devices.csv --public-key-file import-key.jwk --out devices.jwe \\
    --home-net-id 000013 --as-id warren-as

The operator gets import-key.jwk from the Join Server (GET /api/v1/import-key) and imports devices.jwe with
warren import. Nobody on the way, not even who imports it, can read the keys.`;

/** `warren encrypt-keys`: seals a file of devices to a Join Server. Needs no server. */
export function encryptKeysCommand(): Command {
  return new Command("encrypt-keys")
    .description(
      "Seals a file of devices to the import key of a Join Server, so that only that can read the keys " +
        "(JWE, RFC 7516: ECDH-ES and A256GCM).",
    )
    .argument("<file>", "the devices, in any format of warren import that has keys")
    .requiredOption("--public-key-file <file>", "the import key of the Join Server, a public JWK")
    .requiredOption("--out <file>", "where to write the sealed devices")
    .addOption(
      new Option("--format <name>", "the format, when it is not detected").choices([
        ...DEVICE_FORMATS,
      ]),
    )
    .option(
      "--home-net-id <NetID>",
      "NetID of their Network Server, when the file has none",
      parsedBy(parseNetId, "6 hex digits."),
    )
    .option("--as-id <text>", "AS-ID of their Application Server, when the file has none")
    .option(
      "--join-eui <eui>",
      "JoinEUI, when the file has none",
      parsedBy(parseEui64, "16 hex digits."),
    )
    .option(
      "--mac-version <version>",
      "LoRaWAN version, when the file has none",
      parsedBy(parseVersionName, "use 1.0 to 1.1."),
    )
    .addHelpText("after", EXAMPLE)
    .action((file: string, options: EncryptOptions) => encryptKeys(file, options));
}

async function encryptKeys(file: string, options: EncryptOptions): Promise<void> {
  const { homeNetId, asId, joinEui, macVersion, publicKeyFile, out } = options;
  const format = options.format ?? (await detectFileFormat(file));
  if (!isDeviceFormat(format)) {
    throw new WarrenError("configuration-invalid", `${file} has no keys that could be sealed`);
  }
  const recipient = await importRecipient(readJwk(publicKeyFile));
  const parse = { defaults: { homeNetId, asId, joinEui, macVersion }, keks: new Map() };
  const partial = `${out}.part`;
  const target = openSync(partial, "w", 0o600);
  try {
    const count = await seal(readRecords(file, format, parse), recipient, target);
    renameSync(partial, out);
    console.log(`${count} devices are sealed to the key ${recipient.thumbprint} in ${out}`);
  } finally {
    closeSync(target);
    rmSync(partial, { force: true });
  }
}

/** @throws WarrenError of the first record with an error: a supplier has to correct the file */
async function seal(
  records: AsyncIterable<ParsedRecord[]>,
  recipient: Recipient,
  target: number,
): Promise<number> {
  let lines: string[] = [];
  let count = 0;
  const flush = async (): Promise<void> => {
    if (lines.length > 0) writeSync(target, `${await sealText(lines.join(""), recipient)}\n`);
    count += lines.length;
    lines = [];
  };
  for await (const some of records) {
    for (const record of some) {
      if (isRecordError(record)) {
        throw new WarrenError(
          record.code,
          formatProblem({ ...record, kind: "error", code: undefined }),
        );
      }
      lines.push(formatDevice("warren", record.device, { kind: "clear" }));
      if (lines.length === SEALED_DEVICES) await flush();
    }
  }
  await flush();
  return count;
}

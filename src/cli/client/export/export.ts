import { createWriteStream, renameSync, rmSync, type WriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { Command } from "commander";
import { type DeviceFormat, FORMATS } from "../../../device-files/formats.ts";
import { ROOT_KEY_CONVENTIONS } from "../../../device-files/root-key-convention.ts";
import { WarrenError } from "../../../errors.ts";
import type { Eui64 } from "../../../lorawan/identifiers.ts";
import type { ApiClient } from "../../api-client/api-client.ts";
import { connectionError } from "../../api-client/api-error.ts";
import { type ApiOptions, addApiOptions, withApiClient } from "../../api-client/api-options.ts";
import { parseEuiOption } from "../device/device-settings.ts";
import { cannotWrite, isDiskError, openOutputFile } from "../output-file.ts";
import {
  addRecipientOptions,
  formatOption,
  type RecipientOptions,
  recipientOf,
} from "./export-options.ts";

interface ExportOptions extends ApiOptions, RecipientOptions {
  readonly format: DeviceFormat;
  readonly out?: string;
  readonly prefix?: string;
  readonly joinEui?: Eui64;
  readonly homeNetId?: string;
  readonly asId?: string;
  readonly text?: string;
}

const EXAMPLES = `
Examples:
  warren export > devices.ndjson                                     no keys
  warren export --format tts-json --kek-file x.kek --kek-label x --out devices.json
  warren export --public-key-file other-join-server.jwk --out devices.jwe

The first needs the right device:read, those with keys key:export. Keys in the clear never leave: a file
that is sealed can only be read by who has the private key.`;

/** `warren export`: devices, with their root keys if it is said for whom. */
export function exportCommand(): Command {
  const command = new Command("export")
    .description("Exports devices as text, with root keys only when it is said for whom.")
    .addOption(formatOption())
    .option("--out <file>", "write to a file for its owner only, in place of standard output")
    .optionsGroup("Which devices (all without any of these):")
    .option("--prefix <hex>", "first digits of the DevEUI")
    .option("--join-eui <eui>", "their JoinEUI", parseEuiOption)
    .option("--home-net-id <NetID>", "NetID of their Network Server")
    .option("--as-id <text>", "AS-ID of their Application Server")
    .option("--text <text>", "part of the name, the description or a tag");
  return addApiOptions(addRecipientOptions(command).optionsGroup("The Join Server:"))
    .addHelpText("after", EXAMPLES)
    .action((options: ExportOptions) => exportDevices(options, recipientOf(options)));
}

/** Also what `warren keys export` does. */
export async function exportDevices(
  options: ExportOptions,
  recipient: object | undefined,
): Promise<void> {
  await withApiClient(options, async (api) => {
    if (options.out === undefined) await write(api, options, recipient);
    else await writeFile(api, options, recipient);
  });
  const { convention } = FORMATS[options.format];
  if (recipient !== undefined) {
    process.stderr.write(`Root keys: ${ROOT_KEY_CONVENTIONS[convention]}\n`);
  }
}

/** A file that is there is whole. */
async function writeFile(
  api: ApiClient,
  options: ExportOptions,
  recipient: object | undefined,
): Promise<void> {
  const out = options.out as string;
  const partial = `${out}.part`;
  // Before the server is asked for anything.
  const descriptor = openOutputFile(partial);
  try {
    await write(api, options, recipient, createWriteStream(partial, { fd: descriptor }));
    renameSync(partial, out);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error instanceof WarrenError ? error : cannotWrite(out, error);
  }
}

async function write(
  api: ApiClient,
  options: ExportOptions,
  recipient: object | undefined,
  file?: WriteStream,
): Promise<void> {
  const { format, prefix, joinEui, homeNetId, asId, text, url } = options;
  const query = { format, devEuiPrefix: prefix, joinEui, homeNetId, asId, text };
  const body =
    recipient === undefined
      ? await api.stream("GET", "/exports", { query })
      : await api.stream("POST", "/exports", { body: { ...query, ...recipient } });
  try {
    await pipeline(body, file ?? process.stdout, { end: file !== undefined });
  } catch (error) {
    throw isDiskError(error) ? error : connectionError(error, url);
  }
}

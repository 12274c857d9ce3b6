import type { ParsedRecord, ParseOptions } from "../../../device-files/device-record.ts";
import { type DeviceFormat, isDeviceFormat } from "../../../device-files/formats.ts";
import { openText } from "../../../device-files/jwe/sealed-devices.ts";
import { detectFormat, type FileFormat } from "../../../device-files/parser/detect-format.ts";
import { DuplicateFinder } from "../../../device-files/parser/find-duplicates.ts";
import { readDeviceText } from "../../../device-files/parser/read-device-text.ts";
import { Lines } from "../../../device-files/split/lines.ts";
import { WarrenError } from "../../../errors.ts";
import type { ImportKeys } from "./import-key.ts";

/** What a text was read as, and what is in it. */
export interface ReadImport {
  readonly format: DeviceFormat | "jwe";
  readonly records: readonly ParsedRecord[];
}

/**
 * The records of an import, one after another; sealed ones are opened.
 *
 * @throws WarrenError `request-malformed` for a text of no known format
 */
export async function readImport(
  text: string,
  format: FileFormat | undefined,
  { keys, options }: { readonly keys: ImportKeys; readonly options: ParseOptions },
): Promise<ReadImport> {
  const found = format ?? detectFormat(text);
  if (found === "jwe") return { format: found, records: await readSealed(text, keys, options) };
  if (found === undefined || !isDeviceFormat(found)) {
    throw new WarrenError(
      "request-malformed",
      found === "tr005"
        ? "QR codes have no keys; `warren import --keys <file>` joins them with a file that has"
        : "the body looks like no known format of devices; say which it is with ?format=",
    );
  }
  return { format: found, records: readDeviceText(text, found, options) };
}

/** A JWE on each line. The line of a record is that of its JWE; records are counted through. */
async function readSealed(
  text: string,
  keys: ImportKeys,
  options: ParseOptions,
): Promise<ParsedRecord[]> {
  const { privateKey } = await keys.load();
  const lines = new Lines();
  const records: ParsedRecord[] = [];
  const duplicates = new DuplicateFinder();
  for (const { text: jwe, line } of [...lines.push(text), ...lines.end()]) {
    for (const inner of await open(jwe, privateKey, options)) {
      const position = { line, record: records.length + 1 };
      records.push(duplicates.check({ ...inner, position }));
    }
  }
  return records;
}

async function open(
  jwe: string,
  privateKey: Parameters<typeof openText>[1],
  options: ParseOptions,
): Promise<ParsedRecord[]> {
  const position = { line: 1, record: 1 };
  try {
    const text = await openText(jwe, privateKey);
    const format = detectFormat(text);
    if (format !== undefined && isDeviceFormat(format))
      return readDeviceText(text, format, options);
    const message = "what is inside the JWE looks like no known format of devices";
    return [{ position, devEui: undefined, code: "text-malformed", message }];
  } catch (error) {
    if (!(error instanceof WarrenError)) throw error;
    return [{ position, devEui: undefined, code: error.code, message: error.message }];
  }
}

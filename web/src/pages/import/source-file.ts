/** Text of devices with their root keys. It is sent to the server and shown nowhere. */
export interface SourceFile {
  readonly name: string;
  readonly sizeBytes: number;
  readonly text: string;
}

/** What the page takes; a browser that holds much more becomes slow. */
export const MOST_BYTES = 8 * 1024 * 1024;

/** The formats the server reads, with whose they are; see docs/import-export.md. */
export const FORMATS = [
  { value: "tts-csv", label: "CSV of The Things Stack" },
  { value: "tts-json", label: "JSON of The Things Stack" },
  { value: "chirpstack", label: "JSON of ChirpStack" },
  { value: "chirpstack-csv", label: "CSV of ChirpStack's database" },
  { value: "warren", label: "JSON lines of Warren" },
  { value: "jwe", label: "sealed to this Join Server (JWE)" },
] as const;

export type FormatName = (typeof FORMATS)[number]["value"];

export function labelOfFormat(name: string): string {
  return FORMATS.find(({ value }) => value === name)?.label ?? name;
}

/** @throws RangeError for more than the page takes, DOMException for what cannot be read */
export async function readSource(file: File): Promise<SourceFile> {
  if (file.size > MOST_BYTES) throw new RangeError(TOO_LARGE);
  return { name: file.name, sizeBytes: file.size, text: await file.text() };
}

/** @throws RangeError for more than the page takes */
export function sourceOfText(text: string): SourceFile {
  const sizeBytes = new Blob([text]).size;
  if (sizeBytes > MOST_BYTES) throw new RangeError(TOO_LARGE);
  return { name: "pasted text", sizeBytes, text };
}

const TOO_LARGE =
  "The console takes files of up to 8 MiB, some 50,000 devices. Import a larger one on the command line: warren import <file> --dry-run, then without --dry-run.";

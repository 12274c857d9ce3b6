import { deviceOfChirpStack } from "./chirpstack/chirpstack-record.ts";
import type { RecordFormat } from "./parser/record-parser.ts";
import type { RootKeyConvention } from "./root-key-convention.ts";
import { deviceOfTtsRow } from "./tts/tts-csv.ts";
import { deviceOfTtsDevice } from "./tts/tts-json.ts";
import { deviceOfWarrenRecord } from "./warren/warren-record.ts";

/** Formats of devices with their root keys in the clear, or wrapped one by one. */
export const DEVICE_FORMATS = [
  "tts-csv",
  "tts-json",
  "chirpstack",
  "chirpstack-csv",
  "warren",
] as const;
export type DeviceFormat = (typeof DEVICE_FORMATS)[number];

interface FormatInfo {
  readonly title: string;
  readonly convention: RootKeyConvention;
  readonly shape: "csv" | "json";
  readonly format: RecordFormat;
}

export const FORMATS: Readonly<Record<DeviceFormat, FormatInfo>> = {
  "tts-csv": {
    title: "CSV of The Things Stack",
    convention: "app-key",
    shape: "csv",
    format: deviceOfTtsRow,
  },
  "tts-json": {
    title: "JSON of The Things Stack",
    convention: "app-key",
    shape: "json",
    format: deviceOfTtsDevice,
  },
  chirpstack: {
    title: "JSON of ChirpStack",
    convention: "nwk-key",
    shape: "json",
    format: deviceOfChirpStack,
  },
  "chirpstack-csv": {
    title: "CSV of ChirpStack's database",
    convention: "nwk-key",
    shape: "csv",
    format: deviceOfChirpStack,
  },
  warren: {
    title: "JSON lines of Warren",
    convention: "warren",
    shape: "json",
    format: deviceOfWarrenRecord,
  },
};

export function isDeviceFormat(name: string): name is DeviceFormat {
  return (DEVICE_FORMATS as readonly string[]).includes(name);
}

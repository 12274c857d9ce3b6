import {
  CHIRPSTACK_CSV_HEADING,
  formatChirpStackDevice,
  formatChirpStackRow,
} from "./chirpstack/format-chirpstack.ts";
import type { DeviceRecord } from "./device-record.ts";
import type { DeviceFormat } from "./formats.ts";
import type { KeyWriting } from "./key-writing.ts";
import { formatTtsDevice, formatTtsRow, TTS_CSV_HEADING } from "./tts/format-tts.ts";
import { formatWarrenRecord } from "./warren/format-warren.ts";

interface Writer {
  /** What stands before the first device. */
  readonly heading: string;
  /** Whether there is a place for a key wrapped under a KEK. */
  readonly takesWrappedKeys: boolean;
  readonly format: (device: DeviceRecord, keys: KeyWriting, hasUpdateUnderWay?: boolean) => string;
}

const WRITERS: Readonly<Record<DeviceFormat, Writer>> = {
  "tts-csv": { heading: TTS_CSV_HEADING, takesWrappedKeys: false, format: formatTtsRow },
  "tts-json": { heading: "", takesWrappedKeys: true, format: formatTtsDevice },
  chirpstack: { heading: "", takesWrappedKeys: false, format: formatChirpStackDevice },
  "chirpstack-csv": {
    heading: CHIRPSTACK_CSV_HEADING,
    takesWrappedKeys: false,
    format: formatChirpStackRow,
  },
  warren: { heading: "", takesWrappedKeys: true, format: formatWarrenRecord },
};

export function headingOf(format: DeviceFormat): string {
  return WRITERS[format].heading;
}

export function takesWrappedKeys(format: DeviceFormat): boolean {
  return WRITERS[format].takesWrappedKeys;
}

/** One device as a line or row of its own. */
export function formatDevice(
  format: DeviceFormat,
  device: DeviceRecord,
  keys: KeyWriting,
  hasUpdateUnderWay = false,
): string {
  return WRITERS[format].format(device, keys, hasUpdateUnderWay);
}

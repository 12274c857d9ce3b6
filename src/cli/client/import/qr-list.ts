import type { DeviceRecord, ParsedRecord } from "../../../device-files/device-record.ts";
import { isRecordError } from "../../../device-files/device-record.ts";
import {
  type DeviceIdentification,
  parseQrCode,
  tagsOfQrCode,
} from "../../../device-files/tr005/qr-code.ts";
import { WarrenError } from "../../../errors.ts";
import type { Eui64 } from "../../../lorawan/identifiers.ts";
import type { Problems } from "./problems.ts";
import { readLines } from "./read-records.ts";

interface ScannedDevice {
  readonly identification: DeviceIdentification;
  readonly line: number;
}

/** Scanned QR codes of devices, by DevEUI, to be joined with a file that has their keys. */
export class QrList {
  readonly #scanned = new Map<Eui64, ScannedDevice>();
  readonly #seen = new Set<Eui64>();

  /** Reads the QR texts of a file, one a line. What is none is a problem. */
  static async read(file: string, problems: Problems): Promise<QrList> {
    const list = new QrList();
    for await (const pieces of readLines(file)) {
      for (const { text, line } of pieces) list.#add(text, line, problems);
    }
    return list;
  }

  get size(): number {
    return this.#scanned.size;
  }

  /** The devices of the key file that were scanned, with what their QR code says. */
  async *join(keyFile: AsyncIterable<ParsedRecord[]>): AsyncGenerator<ParsedRecord[]> {
    for await (const records of keyFile) {
      yield records.flatMap((record): ParsedRecord[] => {
        if (isRecordError(record)) return [record];
        const scanned = this.#scanned.get(record.device.devEui);
        if (scanned === undefined) return [];
        this.#seen.add(record.device.devEui);
        return [{ ...record, device: withIdentification(record.device, scanned.identification) }];
      });
    }
  }

  /** Tells of the scanned devices that the key file does not have. To be called after `join`. */
  addMissing(problems: Problems): void {
    for (const [devEui, { line }] of this.#scanned) {
      if (this.#seen.has(devEui)) continue;
      problems.add({
        position: { line, record: line },
        devEui,
        kind: "error",
        code: "root-key-missing",
        message: "the file of --keys has no such device, and a QR code has no key",
      });
    }
  }

  #add(text: string, line: number, problems: Problems): void {
    const position = { line, record: line };
    try {
      const identification = parseQrCode(text);
      this.#scanned.set(identification.devEui, { identification, line });
    } catch (error) {
      if (!(error instanceof WarrenError)) throw error;
      const { code, message } = error;
      problems.add({ position, devEui: undefined, kind: "error", code, message });
    }
  }
}

/** The QR code is what is on the device, so its JoinEUI wins. */
function withIdentification(device: DeviceRecord, code: DeviceIdentification): DeviceRecord {
  return {
    ...device,
    joinEui: code.joinEui,
    name: device.name === "" ? (code.serialNumber ?? "") : device.name,
    tags: { ...device.tags, ...tagsOfQrCode(code) },
  };
}

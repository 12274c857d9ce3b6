import { WarrenError } from "../../errors.ts";

/**
 * DLSettings: what the end-device needs to know to receive.
 *
 * | OptNeg | RX1DRoffset | RX2DataRate |
 * |   7    |    6..4     |    3..0     |  bits of one octet
 *
 * @see LoRaWAN 1.1 §6.2.3
 */
export interface DlSettings {
  /** Set by a 1.1 network: keys and MIC follow the 1.1 rules. RFU, hence ignored, on a 1.0.x device. */
  readonly optNeg: boolean;
  /** 0..7, steps between the uplink data rate and that of RX1; the meaning is regional. */
  readonly rx1DrOffset: number;
  /** 0..15, index of the data rate of RX2. */
  readonly rx2DataRate: number;
}

const OPT_NEG_BIT = 0x80;

/** @throws WarrenError `value-out-of-range` */
export function encodeDlSettings(dlSettings: DlSettings): number {
  requireIndex("RX1DRoffset", dlSettings.rx1DrOffset, 7);
  requireIndex("RX2DataRate", dlSettings.rx2DataRate, 15);
  const optNeg = dlSettings.optNeg ? OPT_NEG_BIT : 0;
  return optNeg | (dlSettings.rx1DrOffset << 4) | dlSettings.rx2DataRate;
}

/** Every octet is a valid DLSettings. */
export function decodeDlSettings(octet: number): DlSettings {
  return {
    optNeg: (octet & OPT_NEG_BIT) !== 0,
    rx1DrOffset: (octet >> 4) & 0b111,
    rx2DataRate: octet & 0b1111,
  };
}

function requireIndex(field: string, value: number, highest: number): void {
  if (!Number.isInteger(value) || value < 0 || value > highest) {
    throw new WarrenError("value-out-of-range", `${field} must be in 0..${highest}, not ${value}`);
  }
}

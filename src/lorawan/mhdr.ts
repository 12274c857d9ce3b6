import { WarrenError } from "../errors.ts";

/** The eight message types, by their three bits. @see LoRaWAN 1.1 §4.2.1 */
export const MType = {
  JoinRequest: 0b000,
  JoinAccept: 0b001,
  UnconfirmedDataUp: 0b010,
  UnconfirmedDataDown: 0b011,
  ConfirmedDataUp: 0b100,
  ConfirmedDataDown: 0b101,
  RejoinRequest: 0b110,
  Proprietary: 0b111,
} as const;
export type MType = (typeof MType)[keyof typeof MType];

const MAJOR_MASK = 0b11;

/** The MHDR octet of a frame of major version LoRaWAN R1, RFU bits zero. */
export function encodeMhdr(mType: MType): number {
  return mType << 5;
}

/**
 * The message type in the first octet of every PHYPayload.
 *
 * | MType | RFU | Major |
 * | 7..5  | 4..2| 1..0  |  bits
 *
 * RFU bits are ignored, as a receiver must (LoRaWAN 1.1 §1.2); the MIC still covers them, because every
 * MIC is taken over the bytes received. Proprietary frames have their own format and no Major to check.
 *
 * @throws WarrenError `frame-malformed` when Major is not 0: such a frame must be dropped (§4.2.2)
 * @see LoRaWAN 1.1 §4.2
 */
export function decodeMhdr(octet: number): MType {
  const mType = (octet >> 5) as MType;
  if (mType !== MType.Proprietary && (octet & MAJOR_MASK) !== 0) {
    throw new WarrenError("frame-malformed", `MHDR has the unknown Major ${octet & MAJOR_MASK}`);
  }
  return mType;
}

/**
 * Checks that the first octet announces the message type a decoder is for.
 *
 * @throws WarrenError `frame-malformed`
 */
export function expectMType(octet: number, expected: MType): void {
  const mType = decodeMhdr(octet);
  if (mType !== expected) {
    throw new WarrenError("frame-malformed", `MType is ${mType}, expected ${expected}`);
  }
}

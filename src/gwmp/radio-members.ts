import { WarrenError } from "../errors.ts";
import { integerIn, type JsonMembers } from "./json-members.ts";

/** Largest payload of a LoRa frame in bytes: its length is one byte on air. */
const maxPhyPayloadLengthBytes = 255;
const hertzPerMegahertz = 1_000_000;

/** `tmst`: the gateway's free-running counter of microseconds, 32 bits. */
export const tmstRange = integerIn(0, 2 ** 32 - 1);
/** `tmms`: milliseconds since the GPS epoch. */
export const tmmsRange = integerIn(0, Number.MAX_SAFE_INTEGER);
/** `chan` and `rfch`, bytes in every gateway. */
export const chainRange = integerIn(0, 255);

/** `freq`: MHz on the wire with Hz precision; rounding removes the error of the binary fraction. */
export function readFrequencyHz(members: JsonMembers): number {
  const frequencyHz = Math.round(members.number("freq") * hertzPerMegahertz);
  if (frequencyHz <= 0 || frequencyHz >= 2 ** 32) {
    throw members.failure("freq", "is no radio frequency in MHz");
  }
  return frequencyHz;
}

/**
 * The nearest number to the decimal fraction, so that JSON shows 868.1 and not 868.1000000000001.
 *
 * @throws WarrenError `value-out-of-range` unless a whole number of Hz
 */
export function toMegahertz(frequencyHz: number): number {
  if (!Number.isInteger(frequencyHz)) {
    throw new WarrenError("value-out-of-range", `frequencyHz must be an integer: ${frequencyHz}`);
  }
  return frequencyHz / hertzPerMegahertz;
}

/** `datr` of LoRa, such as "SF7BW125". */
export function readLoraDataRate(members: JsonMembers): string {
  const datr = members.string("datr");
  if (!/^SF([5-9]|1[0-2])BW[1-9][0-9]{1,3}$/.test(datr)) {
    throw members.failure("datr", "is no LoRa data rate such as SF7BW125");
  }
  return datr;
}

/** `datr` of FSK, in bits per second. */
export function readFskDataRate(members: JsonMembers): number {
  return members.number("datr", integerIn(1, 1_000_000));
}

/**
 * `data` and `size`: base64 with or without padding, in the standard or the URL alphabet. (The
 * protocol's own first example mixes both.) A `size` that differs from the data is an error, since the
 * frame was cut or mangled.
 */
export function readPhyPayload(members: JsonMembers): Uint8Array {
  const text = members.string("data");
  const [, digits = ""] = /^([A-Za-z0-9+/_-]*)={0,2}$/.exec(text) ?? [];
  const phyPayload = new Uint8Array(Buffer.from(digits, "base64"));
  if (digits.length === 0 || digits.length % 4 === 1) {
    throw members.failure("data", "is no base64 text");
  }
  if (phyPayload.length > maxPhyPayloadLengthBytes) {
    throw members.failure("data", `has more than ${maxPhyPayloadLengthBytes} bytes`);
  }
  const size = members.optionalNumber("size");
  if (size !== undefined && size !== phyPayload.length) {
    throw members.failure("size", `is ${size}, but data has ${phyPayload.length} bytes`);
  }
  return phyPayload;
}

/** The members `size` and `data`, with padding. */
export function phyPayloadMembers(phyPayload: Uint8Array): { size: number; data: string } {
  return { size: phyPayload.length, data: Buffer.from(phyPayload).toString("base64") };
}

import { WarrenError } from "../../errors.ts";

const HALF = 0x10000;
const COUNTER_MAX = 0xffffffff;

/**
 * The full counter of a frame from the lower half it carries: the smallest value above `last32` that ends
 * in `fCnt16`. The MIC then proves the guess. A repeated transmission has the counter `last32` itself: the
 * caller compares `last32 % 65536` with `fCnt16` before asking.
 *
 * No MAX_FCNT_GAP: it limits the step in LoRaWAN 1.0.2 (§4.3.1.5), but LoRaWAN 1.1 §4.3.1.5 asks only for
 * an incremented value and a matching MIC.
 *
 * @param last32 the counter of the last valid frame, `undefined` when there was none
 * @param fCnt16 FCnt of the received frame
 * @throws WarrenError `value-out-of-range`, also when the 32-bit counter is used up: it must not wrap
 * within a session
 */
export function reconstruct32BitCounter(last32: number | undefined, fCnt16: number): number {
  requireCounter("FCnt", fCnt16, HALF - 1);
  if (last32 === undefined) {
    return fCnt16;
  }
  requireCounter("last counter", last32, COUNTER_MAX);
  const sameUpperHalf = last32 - (last32 % HALF) + fCnt16;
  const counter = sameUpperHalf > last32 ? sameUpperHalf : sameUpperHalf + HALF;
  requireCounter("frame counter", counter, COUNTER_MAX);
  return counter;
}

/**
 * Writes a 32-bit counter at its place in the blocks of the MIC and of the payload cipher, octets 10 to
 * 13, little-endian (LoRaWAN 1.1 §4.3.3, §4.4).
 *
 * @throws WarrenError `value-out-of-range`
 */
export function putCounter(block: Uint8Array, fCnt32: number, blockAt = 0): void {
  requireCounter("FCnt", fCnt32, COUNTER_MAX);
  for (let index = 0; index < 4; index++) block[blockAt + 10 + index] = fCnt32 >>> (8 * index);
}

function requireCounter(name: string, value: number, highest: number): void {
  if (!Number.isInteger(value) || value < 0 || value > highest) {
    throw new WarrenError("value-out-of-range", `${name} must be in 0..${highest}, not ${value}`);
  }
}

import { WarrenError } from "../errors.ts";
import { type CmacInput, LANE_COUNT } from "./aes-core/aes-engine.ts";
import { aesEngine } from "./aes-core/select-engine.ts";
import type { Aes128Key } from "./aes128.ts";

export type { CmacInput } from "./aes-core/aes-engine.ts";

/**
 * AES-CMAC of a message of any length, given in pieces: 16 bytes (RFC 4493 §2.4). A MIC is its first
 * four.
 */
export function aesCmac(key: Aes128Key, ...parts: readonly Uint8Array[]): Uint8Array {
  return aesEngine().cmac({ key, parts });
}

/**
 * The CMACs of up to eight messages of one length, each under its key, in about the time of one.
 *
 * @throws WarrenError `value-out-of-range` for another number, or messages of different lengths
 */
export function aesCmacEach(inputs: readonly CmacInput[]): Uint8Array[] {
  const length = lengthOf(inputs[0]);
  const isEven = inputs.every((input) => lengthOf(input) === length);
  if (inputs.length < 1 || inputs.length > LANE_COUNT || !isEven) {
    throw new WarrenError(
      "value-out-of-range",
      `1 to ${LANE_COUNT} messages of one length are authenticated at once`,
    );
  }
  return aesEngine().cmacEach(inputs);
}

function lengthOf(input: CmacInput | undefined): number {
  return input?.parts.reduce((sum, part) => sum + part.length, 0) ?? 0;
}

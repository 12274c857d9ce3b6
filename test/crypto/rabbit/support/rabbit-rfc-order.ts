import { Rabbit } from "../../../../src/crypto/rabbit/rabbit.ts";
import { WarrenError } from "../../../../src/errors.ts";

export interface RabbitRfcOrderInput {
  /** 16 bytes, most significant first. */
  readonly key: Uint8Array;
  /** 8 bytes, most significant first, or none. */
  readonly iv?: Uint8Array;
  /** n × 16: whole blocks, since each is turned around. */
  readonly lengthBytes: number;
}

/**
 * The keystream in the octet order RFC 4503 appendix A prints: most significant octet first. Turns
 * the key, the IV and each 16-octet block around, not the keystream as a whole. To compare with the
 * RFC; everything else here uses `Rabbit`.
 *
 * @throws WarrenError as `Rabbit`, and `value-out-of-range` unless the length is whole blocks
 */
export function rabbitKeystreamRfcOrder({ key, iv, lengthBytes }: RabbitRfcOrderInput): Uint8Array {
  if (lengthBytes % 16 !== 0) {
    throw new WarrenError("value-out-of-range", `whole blocks of 16 bytes, not ${lengthBytes}`);
  }
  const rabbit = new Rabbit(key.toReversed(), iv?.toReversed());
  const keystream = rabbit.keystream(lengthBytes);
  for (let offset = 0; offset < lengthBytes; offset += 16) {
    keystream.subarray(offset, offset + 16).reverse();
  }
  return keystream;
}

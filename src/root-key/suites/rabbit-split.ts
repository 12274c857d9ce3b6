import { xorBytes } from "../../crypto/bytes/xor.ts";
import { rabbitBlock } from "../../crypto/rabbit/rabbit.ts";
import type { DerivedKeyBytes, KeyDerivationInput } from "./key-derivation.ts";
import { rabbitChain } from "./rabbit-chain.ts";

/**
 * Suite 0: the paper as printed (section 3.1, Table 2) with v = w = 64 bit. Each block of the expander
 * is half key derivation key, half old AppKey:
 * NwkKey' = R(kkdk[0..7] ‖ kb[0..7]), AppKey' = R(NwkKey' XOR (kkdk[8..15] ‖ kb[8..15])).
 */
export function deriveRabbitSplit(input: KeyDerivationInput): DerivedKeyBytes {
  const kdk = rabbitChain(input.nwkKey, input.context, input.sharedSecret);
  const nwkKey = rabbitBlock(joinHalves(kdk, input.appKey, 0));
  const appKey = rabbitBlock(xorBytes(nwkKey, joinHalves(kdk, input.appKey, 8)));
  return { kdk, nwkKey, appKey };
}

/** Eight octets of `kdk` from `offset`, then eight of `kb` from the same place. */
function joinHalves(kdk: Uint8Array, kb: Uint8Array, offset: number): Uint8Array {
  const block = new Uint8Array(16);
  block.set(kdk.subarray(offset, offset + 8));
  block.set(kb.subarray(offset, offset + 8), 8);
  return block;
}

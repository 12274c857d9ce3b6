import { xorBytes } from "../../crypto/bytes/xor.ts";
import { Rabbit, rabbitBlock } from "../../crypto/rabbit/rabbit.ts";
import type { DerivedKeyBytes, KeyDerivationInput } from "./key-derivation.ts";
import { rabbitChain } from "./rabbit-chain.ts";

/**
 * Suite 1, the default: the paper's extractor and an expander on whole blocks. Rabbit is keyed once
 * with R(kkdk) XOR kb; its first two keystream blocks are NwkKey' and AppKey'. As cheap as the paper's
 * two loops, and either old root key alone leaves 128 bits unknown.
 */
export function deriveRabbit(input: KeyDerivationInput): DerivedKeyBytes {
  const kdk = rabbitChain(input.nwkKey, input.context, input.sharedSecret);
  const keystream = new Rabbit(xorBytes(rabbitBlock(kdk), input.appKey)).keystream(32);
  return { kdk, nwkKey: keystream.slice(0, 16), appKey: keystream.slice(16) };
}

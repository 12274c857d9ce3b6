import { rabbitBlock } from "../../crypto/rabbit/rabbit.ts";

const BLOCK_BYTES = 16;
const NOTHING = new Uint8Array(0);

/**
 * The paper's extractor (section 3.1.1): keying material ka ‖ c in blocks of 16 octets B0..BL, a short
 * last block padded with zeros; F0 = 0^16, F(i+1) = R(Bi XOR Fi), and the key derivation key is F(L+1).
 *
 * The padding is not injective: a context and the same context with zeros behind it give one key. The
 * context of an update has a fixed length of whole blocks, so nothing is padded there. The shared secret of
 * a healing update comes behind it, in two blocks more; the context has a flag that says so.
 *
 * @param ka 16 octets
 */
export function rabbitChain(
  ka: Uint8Array,
  context: Uint8Array,
  sharedSecret: Uint8Array = NOTHING,
): Uint8Array {
  const blockCount = 1 + Math.ceil((context.length + sharedSecret.length) / BLOCK_BYTES);
  const keyingMaterial = new Uint8Array(blockCount * BLOCK_BYTES);
  keyingMaterial.set(ka);
  keyingMaterial.set(context, BLOCK_BYTES);
  keyingMaterial.set(sharedSecret, BLOCK_BYTES + context.length);

  // One block for all loops: allocating is a good part of the time of so short a computation.
  const block = new Uint8Array(BLOCK_BYTES);
  for (let offset = 0; offset < keyingMaterial.length; offset += BLOCK_BYTES) {
    for (let index = 0; index < BLOCK_BYTES; index++) {
      block[index] = (block[index] as number) ^ (keyingMaterial[offset + index] as number);
    }
    block.set(rabbitBlock(block));
  }
  keyingMaterial.fill(0);
  return block;
}

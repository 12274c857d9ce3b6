import { rabbitBlock } from "../../crypto/rabbit.ts";
import { xorBytes } from "../../crypto/xor.ts";

const BLOCK_BYTES = 16;

/**
 * The paper's extractor (section 3.1.1): keying material ka ‖ c in blocks of 16 octets B0..BL, a short
 * last block padded with zeros; F0 = 0^16, F(i+1) = R(Bi XOR Fi), and the key derivation key is F(L+1).
 *
 * The padding is not injective: a context and the same context with zeros behind it give one key. The
 * context of an update has a fixed length of whole blocks, so nothing is padded there.
 *
 * @param ka 16 octets
 */
export function rabbitChain(ka: Uint8Array, context: Uint8Array): Uint8Array {
  const blockCount = 1 + Math.ceil(context.length / BLOCK_BYTES);
  const keyingMaterial = new Uint8Array(blockCount * BLOCK_BYTES);
  keyingMaterial.set(ka);
  keyingMaterial.set(context, BLOCK_BYTES);

  let feedback: Uint8Array = new Uint8Array(BLOCK_BYTES);
  for (let offset = 0; offset < keyingMaterial.length; offset += BLOCK_BYTES) {
    const block = keyingMaterial.subarray(offset, offset + BLOCK_BYTES);
    feedback = rabbitBlock(xorBytes(block, feedback));
  }
  keyingMaterial.fill(0);
  return feedback;
}

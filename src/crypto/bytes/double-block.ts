const BLOCK_BYTES = 16;
/** The constant of the doubling in GF(2^128) (SP 800-38B §5.3). */
const RB = 0x87;

/**
 * Multiplies a block by x in GF(2^128): how CMAC makes its subkeys (RFC 4493 §2.3, SP 800-38B §6.1). No
 * branch depends on the bit that falls out.
 *
 * @param block 16 bytes, most significant first
 */
export function doubleBlock(block: Uint8Array): Uint8Array {
  const doubled = new Uint8Array(BLOCK_BYTES);
  let carry = 0;
  for (let index = BLOCK_BYTES - 1; index >= 0; index--) {
    const shifted = ((block[index] as number) << 1) | carry;
    doubled[index] = shifted;
    carry = shifted >>> 8;
  }
  doubled[BLOCK_BYTES - 1] = (doubled[BLOCK_BYTES - 1] as number) ^ (RB & -carry);
  return doubled;
}

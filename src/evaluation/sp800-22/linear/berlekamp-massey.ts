const WORD_BITS = 32;

/**
 * The length of the shortest linear feedback shift register that makes the sequence: its linear complexity.
 *
 * The algorithm of Berlekamp and Massey (SP 800-22 section 2.10.4 (2)), in a form that keeps the products
 * of the connection polynomials C and B with the sequence instead of C and B themselves. Coefficient n of
 * C's product is the discrepancy at bit n, so none has to be computed from the bits, and C += x^k B is an
 * addition of the products too. Coefficients below n are of no more use and may be wrong.
 *
 * @param bits zeros and ones, one an octet
 */
export function linearComplexityOf(bits: Uint8Array): number {
  const discrepancies = packWords(bits);
  let earlier = discrepancies.slice();
  let spare = discrepancies.slice();
  let complexity = 0;
  /** Where the register last became longer: the leading discrepancy of `earlier`. */
  let lengthened = -1;
  for (let n = 0; n < bits.length; n++) {
    if ((((discrepancies[(n >>> 5) + 1] ?? 0) >>> (n & 31)) & 1) === 0) continue;
    const shift = n - lengthened;
    if (2 * complexity > n) {
      addShifted(discrepancies, earlier, shift, n);
      continue;
    }
    spare.set(discrepancies);
    addShifted(discrepancies, earlier, shift, n);
    [earlier, spare] = [spare, earlier];
    complexity = n + 1 - complexity;
    lengthened = n;
  }
  return complexity;
}

/** Bit i is bit i mod 32 of word i / 32 + 1; word 0 stays zero, for what a shift brings in. */
function packWords(bits: Uint8Array): Int32Array {
  const words = new Int32Array(Math.ceil(bits.length / WORD_BITS) + 1);
  for (let i = 0; i < bits.length; i++) {
    const word = (i >>> 5) + 1;
    words[word] = (words[word] ?? 0) | ((bits[i] ?? 0) << (i & 31));
  }
  return words;
}

/** target += x^shift source, for the coefficients from `from` on (and a few before). */
function addShifted(target: Int32Array, source: Int32Array, shift: number, from: number): void {
  const words = shift >>> 5;
  const left = shift & 31;
  // A shift by 32 would be none, so what comes from the word before moves in two steps.
  const right = 31 - left;
  for (let i = Math.max(from >>> 5, words) + 1; i < target.length; i++) {
    const low = source[i - words - 1] ?? 0;
    const high = source[i - words] ?? 0;
    target[i] = (target[i] ?? 0) ^ ((high << left) | ((low >>> 1) >>> right));
  }
}

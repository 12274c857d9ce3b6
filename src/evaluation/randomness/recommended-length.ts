/**
 * The shortest sequences, in bits, that SP 800-22 recommends each test for with the parameters it is run
 * with (section 2.x.7 of the test 2.x). Those of Serial and Approximate Entropy follow from their m:
 * m < ⌊log2 n⌋ - 2 and m < ⌊log2 n⌋ - 5.
 */
const RECOMMENDED_BITS: Readonly<Record<string, number>> = {
  frequency: 100,
  blockFrequency: 100,
  cumulativeSums: 100,
  runs: 100,
  longestRunOfOnes: 128,
  // 38 M Q
  binaryMatrixRank: 38_912,
  discreteFourierTransform: 1000,
  // The standard names no length: ten matches expected in each of eight blocks, (n / 8 - 8) / 2^9.
  nonOverlappingTemplate: 41_024,
  overlappingTemplate: 1_000_000,
  universal: 387_840,
  approximateEntropy: 2 ** 16,
  randomExcursions: 1_000_000,
  randomExcursionsVariant: 1_000_000,
  serial: 2 ** 19,
  linearComplexity: 1_000_000,
};

/** Whether the standard recommends the test for sequences of this length. */
export function isLongEnough(test: string, lengthBits: number): boolean {
  return lengthBits >= (RECOMMENDED_BITS[test] ?? Number.POSITIVE_INFINITY);
}

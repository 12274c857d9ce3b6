import type { BitSequence } from "../bit-sequence.ts";
import { requireWithin } from "../limits.ts";

/** 2^24 counts are 64 MB; no sequence is long enough for longer patterns. */
const LONGEST_PATTERN = 24;

/**
 * How often every pattern of m bits stands in the sequence, which goes on with its first bits after its
 * last: n places in all, sections 2.11 and 2.12.
 *
 * @param patternLength m
 * @returns 2^m counts; a pattern is read as a number, its first bit the most significant
 * @throws WarrenError `value-out-of-range` if m is below 1, above 24 or above n
 */
export function countPatterns({ bits }: BitSequence, patternLength: number): Int32Array {
  requireWithin("pattern length m", patternLength, {
    from: 1,
    to: Math.min(bits.length, LONGEST_PATTERN),
  });
  const counts = new Int32Array(2 ** patternLength);
  const mask = counts.length - 1;
  let pattern = 0;
  for (let i = 0; i < patternLength - 1; i++) pattern = (pattern << 1) | (bits[i] ?? 0);
  for (let i = patternLength - 1; i < bits.length; i++) {
    pattern = ((pattern << 1) | (bits[i] ?? 0)) & mask;
    counts[pattern] = (counts[pattern] ?? 0) + 1;
  }
  for (let i = 0; i < patternLength - 1; i++) {
    pattern = ((pattern << 1) | (bits[i] ?? 0)) & mask;
    counts[pattern] = (counts[pattern] ?? 0) + 1;
  }
  return counts;
}

/**
 * The counts of the patterns that are one bit shorter: the sequence has no end, so each of them stands
 * wherever it stands with a zero or with a one behind it.
 */
export function countsOfShorterPatterns(counts: Int32Array): Int32Array {
  return Int32Array.from(
    { length: counts.length / 2 },
    (_, pattern) => (counts[2 * pattern] ?? 0) + (counts[2 * pattern + 1] ?? 0),
  );
}

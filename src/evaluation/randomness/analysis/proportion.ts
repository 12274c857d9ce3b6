/** The level of significance: a sequence passes a test if its P-value is not below it (SP 800-22, section 4.2). */
export const ALPHA = 0.01;

/** A part of all sequences, 0 to 1; it may reach beyond on either side. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/**
 * The range of acceptable proportions of passing sequences: p̂ ± 3 √(p̂ (1 - p̂) / m) with p̂ = 1 - alpha
 * (SP 800-22, section 4.2.1).
 *
 * @param sequences m: those that the test applied to, 1 or more
 */
export function acceptableProportions(sequences: number): Interval {
  const expected = 1 - ALPHA;
  const reach = 3 * Math.sqrt((expected * ALPHA) / sequences);
  return { lower: expected - reach, upper: expected + reach };
}

/** Whether `passed` of so many sequences are a proportion outside the range of the standard. */
export function isOutside(passed: number, sequences: number): boolean {
  const { lower, upper } = acceptableProportions(sequences);
  return passed < lower * sequences || passed > upper * sequences;
}

/**
 * Whether STS 2.1.2 marks such a proportion with a star. It compares with whole numbers of sequences, the bounds
 * cut off at the decimal point: 96 of 100 are below the 96.015 of the standard, but have no star.
 */
export function isStarred(passed: number, sequences: number): boolean {
  const { lower, upper } = acceptableProportions(sequences);
  return passed < Math.trunc(lower * sequences) || passed > Math.trunc(upper * sequences);
}

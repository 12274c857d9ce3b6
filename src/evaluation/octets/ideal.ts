/** What octets are when all 256 values are equally likely and each octet is independent of all others. */
const VALUES = 256;

export const IDEAL_MEAN = (VALUES - 1) / 2;
const VARIANCE = (VALUES ** 2 - 1) / 12;
/** 73.90. */
export const IDEAL_STANDARD_DEVIATION = Math.sqrt(VARIANCE);
/** Fourth central moment of the discrete uniform distribution. */
const FOURTH_MOMENT = ((VALUES ** 2 - 1) * (3 * VALUES ** 2 - 7)) / 240;
export const IDEAL_DENSITY = 1 / VALUES;
/** Of the density that is drawn: 16 values a bin, so that 1,000 keys fill a bin with 62 or so. */
export const DENSITY_BINS = 16;
export const CHI_SQUARE_DEGREES = VALUES - 1;

/** Of the mean of one octet over so many keys. */
export function standardErrorOfMean(keys: number): number {
  return IDEAL_STANDARD_DEVIATION / Math.sqrt(keys);
}

/** Of one bin of the density of one octet over so many keys. */
export function standardErrorOfDensity(keys: number): number {
  const share = 1 / DENSITY_BINS;
  return (Math.sqrt((share * (1 - share)) / keys) * DENSITY_BINS) / VALUES;
}

/** Of the standard deviation of one octet over so many keys, for more than a few of them. */
export function standardErrorOfDeviation(keys: number): number {
  return Math.sqrt((FOURTH_MOMENT - VARIANCE ** 2) / (4 * VARIANCE * keys));
}

import { KEY_BYTES } from "../key-streams/key-stream.ts";
import { upperIncompleteGamma } from "../sp800-22/special-functions.ts";
import { CHI_SQUARE_DEGREES, DENSITY_BINS } from "./ideal.ts";

const VALUES = 256;

/** A chi-square of 255 degrees of freedom. */
export interface ChiSquare {
  readonly chiSquare: number;
  /** The probability of as much or more: near 1, values are more even than chance makes them. */
  readonly pValue: number;
}

/** The 16 octets of many keys. */
export interface OctetStatistics {
  readonly keys: number;
  readonly distinctKeys: number;
  /** By position. */
  readonly octets: readonly OctetOfKeys[];
  /** All octets of all positions together. */
  readonly pooled: ChiSquare;
  readonly deviationsOfKeys: DeviationsOfKeys;
}

/** The octet at one position of every key. */
export interface OctetOfKeys extends ChiSquare {
  readonly mean: number;
  /** Divided by the number of keys, not by one less. */
  readonly standardDeviation: number;
  /** Share of the keys by bin of 16 values, divided by 16: a density over 0 to 255. */
  readonly density: readonly number[];
}

/** The standard deviation of each key over its 16 octets (divided by 16), over the keys. */
interface DeviationsOfKeys {
  readonly mean: number;
  readonly standardDeviation: number;
  /** How many keys have 0 to 1, 1 to 2, ... */
  readonly counts: readonly number[];
}

/** @param counts how often each value is at each position: 16 × 256 */
export function octetStatistics(
  counts: Uint32Array,
  totals: Pick<OctetStatistics, "keys" | "distinctKeys" | "deviationsOfKeys">,
): OctetStatistics {
  const positions = Array.from({ length: KEY_BYTES }, (_, position) =>
    counts.subarray(VALUES * position, VALUES * (position + 1)),
  );
  const pooled = Uint32Array.from({ length: VALUES }, (_, value) =>
    positions.reduce((sum, ofPosition) => sum + (ofPosition[value] as number), 0),
  );
  return { ...totals, octets: positions.map(octetOfKeys), pooled: chiSquareOf(pooled) };
}

function octetOfKeys(counts: Uint32Array): OctetOfKeys {
  const keys = counts.reduce((sum, count) => sum + count, 0);
  const mean = counts.reduce((sum, count, value) => sum + count * value, 0) / keys;
  const squares = counts.reduce((sum, count, value) => sum + count * (value - mean) ** 2, 0);
  const valuesPerBin = VALUES / DENSITY_BINS;
  const density = Array.from({ length: DENSITY_BINS }, (_, bin) => {
    const ofBin = counts.subarray(valuesPerBin * bin, valuesPerBin * (bin + 1));
    return ofBin.reduce((sum, count) => sum + count, 0) / keys / valuesPerBin;
  });
  return { mean, standardDeviation: Math.sqrt(squares / keys), density, ...chiSquareOf(counts) };
}

/** Against equal frequencies of all values. */
export function chiSquareOf(counts: Uint32Array): ChiSquare {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const expected = total / counts.length;
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  return { chiSquare, pValue: upperIncompleteGamma(CHI_SQUARE_DEGREES / 2, chiSquare / 2) };
}

import { type EqualFrequencies, equalFrequencies } from "../equal-frequencies.ts";
import { KEY_BYTES } from "../key-streams/key-stream.ts";
import { DENSITY_BINS } from "./ideal.ts";

const VALUES = 256;

/** The 16 octets of many keys. */
export interface OctetStatistics {
  readonly keys: number;
  readonly distinctKeys: number;
  /** By position. */
  readonly octets: readonly OctetOfKeys[];
  /** All octets of all positions together. */
  readonly pooled: EqualFrequencies;
  readonly deviationsOfKeys: DeviationsOfKeys;
}

/** The octet at one position of every key. */
export interface OctetOfKeys extends EqualFrequencies {
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
  return { ...totals, octets: positions.map(octetOfKeys), pooled: equalFrequencies(pooled) };
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
  return {
    mean,
    standardDeviation: Math.sqrt(squares / keys),
    density,
    ...equalFrequencies(counts),
  };
}

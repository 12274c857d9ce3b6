import { type EqualFrequencies, equalFrequencies } from "../../equal-frequencies.ts";

const VALUES = 256;

/**
 * Whether all 256 values of an octet are equally frequent: a chi-square with 255 degrees of freedom.
 *
 * @param octets rows of `stride` octets, one behind the other
 * @param position of the octet in the row
 */
export function octetChiSquare(
  octets: Uint8Array,
  position: number,
  stride: number,
): EqualFrequencies {
  const counts = new Uint32Array(VALUES);
  for (let index = position; index < octets.length; index += stride) {
    const value = octets[index] as number;
    counts[value] = (counts[value] as number) + 1;
  }
  return equalFrequencies(counts);
}

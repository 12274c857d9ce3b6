import { upperIncompleteGamma } from "../../sp800-22/special-functions.ts";

const VALUES = 256;

/** Whether all 256 values of an octet are equally frequent: a chi-square with 255 degrees of freedom. */
export interface OctetChiSquare {
  readonly chiSquare: number;
  readonly pValue: number;
}

/**
 * @param octets rows of `stride` octets, one behind the other
 * @param position of the octet in the row
 */
export function octetChiSquare(
  octets: Uint8Array,
  position: number,
  stride: number,
): OctetChiSquare {
  const counts = new Uint32Array(VALUES);
  for (let index = position; index < octets.length; index += stride) {
    const value = octets[index] as number;
    counts[value] = (counts[value] as number) + 1;
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  const expected = total / VALUES;
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  return { chiSquare, pValue: upperIncompleteGamma((VALUES - 1) / 2, chiSquare / 2) };
}

import { WarrenError } from "../../errors.ts";

export interface Limits {
  readonly from: number;
  /** Default: none. */
  readonly to?: number;
}

/**
 * That a length, a parameter or what follows from both (a number of blocks) can be worked with at all. What
 * the standard recommends is more than that, and stands with each test.
 *
 * @throws WarrenError `value-out-of-range` if it is not a whole number within the limits
 */
export function requireWithin(name: string, value: number, { from, to = Infinity }: Limits): void {
  if (Number.isInteger(value) && value >= from && value <= to) return;
  const range = to === Infinity ? `at least ${from}` : `${from} to ${to}`;
  throw new WarrenError("value-out-of-range", `${name} is ${value}; it must be ${range}`);
}

import { WarrenError } from "../../../errors.ts";
import { requireWithin } from "../limits.ts";

/** 2^16 counts a block are enough for every template that is of use. */
const LONGEST_TEMPLATE = 16;

/** A pattern of m bits to look for. */
export interface Template {
  /** m. */
  readonly length: number;
  /** Its bits as a number, the first bit the most significant. */
  readonly value: number;
}

/**
 * @param text of 0 and 1, `000000001`
 * @throws WarrenError `text-malformed` for any other character, `value-out-of-range` if it is empty or has
 *   more than 16 bits
 */
export function templateFromText(text: string): Template {
  if (!/^[01]*$/.test(text)) {
    throw new WarrenError("text-malformed", "a template is written in 0 and 1 only");
  }
  requireWithin("template length m", text.length, { from: 1, to: LONGEST_TEMPLATE });
  return { length: text.length, value: Number.parseInt(text, 2) };
}

export function templateText({ length, value }: Template): string {
  return value.toString(2).padStart(length, "0");
}

/** That no end of it is also its start: two occurrences of it cannot overlap. */
export function isAperiodic({ length, value }: Template): boolean {
  for (let shift = 1; shift < length; shift++) {
    const end = value & (2 ** (length - shift) - 1);
    if (end === value >>> shift) return false;
  }
  return true;
}

/**
 * All aperiodic templates of m bits, in ascending order: 148 for m = 9, as in the file of STS.
 *
 * @param length m
 * @throws WarrenError `value-out-of-range` if m is below 2 or above 16
 */
export function aperiodicTemplates(length: number): Template[] {
  requireWithin("template length m", length, { from: 2, to: LONGEST_TEMPLATE });
  const all = Array.from({ length: 2 ** length }, (_, value) => ({ length, value }));
  return all.filter(isAperiodic);
}

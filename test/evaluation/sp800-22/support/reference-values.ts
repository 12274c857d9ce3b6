import file from "../../../vectors/sp800-22.json" with { type: "json" };
import type { Numbers } from "./assert-close.ts";
import type { ExpansionName } from "./expansions.ts";

/** What is known about a test on the first 10^6 bits of each expansion. */
export interface MillionBitRow {
  readonly test: string;
  /** Those the test takes, and those that follow from them. */
  readonly parameters: Readonly<Record<string, number | string>>;
  readonly p: Readonly<Record<ExpansionName, number>>;
  /** Counts and statistics by the letter of the standard. */
  readonly statistics: Readonly<Record<string, Readonly<Record<ExpansionName, Numbers>>>>;
}

/** Class probabilities that are in use, and what p-values come from them. */
export interface Constants {
  readonly id: string;
  readonly probabilities: readonly number[];
  readonly p: Readonly<Record<ExpansionName, number>>;
}

/** The same for the random excursions of e, where they depend on the state. */
export interface ExcursionConstants {
  readonly id: string;
  readonly x: readonly number[];
  readonly eP: readonly number[];
}

export interface WorkedExample {
  readonly test: string;
  readonly section: string;
  /** The sequence, or `name:n` for the first n bits of an expansion. */
  readonly bits: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly result: Readonly<Record<string, Numbers>>;
}

export interface Erratum {
  readonly section: string;
  readonly printed: unknown;
  readonly correct: unknown;
}

export const MILLION_BIT_ROWS: readonly MillionBitRow[] = file.millionBits.map((row) => {
  const { test, parameters, p, constants: _, ...statistics } = row;
  return { test, parameters, p, statistics } as unknown as MillionBitRow;
});

const ALL_CONSTANTS: readonly object[] = file.constants;

export const CLASS_CONSTANTS = ALL_CONSTANTS.filter(
  (constants) => "probabilities" in constants,
) as unknown as readonly Constants[];

export const EXCURSION_CONSTANTS = ALL_CONSTANTS.filter(
  (constants) => "eP" in constants,
) as unknown as readonly ExcursionConstants[];

/** The entries that are neither: of the cumulative sums, whose remark is tested by itself. */
export const OTHER_CONSTANTS = file.constants
  .filter((constants) => !("probabilities" in constants) && !("eP" in constants))
  .map(({ id }) => id);

/** @throws if there are none of this id */
export function classProbabilities(id: string): readonly number[] {
  const found = CLASS_CONSTANTS.find((constants) => constants.id === id);
  if (found === undefined) throw new Error(`no constants ${id}`);
  return found.probabilities;
}

export const WORKED_EXAMPLES = file.workedExamples.examples as unknown as readonly WorkedExample[];

export const ERRATA: readonly Erratum[] = file.errata.items;

export const SEQUENCES: Readonly<
  Record<ExpansionName, { first32: string; last32: string; ones: number; sha256: string }>
> = file.data.sequences;

export const EXCURSIONS_OF_E = file.excursionsOfE;

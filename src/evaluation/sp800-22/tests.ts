import type { BitSequence } from "./bit-sequence.ts";
import { blockFrequency } from "./frequency/block-frequency.ts";
import { frequency } from "./frequency/frequency.ts";

/** One of the fifteen tests, as STS 2.1.2 (the program of NIST) runs it on 10^6 bits. */
export interface RandomnessTest {
  readonly id: string;
  /** As the standard calls it. */
  readonly name: string;
  /** Of SP 800-22 rev. 1a. */
  readonly section: string;
  /** By the letters of the standard. */
  readonly parameters: Readonly<Record<string, number>>;
  /**
   * What tells its p-values apart, one each and in their order: a direction, a template, a state. A single
   * empty text where there is only one p-value.
   */
  readonly variants: readonly string[];
  /**
   * One for each variant; null where the test does not apply to this sequence.
   *
   * @throws WarrenError `value-out-of-range` for a sequence that is too short
   */
  pValues(sequence: BitSequence): readonly (number | null)[];
}

const ONE_P_VALUE = [""];
/** STS does not ask for these; all others have a default in its menu. */
const BLOCK_FREQUENCY_M = 128;

/** The fifteen tests in the order of STS's final analysis report: 188 p-values. */
export const RANDOMNESS_TESTS: readonly RandomnessTest[] = [
  {
    id: "frequency",
    name: "Frequency (Monobit)",
    section: "2.1",
    parameters: {},
    variants: ONE_P_VALUE,
    pValues: (sequence) => [frequency(sequence).p],
  },
  {
    id: "blockFrequency",
    name: "Frequency within a Block",
    section: "2.2",
    parameters: { M: BLOCK_FREQUENCY_M },
    variants: ONE_P_VALUE,
    pValues: (sequence) => [blockFrequency(sequence, BLOCK_FREQUENCY_M).p],
  },
];

import type { KeyStreamKind } from "../key-streams/key-stream.ts";

/** What is kept of a run of the fifteen tests: enough for the analysis of SP 800-22, section 4.2. */
export interface RandomnessResult {
  readonly seed: string;
  /** n, of each sequence. */
  readonly lengthBits: number;
  /** Of each set. */
  readonly sequences: number;
  readonly sets: readonly SetResult[];
}

/** All sequences of one source of keys. */
export interface SetResult {
  /** Of its `KeyStreamSource`, as the next three. */
  readonly source: string;
  readonly label: string;
  readonly kind: KeyStreamKind;
  readonly description: string;
  /** One for each P-value of a sequence, in the order of STS. */
  readonly rows: readonly RowResult[];
}

/** One line of STS's final analysis report. */
export interface RowResult {
  /** Of the test in `RANDOMNESS_TESTS`. */
  readonly test: string;
  /** Which of its P-values; empty if it has only one. */
  readonly variant: string;
  /** m: the sequences that it applied to. */
  readonly applied: number;
  /** Those with a P-value not below 0.01. */
  readonly passed: number;
  /** P-values in each tenth of 0 to 1. */
  readonly bins: readonly number[];
}

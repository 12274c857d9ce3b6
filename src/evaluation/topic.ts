import type { Section } from "./report/section.ts";

/** How much is measured: all that the report is cited for, or little enough for a test. */
export type Scale = "full" | "short";

/** What is done at the moment; every topic tells it, so that long work shows that it goes on. */
export interface Progress {
  /** The next piece of work and how many steps it has. */
  begin(what: string, steps: number): void;
  /** So many steps of it are done since the last call. */
  advance(steps: number): void;
}

export interface EvaluationContext {
  readonly scale: Scale;
  /** Whatever is drawn at random comes from it: the same seed, the same numbers (times excepted). */
  readonly seed: string;
  /** Threads for what can be divided; results do not depend on it. */
  readonly workers: number;
  readonly progress: Progress;
  /** Ends long work; what it throws goes through. */
  readonly signal: AbortSignal;
}

/**
 * One question of the evaluation. Measuring and telling are apart: a result is plain JSON, so a report can
 * be drawn again from the data of an earlier run.
 */
export interface Topic<Result> {
  /** Of its files and anchors: `key-derivation-times`. */
  readonly id: string;
  readonly title: string;
  /** @throws whatever `context.signal` was ended with */
  measure(context: EvaluationContext): Promise<Result>;
  describe(result: Result): Section;
  /** What it used besides what every topic runs on, for the provenance: `{ Compiler: "gcc 12.2.0" }`. */
  tools?(result: Result): Readonly<Record<string, string>>;
}

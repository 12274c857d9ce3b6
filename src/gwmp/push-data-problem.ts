import { WarrenError } from "../errors.ts";

/** A part of a PUSH_DATA that could not be read. */
export interface PushDataProblem {
  /** "rxpk", "rxpk[0]", "stat". */
  readonly where: string;
  /** For people. */
  readonly message: string;
}

/** What `decode` returns, or undefined after adding its WarrenError to `problems`. */
export function orProblem<T>(
  problems: PushDataProblem[],
  where: string,
  decode: () => T,
): T | undefined {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof WarrenError)) {
      throw error;
    }
    problems.push({ where, message: error.message });
    return undefined;
  }
}

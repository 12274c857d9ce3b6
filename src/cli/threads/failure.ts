import { type ErrorCode, WarrenError } from "../../errors.ts";

/** An error on its way between threads, where it would lose its class. */
export interface Failure {
  readonly code: ErrorCode | undefined;
  readonly message: string;
}

export function failureOf(error: unknown): Failure {
  if (error instanceof WarrenError) return { code: error.code, message: error.message };
  return { code: undefined, message: error instanceof Error ? (error.stack ?? "") : String(error) };
}

export function errorOf({ code, message }: Failure): Error {
  return code === undefined ? new Error(message) : new WarrenError(code, message);
}

import { type ErrorCode, WarrenError } from "../../src/errors.ts";

/** For `assert.throws`: passes for a `WarrenError` with one of these codes only. */
export function warrenError(...codes: readonly ErrorCode[]): (error: unknown) => boolean {
  return (error) => error instanceof WarrenError && codes.includes(error.code);
}

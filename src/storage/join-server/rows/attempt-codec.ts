import type { UpdateAttempt } from "../../../join-server/root-key-updates/update-attempt.ts";

/** An attempt as JSON, which leaves absent members out. */
export function encodeAttempt(attempt: UpdateAttempt): string {
  return JSON.stringify(attempt);
}

/** The inverse of `encodeAttempt`; the record names absent members. */
export function decodeAttempt(json: string): UpdateAttempt;
export function decodeAttempt(json: string | null): UpdateAttempt | undefined;
export function decodeAttempt(json: string | null): UpdateAttempt | undefined {
  if (json === null) return undefined;
  const { reason, endedAt, ...stored } = JSON.parse(json) as UpdateAttempt;
  return { ...stored, reason, endedAt };
}

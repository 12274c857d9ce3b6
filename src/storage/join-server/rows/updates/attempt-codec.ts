import type { UpdateAttempt } from "../../../../join-server/root-key-updates/update-attempt.ts";

/** How many ended attempts of a device stay, by their UpdateIDs. */
export const KEPT_ATTEMPTS = 256;

/** Above every UpdateID, which has 16 bits. */
export const ABOVE_UPDATE_IDS = 0x10000;

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

import { type ErrorCode, WarrenError } from "../../errors.ts";

/** The keys on record of one device do not open, and will not with the next look either. */
const UNREADABLE: readonly ErrorCode[] = ["sealed-value-damaged", "vault-key-unknown"];
const OF_ALL_DEVICES: readonly ErrorCode[] = ["storage-failed", "vault-unavailable"];

/** Whether a device cannot be read, which stays so until somebody creates it anew. */
export function isUnreadable(error: unknown): error is WarrenError {
  return error instanceof WarrenError && UNREADABLE.includes(error.code);
}

/**
 * Whether an error met at one device would be met at the others too. Any other one is passed over: it must not
 * keep those behind from their turn, be it a defect.
 */
export function isOfAllDevices(error: unknown): boolean {
  return error instanceof WarrenError && OF_ALL_DEVICES.includes(error.code);
}

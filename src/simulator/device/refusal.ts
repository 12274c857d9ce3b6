import { type ErrorCode, WarrenError } from "../../errors.ts";

/** Why a device dropped a frame it received. */
export type RefusalReason =
  | "join-accept-unexpected"
  | "join-nonce-zero"
  | "join-nonce-replayed"
  | "frame-counter-replayed"
  | "not-a-downlink"
  | ErrorCode;

/** A frame that is dropped; nothing of it may change the state. */
export interface Refusal {
  readonly refused: RefusalReason;
}

export function refuse(reason: RefusalReason): Refusal {
  return { refused: reason };
}

export function isRefusal(outcome: object): outcome is Refusal {
  return "refused" in outcome;
}

/** Runs a step that reads foreign bytes: what codecs refuse becomes a refusal, all else is a bug. */
export function refusalOf<T extends object>(read: () => T): T | Refusal {
  try {
    return read();
  } catch (error) {
    if (error instanceof WarrenError) return refuse(error.code);
    throw error;
  }
}

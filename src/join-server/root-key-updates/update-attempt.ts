import type { UpdateFailure } from "../../root-key/server-state.ts";
import type { Suite } from "../../root-key/suite.ts";
import type { Requester } from "./requester.ts";

/** The way the messages of an update take to the device (root-key-update.md §3, "Carriers"). */
export type UpdateCarrier = "mac-commands" | "application-port";

/** Something that happened in an attempt. */
export const ATTEMPT_STEPS = [
  "started",
  /** RootKeyUpdateReq was handed to the carrier, or could not be. */
  "request-handed-over",
  "request-not-delivered",
  /** RootKeyUpdateAns. */
  "accepted",
  "refused",
  /** NewKeyReadyReq with the proof of the new keys, its repetition, one that fits no session. */
  "ready-received",
  "ready-repeated",
  "ready-wrong-mic",
  /** A Join-request under the new keys, or under the old ones. */
  "joined-with-new-keys",
  "joined-with-current-keys",
  /** By whom the detail says. */
  "aborted",
  "committed",
  "failed",
] as const;
export type AttemptStepKind = (typeof ATTEMPT_STEPS)[number];

export interface AttemptStep {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly kind: AttemptStepKind;
  /** In a few words, such as the error code of a delivery that failed. Never a key. */
  readonly detail?: string | undefined;
}

/** One attempt to update the root keys of a device, as the timeline shows it. */
export interface UpdateAttempt {
  readonly updateId: number;
  readonly suite: Suite;
  readonly isHealing: boolean;
  readonly carrier: UpdateCarrier;
  /** Generation of the keys it started from. */
  readonly generation: number;
  /** `unknown` when it was started before there were timelines. */
  readonly requestedBy: Requester | "unknown";
  readonly startedAt: number;
  /** In the order of time; of a long attempt the first ones and the last. */
  readonly steps: readonly AttemptStep[];
  readonly outcome: "under-way" | "committed" | "failed";
  readonly reason: UpdateFailure | undefined;
  readonly endedAt: number | undefined;
}

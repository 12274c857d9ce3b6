import type { ErrorCode } from "../../errors.ts";
import type { DevAddr, Eui64 } from "../../lorawan/identifiers.ts";

/** Kinds of events, which are also what a webhook or a stream can ask for. */
export const EVENT_KINDS = [
  "join-accepted",
  "join-refused",
  "rejoin-accepted",
  "rejoin-refused",
  "app-s-key-delivered",
  "app-s-key-refused",
  "update-started",
  "update-accepted",
  "update-confirmed",
  "update-committed",
  "update-failed",
  "device-created",
  "devices-imported",
  "device-changed",
  "device-deleted",
  "nonces-reset",
  "security-event",
  "campaign-started",
  "campaign-paused",
  "campaign-resumed",
  "campaign-finished",
  "campaign-aborted",
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Something that happened, told to whoever listens: log, metrics, webhooks, event streams. Never a key. */
export interface JoinServerEvent {
  readonly kind: EventKind;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly devEui?: Eui64 | undefined;
  readonly joinEui?: Eui64 | undefined;
  /** NetID or AS-ID of the peer that asked. */
  readonly senderId?: string | undefined;
  readonly devAddr?: DevAddr | undefined;
  readonly devNonce?: number | undefined;
  readonly joinNonce?: number | undefined;
  readonly generation?: number | undefined;
  readonly campaignId?: string | undefined;
  /** How many devices a batch has created, or are at their end in a campaign. */
  readonly count?: number | undefined;
  readonly updateId?: number | undefined;
  /** Why it was refused or failed: an error code of ours, or the reason of a failed update. */
  readonly reason?: ErrorCode | string | undefined;
  /** What an operator can do about a refusal, in one sentence. */
  readonly remedy?: string | undefined;
}

/** Takes events and never makes the caller wait or fail. */
export interface EventSink {
  publish(event: JoinServerEvent): void;
}

/** Drops everything. */
export const noEvents: EventSink = { publish: () => undefined };

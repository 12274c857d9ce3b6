import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { Suite } from "../../root-key/suite.ts";
import type { DeviceQuery } from "../ports/device-store.ts";

/** A span of a day in which updates may be started, in minutes after midnight UTC; it may cross midnight. */
export interface TimeWindow {
  readonly fromMinute: number;
  readonly toMinute: number;
  /** 0 (Sunday) to 6, of the day it begins on; empty: every day. */
  readonly weekdays: readonly number[];
}

/** Which devices: those of a query, or a list. The set is fixed once the campaign is prepared. */
export type CampaignSelection =
  | { readonly kind: "query"; readonly query: DeviceQuery }
  | {
      readonly kind: "list";
      /** Kept only until each of them has its place in the campaign. */
      readonly devEuis: readonly Eui64[];
      readonly count: number;
      /** SHA-256 in hex of the DevEUIs, in their order, without gaps: tells lists apart. */
      readonly digest: string;
    };

/** What an operator decides about a campaign before it starts. */
export interface CampaignSettings {
  readonly name: string;
  readonly description: string;
  readonly selection: CampaignSelection;
  /** Only devices of at most this generation; undefined: all. */
  readonly generationAtMost: number | undefined;
  /** Default: the suite and the kind of each device. */
  readonly suite: Suite | undefined;
  readonly isHealing: boolean | undefined;
  /** Updates started per minute, in all and per gateway where the gateway of a device is known. */
  readonly startsPerMinute: number;
  readonly startsPerMinutePerGateway: number;
  /** Most updates under way at a time. */
  readonly maxUnderWay: number;
  /** Share of the devices that go first, 0 to 1; the others wait until these are through. */
  readonly canaryShare: number;
  /** Pauses when more than this share of the devices that are through has failed, 0 to 1 ... */
  readonly maxFailureShare: number;
  /** ... of at least so many. */
  readonly minSettledForPause: number;
  readonly windows: readonly TimeWindow[];
  /** Attempts per device, and the time before the second one, which doubles with each further. */
  readonly maxAttempts: number;
  readonly retryAfterMs: number;
  /** An attempt that has not come to its end after this is given up. */
  readonly attemptTimeoutMs: number;
  /** Once prepared it waits for an operator. */
  readonly startsPaused: boolean;
}

/**
 * `preparing`: its devices are being put together. `paused` by an operator or by itself (see `pauseReason`).
 * `aborted` and `finished` are for ever; an aborted one without `endedAt` still has updates under way.
 */
export const CAMPAIGN_STATES = ["preparing", "running", "paused", "finished", "aborted"] as const;
export type CampaignState = (typeof CAMPAIGN_STATES)[number];

/** How many devices were through at a time, for the rate. */
export interface ProgressSample {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Updated, failed and skipped. */
  readonly through: number;
}

export interface Campaign {
  /** 16 hex digits. */
  readonly id: string;
  readonly settings: CampaignSettings;
  readonly state: CampaignState;
  readonly pauseReason: string | undefined;
  /** Grows with every save; a save names the version it was made from. */
  readonly version: number;
  readonly createdBy: string;
  readonly createdAt: number;
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
  /** Whether the canary share is through. */
  readonly isCanaryOver: boolean;
  /** Devices that were through when an operator last let it go on: their failures no longer pause it. */
  readonly accepted: { readonly updated: number; readonly failed: number };
  /** Of an aborted one: its updates under way are to be ended too. */
  readonly abortsUpdates: boolean;
  /** Of the last minutes, oldest first. */
  readonly samples: readonly ProgressSample[];
}

/**
 * `waiting`: to be started at `nextAttemptAt`. `under-way`: started, not over. `updated`, `failed` and `skipped`
 * (disabled, deleted, of a newer generation already) are the end.
 */
export const MEMBER_STATES = ["waiting", "under-way", "updated", "failed", "skipped"] as const;
export type MemberState = (typeof MEMBER_STATES)[number];

/** A device in a campaign. */
export interface CampaignMember {
  readonly devEui: Eui64;
  readonly state: MemberState;
  readonly isCanary: boolean;
  readonly attempts: number;
  /** UpdateID of the last attempt. */
  readonly updateId: number | undefined;
  /** Epoch milliseconds: of a waiting device, when it may start; of one under way, when it is looked at again. */
  readonly nextAttemptAt: number;
  /** Of the last attempt, and of the device's part in the campaign. */
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
  /** Why the last attempt failed or why it was skipped; an error code or a reason of a failed update. */
  readonly reason: string | undefined;
}

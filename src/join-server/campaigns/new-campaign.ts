import { sha256Hex } from "../../crypto/sha256.ts";
import { WarrenError } from "../../errors.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import { SUITES } from "../../root-key/suite.ts";
import type { UpdatePolicy } from "../root-key-updates/update-policy.ts";
import type { Campaign, CampaignSelection, CampaignSettings } from "./campaign.ts";

/** The most devices of a list; a query has no such limit. */
export const LISTED_MAX = 100_000;

const MINUTE_MS = 60_000;

/** What holds where an operator says nothing: gentle, and it stops by itself. */
export const DEFAULT_CAMPAIGN_SETTINGS = {
  name: "",
  description: "",
  generationAtMost: undefined,
  suite: undefined,
  isHealing: undefined,
  startsPerMinute: 60,
  startsPerMinutePerGateway: 6,
  maxUnderWay: 1_000,
  canaryShare: 0.02,
  maxFailureShare: 0.1,
  minSettledForPause: 20,
  windows: [],
  maxAttempts: 3,
  retryAfterMs: 60 * MINUTE_MS,
  attemptTimeoutMs: 24 * 60 * MINUTE_MS,
  startsPaused: false,
} as const satisfies Omit<CampaignSettings, "selection">;

/** Devices by their DevEUI; one that is named twice counts once. @throws WarrenError `value-out-of-range` */
export function listSelection(devEuis: readonly Eui64[]): CampaignSelection {
  const distinct = [...new Set(devEuis)].toSorted();
  if (distinct.length === 0 || distinct.length > LISTED_MAX) {
    throw new WarrenError(
      "value-out-of-range",
      `a list has 1 to ${LISTED_MAX} devices, not ${distinct.length}; a query may find more`,
    );
  }
  return {
    kind: "list",
    devEuis: distinct,
    count: distinct.length,
    digest: sha256Hex(distinct.join("")),
  };
}

/** A campaign that is still to be prepared. */
export function newCampaign(
  settings: CampaignSettings,
  made: { readonly id: string; readonly createdBy: string; readonly createdAt: number },
): Campaign {
  return {
    ...made,
    settings,
    state: "preparing",
    pauseReason: undefined,
    version: 0,
    startedAt: undefined,
    endedAt: undefined,
    isCanaryOver: false,
    accepted: { updated: 0, failed: 0 },
    abortsUpdates: false,
    samples: [],
  };
}

/** @throws WarrenError `suite-not-allowed` */
export function checkSuite({ suite }: CampaignSettings, policy: UpdatePolicy): void {
  if (suite === undefined || !SUITES[suite].isResearchOnly || policy.allowRabbitSplit) return;
  throw new WarrenError(
    "suite-not-allowed",
    `suite ${SUITES[suite].name} is for research and not switched on`,
  );
}

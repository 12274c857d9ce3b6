import type { UpdateCost } from "./update-cost.ts";

/** What makes a policy update, as far as it can be foreseen. */
export interface UpdatePeriods {
  readonly maxAgeMs: number | null;
  readonly maxSessions: number | null;
  readonly maxFrames: number | null;
  readonly minimumPeriodMs: number;
}

/** How much a device does. */
export interface DeviceUse {
  readonly uplinksPerDay: number;
  /** Joins and rejoins besides those of updates. */
  readonly sessionsPerYear: number;
}

/** Cost of a policy for one device in a year. */
export interface YearlyCost extends UpdateCost {
  /** Shares of 1. */
  readonly batteryShare: number;
  readonly dutyCycleShare: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** Of 365 days. */
export const YEAR_MS = 365 * DAY_MS;
/** 2,400 mAh at 3.3 V, as in the literature on batteries of such devices; in mJ. */
export const BATTERY_MJ = 2_400 * 3.6 * 3.3 * 1_000;
/** What most channels of EU868 allow. */
const DUTY_CYCLE = 0.01;

/**
 * Updates per device and year: whichever limit is reached first ends a generation, but not before the minimum
 * period. Events and orders of operators cannot be foreseen.
 */
export function updatesPerYear(policy: UpdatePeriods, use: DeviceUse): number {
  const { maxAgeMs, maxSessions, maxFrames, minimumPeriodMs } = policy;
  const generationMs = Math.min(
    maxAgeMs ?? Number.POSITIVE_INFINITY,
    // The join that ends an update makes the first session.
    timeFor(maxSessions === null ? null : maxSessions - 1, use.sessionsPerYear / YEAR_MS),
    timeFor(maxFrames, use.uplinksPerDay / DAY_MS),
  );
  return YEAR_MS / Math.max(generationMs, minimumPeriodMs, 1);
}

/** @param updates in a year, as `updatesPerYear` gives them */
export function yearlyCost(cost: UpdateCost, updates: number): YearlyCost {
  const energyMj = cost.energyMj * updates;
  const uplinkAirtimeMs = cost.uplinkAirtimeMs * updates;
  return {
    uplinks: cost.uplinks * updates,
    downlinks: cost.downlinks * updates,
    uplinkAirtimeMs,
    downlinkAirtimeMs: cost.downlinkAirtimeMs * updates,
    energyMj,
    batteryShare: energyMj / BATTERY_MJ,
    dutyCycleShare: uplinkAirtimeMs / (DUTY_CYCLE * YEAR_MS),
  };
}

/** Until so many have come; never where there is no limit, or none come. */
function timeFor(limit: number | null, perMs: number): number {
  if (limit === 0) return 0;
  return limit === null || perMs === 0 ? Number.POSITIVE_INFINITY : limit / perMs;
}

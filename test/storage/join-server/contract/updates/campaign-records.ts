import {
  type Campaign,
  type CampaignMember,
  MEMBER_STATES,
} from "../../../../../src/join-server/campaigns/campaign.ts";
import type { Eui64 } from "../../../../../src/lorawan/identifiers.ts";

let campaigns = 0;

/** With an id of its own. */
export function aCampaign(changes: Partial<Campaign> = {}): Campaign {
  campaigns += 1;
  return {
    id: `c0${campaigns.toString(16).padStart(14, "0")}`,
    settings: {
      name: "spring",
      description: "",
      selection: { kind: "query", query: { generation: 0 } },
      generationAtMost: undefined,
      suite: undefined,
      isHealing: undefined,
      startsPerMinute: 600,
      startsPerMinutePerGateway: 6,
      maxUnderWay: 10_000,
      canaryShare: 0.01,
      maxFailureShare: 0.05,
      minSettledForPause: 20,
      windows: [{ fromMinute: 60, toMinute: 300, weekdays: [1, 2] }],
      maxAttempts: 3,
      retryAfterMs: 60_000,
      attemptTimeoutMs: 3_600_000,
      startsPaused: false,
    },
    state: "running",
    pauseReason: undefined,
    version: 1,
    createdBy: "operator",
    createdAt: 1_767_225_600_000,
    startedAt: undefined,
    endedAt: undefined,
    isCanaryOver: false,
    accepted: { updated: 0, failed: 0 },
    abortsUpdates: false,
    samples: [{ at: 1, through: 2 }],
    ...changes,
  };
}

export function euiOf(index: number): Eui64 {
  return index.toString(16).padStart(16, "0") as Eui64;
}

/** A member in some state, of which ten consecutive ones differ. */
export function aMember(index: number): CampaignMember {
  return {
    devEui: euiOf(index),
    state: MEMBER_STATES[index % MEMBER_STATES.length] ?? "waiting",
    isCanary: index % 7 === 0,
    attempts: index % 3,
    updateId: index % 2 === 0 ? undefined : index,
    nextAttemptAt: ((index * 7919) % 10) * 1_000,
    startedAt: index % 4 === 0 ? undefined : 1_767_225_600_000 + index,
    endedAt: index % 5 === 0 ? undefined : 1_767_225_700_000 + index,
    reason: index % 3 === 0 ? undefined : ["expired", "busy"][index % 2],
  };
}

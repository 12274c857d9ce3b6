import type { Campaign } from "../../../../join-server/campaigns/campaign.ts";
import type { StoredRow } from "../column.ts";

/** The columns of a campaign besides its lease. */
export const CAMPAIGN_COLUMNS = ["id", "version", "created_at", "state", "campaign"] as const;

/**
 * A lease that ends so much later than one that is asked for now is of a clock that was wrong: it would hold the
 * campaign up for as long as that clock was ahead.
 */
export const LONGEST_CLOCK_DIFFERENCE_MS = 60 * 60 * 1000;

type Members = Omit<Campaign, "id" | "version" | "createdAt" | "state">;

/** The values of `CAMPAIGN_COLUMNS`. */
export function encodeCampaign(campaign: Campaign): [string, number, number, string, string] {
  const { id, version, createdAt, state, ...members } = campaign;
  return [id, version, createdAt, state, JSON.stringify(members satisfies Members)];
}

/** JSON leaves absent members out; the record names them. */
export function decodeCampaign(row: StoredRow): Campaign {
  const stored = JSON.parse(row["campaign"] as string) as Members;
  const { settings } = stored;
  return {
    ...stored,
    id: row["id"] as string,
    version: Number(row["version"]),
    createdAt: Number(row["created_at"]),
    state: row["state"] as Campaign["state"],
    pauseReason: stored.pauseReason,
    startedAt: stored.startedAt,
    endedAt: stored.endedAt,
    settings: {
      ...settings,
      generationAtMost: settings.generationAtMost,
      suite: settings.suite,
      isHealing: settings.isHealing,
    },
  };
}

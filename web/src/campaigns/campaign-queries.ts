import { useQuery } from "@tanstack/react-query";
import type { ServerEvent } from "../api/events.ts";
import {
  type Campaign,
  type CampaignProgress,
  getCampaignsByCampaignId,
} from "../api/generated/warren-api.ts";

export type CampaignWithProgress = Campaign & { readonly progress: CampaignProgress };

/** Between two looks at a campaign in which something happens; events tell only of its beginning and end. */
export const POLL_MS = 2_000;

/** Counts may still change by themselves: starts, or updates under way that come to their end. */
export function isMoving({ state, endedAt, progress }: CampaignWithProgress): boolean {
  if (state === "preparing" || state === "running") return true;
  if (state === "aborted") return endedAt === null;
  return progress.counts["under-way"] > 0;
}

/** One campaign with its progress, followed while it moves. */
export function useCampaign(id: string) {
  return useQuery({
    queryKey: ["campaigns", id],
    queryFn: (): Promise<CampaignWithProgress> => getCampaignsByCampaignId({ campaignId: id }),
    refetchInterval: ({ state: { data } }) =>
      data !== undefined && isMoving(data) ? POLL_MS : false,
  });
}

/** For the list of all campaigns. */
export function concernsCampaigns({ kind }: ServerEvent): boolean {
  return kind.startsWith("campaign-");
}

/** What people call it. */
export function titleOf({ id, name }: Pick<Campaign, "id" | "name">): string {
  return name === "" ? `Campaign ${id}` : name;
}

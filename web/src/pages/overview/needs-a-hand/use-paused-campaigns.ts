import { useQuery } from "@tanstack/react-query";
import type { ServerEvent } from "../../../api/events.ts";
import { type Campaign, getCampaigns } from "../../../api/generated/warren-api.ts";
import { useLiveQuery } from "../../../api/live-queries.ts";
import type { Matter } from "./matter.ts";

const KEY = ["campaigns", "paused"] as const;
const CAMPAIGNS_MAX = 1_000;
const concerns = ({ kind }: ServerEvent) => kind.startsWith("campaign-");

/** Campaigns that wait for somebody to resume or abort them. @param count as the overview knows it */
export function usePausedCampaigns(count: number): Matter[] {
  useLiveQuery(KEY, concerns);
  const { data = [] } = useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) => {
      const { campaigns } = await getCampaigns({ limit: CAMPAIGNS_MAX }, { signal });
      return campaigns.filter(({ state }) => state === "paused");
    },
    enabled: count > 0,
    refetchInterval: 30_000,
  });
  return count === 0 ? [] : data.map(describe);
}

function describe({ id, name, pauseReason }: Campaign): Matter {
  const why = pauseReason === null ? "It is paused" : `It is paused: ${pauseReason}`;
  return {
    key: `campaign-${id}`,
    word: "paused",
    color: "orange",
    to: `/campaigns/${id}`,
    label: name === "" ? id : name,
    detail: `${why}. Nothing more is started until somebody resumes or aborts it.`,
  };
}

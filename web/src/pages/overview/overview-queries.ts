import { useQuery } from "@tanstack/react-query";
import type { ServerEvent } from "../../api/events.ts";
import { getActivity, getOverview } from "../../api/generated/warren-api.ts";
import { useLiveQuery } from "../../api/live-queries.ts";

export type OverviewData = Awaited<ReturnType<typeof getOverview>>;
export type ActivityData = Awaited<ReturnType<typeof getActivity>>;

/** The server counts again after some seconds, and a role without events has no other sign of a change. */
const ASK_AGAIN_MS = 10_000;

const OVERVIEW = ["overview"] as const;
const ACTIVITY = ["activity"] as const;

const isOfOverview = ({ kind }: ServerEvent) => kind !== "app-s-key-delivered";
const isCounted = ({ kind }: ServerEvent) => /^(re)?join-|^update-/.test(kind);

/** What is counted over all devices, campaigns and peers. */
export function useOverview() {
  useLiveQuery(OVERVIEW, isOfOverview);
  return useQuery({
    queryKey: OVERVIEW,
    queryFn: ({ signal }) => getOverview({ signal }),
    refetchInterval: ASK_AGAIN_MS,
  });
}

/** Joins, refusals and updates over the last minutes. */
export function useActivity(minutes: number) {
  useLiveQuery(ACTIVITY, isCounted);
  return useQuery({
    queryKey: [...ACTIVITY, minutes],
    queryFn: ({ signal }) => getActivity({ minutes }, { signal }),
    refetchInterval: ASK_AGAIN_MS,
    placeholderData: (previous) => previous,
  });
}

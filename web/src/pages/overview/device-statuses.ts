import type { OverviewData } from "./overview-queries.ts";

export type UnderWayStatus = "prepared" | "accepted" | "confirmed";

/** In the order in which an update goes through them. */
export const UNDER_WAY: readonly UnderWayStatus[] = ["prepared", "accepted", "confirmed"];

/** How many devices have an update of that status as their last. */
export function countOfStatus({ byUpdateStatus }: OverviewData["devices"], status: string): number {
  return byUpdateStatus.find(({ updateStatus }) => updateStatus === status)?.count ?? 0;
}

import type { DeviceSummary } from "../../../../join-server/device-summary.ts";
import { formatTime } from "../../../format-time.ts";
import type { DeviceSummaryView } from "../schemas/device-summary-schemas.ts";

/** What a list shows of a device, with the same names and values as `describeDevice`. */
export function describeSummary(summary: DeviceSummary): DeviceSummaryView {
  const { lastDevAddr, lastJoinAt, generationSince, createdAt, update, ...same } = summary;
  return {
    ...same,
    createdAt: formatTime(createdAt),
    devAddr: lastDevAddr ?? null,
    lastJoinAt: formatTime(lastJoinAt),
    generationSince: formatTime(generationSince),
    update: update
      ? {
          updateId: update.updateId,
          status: update.status,
          reason: update.reason ?? null,
          startedAt: formatTime(update.startedAt),
        }
      : null,
  };
}

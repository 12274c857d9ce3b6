import type { OverviewState } from "../../../join-server/overview/overview.ts";
import { formatTime } from "../../format-time.ts";
import type { HttpApp } from "../../http-app.ts";
import type { AdminServices } from "../admin/admin-services.ts";
import { OverviewView } from "./overview-schemas.ts";

export function addOverviewRoute(
  scope: HttpApp,
  { overview }: Pick<AdminServices, "overview">,
): void {
  scope.get(
    "/overview",
    {
      config: { right: "device:read" },
      schema: {
        tags: ["overview"],
        summary: "How many devices there are and of what kind, and what needs a hand",
        description:
          "Counted over the whole database at `countedAt`. A count is kept for at least a second, and for " +
          "twenty times as long as it took.",
        response: { 200: OverviewView },
      },
    },
    async () => describeOverview(await overview.read()),
  );
}

function describeOverview(state: OverviewState): OverviewView {
  const { devices, stuckDevices, campaigns, expiringCertificates, peers, countedAt } = state;
  const { byUpdateStatus: ofStatus, total } = devices;
  const everUpdated = Object.values(ofStatus).reduce((sum, count) => sum + count, 0);
  const waitingForDevice = ofStatus.prepared + ofStatus.accepted;
  return {
    devices: {
      total,
      disabled: devices.disabled,
      neverJoined: devices.neverJoined,
      byGeneration: [...devices.byGeneration],
      byMacVersion: [...devices.byMacVersion],
      byUpdateStatus: [
        { updateStatus: "none", count: total - everUpdated },
        { updateStatus: "prepared", count: ofStatus.prepared },
        { updateStatus: "accepted", count: ofStatus.accepted },
        { updateStatus: "confirmed", count: ofStatus.confirmed },
        { updateStatus: "committed", count: ofStatus.committed },
        { updateStatus: "failed", count: ofStatus.failed },
      ],
    },
    updates: {
      underWay: waitingForDevice + ofStatus.confirmed,
      waitingForDevice,
      waitingForJoin: ofStatus.confirmed,
    },
    needsAttention: {
      stuckDevices,
      failedUpdates: ofStatus.failed,
      pausedCampaigns: campaigns.paused,
      expiringCertificates,
    },
    campaigns,
    peers,
    countedAt: formatTime(countedAt),
  };
}

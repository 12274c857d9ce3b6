import { countOf } from "../../../quantities/numbers.ts";
import type { OverviewData } from "../overview-queries.ts";
import { useWeakKeyCount } from "../weak-keys/weak-key-queries.ts";
import type { Matter } from "./matter.ts";
import { usePausedCampaigns } from "./use-paused-campaigns.ts";
import { useStuckDevices } from "./use-stuck-devices.ts";

/** All that waits for an operator, the most pressing first. */
export function useMatters(overview: OverviewData): Matter[] {
  const stuck = useStuckDevices(overview.needsAttention.stuckDevices.count);
  const paused = usePausedCampaigns(overview.needsAttention.pausedCampaigns);
  const weakKeys = useWeakKeyCount();
  return [
    ...peerMatters(overview),
    ...certificateMatters(overview),
    ...weakKeyMatters(weakKeys),
    ...paused,
    ...stuck,
    ...failedMatters(overview),
  ];
}

function peerMatters({ peers }: OverviewData): Matter[] {
  if (peers.networkServers > 0) return [];
  return [
    {
      key: "no-network-server",
      word: "no way in",
      color: "red",
      to: "/peers",
      label: "No Network Server is on record",
      detail: "No device can join before one is. Add the one that your gateways talk to.",
    },
  ];
}

function certificateMatters({ needsAttention }: OverviewData): Matter[] {
  const count = needsAttention.expiringCertificates;
  if (count === 0) return [];
  return [
    {
      key: "certificates",
      word: "expires",
      color: "red",
      to: "/peers",
      label: `${countOf(count, "certificate")} expired, or within 30 days`,
      detail:
        "Peers cannot connect once it is over. Those of peers stand with each peer, those of this server under Settings and vault.",
    },
  ];
}

function weakKeyMatters(count: number): Matter[] {
  if (count === 0) return [];
  return [
    {
      key: "weak-keys",
      word: "weak keys",
      color: "red",
      to: "#weak-keys",
      label: `${countOf(count, "finding")} of weak root keys`,
      detail:
        "Anybody could guess them. Update the root keys of these devices, or give them new ones where they are made.",
    },
  ];
}

function failedMatters({ needsAttention }: OverviewData): Matter[] {
  const count = needsAttention.failedUpdates;
  if (count === 0) return [];
  return [
    {
      key: "failed-updates",
      word: "failed",
      color: "yellow",
      to: "/devices?updateStatus=failed",
      label: `${countOf(count, "device")} whose last update failed`,
      detail: "They go on with their old root keys. The timeline of each says why and what to do.",
    },
  ];
}

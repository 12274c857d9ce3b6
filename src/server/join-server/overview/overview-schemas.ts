import { type Static, Type } from "typebox";
import { Time } from "../admin/schemas/common.ts";

const count = (description: string) => Type.Integer({ minimum: 0, description });

export const OverviewView = Type.Object(
  {
    devices: Type.Object({
      total: count("devices on record"),
      disabled: count("switched off"),
      neverJoined: count("no JoinNonce has been issued to them"),
      byGeneration: Type.Array(
        Type.Object({ generation: count("0 for factory keys"), count: count("devices") }),
        { description: "in the order of generations" },
      ),
      byMacVersion: Type.Array(
        Type.Object({ macVersion: Type.String(), count: count("devices") }),
        { description: "in the order of versions" },
      ),
      byUpdateStatus: Type.Array(
        Type.Object({
          updateStatus: Type.Enum([
            "none",
            "prepared",
            "accepted",
            "confirmed",
            "committed",
            "failed",
          ]),
          count: count("devices"),
        }),
        { description: "of the last root key update of each; none: before the first" },
      ),
    }),
    updates: Type.Object({
      underWay: count("neither committed nor failed"),
      waitingForDevice: count("of them: prepared or accepted, the device has not proven new keys"),
      waitingForJoin: count("of them: confirmed, the next Join-request ends them"),
    }),
    needsAttention: Type.Object({
      stuckDevices: Type.Object({
        count: count("as in GET /reports/stuck-devices, at most about 1,000"),
        isCapped: Type.Boolean({ description: "there may be more" }),
      }),
      failedUpdates: count("devices whose last root key update failed"),
      pausedCampaigns: count("campaigns that wait for an operator"),
      expiringCertificates: count(
        "certificates that have expired or will within 30 days: of listeners, of connected peers, and CAs of " +
          "peers on record",
      ),
    }),
    campaigns: Type.Object({
      preparing: count(""),
      running: count(""),
      paused: count(""),
      finished: count(""),
      aborted: count(""),
    }),
    peers: Type.Object({ networkServers: count(""), applicationServers: count("") }),
    countedAt: Time,
  },
  { title: "Overview" },
);
export type OverviewView = Static<typeof OverviewView>;

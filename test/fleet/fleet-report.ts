import { cpus } from "node:os";
import type { LocalNetwork } from "../../src/cli/run/local-network.ts";
import { endDeviceStates, type FleetDevice, joinServerStates } from "./fleet-devices.ts";
import type { FleetOptions } from "./fleet-options.ts";
import type { CampaignState } from "./run-fleet.ts";

/** What came of a fleet's campaign. */
export interface FleetReport {
  readonly options: FleetOptions;
  readonly processor: string;
  readonly cores: number;
  readonly node: string;
  readonly seconds: Readonly<Record<string, number>>;
  readonly kills: Readonly<Record<string, number>>;
  readonly counts: Readonly<Record<string, number>>;
  readonly reasons: CampaignState["progress"]["reasons"];
  /** Devices by version, carrier and kind, and how many of each are on the new generation. */
  readonly groups: Readonly<Record<string, { readonly devices: number; readonly updated: number }>>;
  /** What must be empty: one line per device that is neither updated nor listed, cannot join, or disagrees. */
  readonly problems: readonly string[];
}

interface Evidence {
  readonly options: FleetOptions;
  readonly devices: readonly FleetDevice[];
  readonly campaign: CampaignState;
  readonly campaignId: string;
  readonly cannotJoin: readonly string[];
  readonly kills: Readonly<Record<string, number>>;
  readonly unexpectedEnds: readonly string[];
  readonly seconds: Readonly<Record<string, number>>;
}

/** Looks at every device, as the Join Server and the device itself have it, and at the campaign's own list. */
export async function reportOf(network: LocalNetwork, evidence: Evidence): Promise<FleetReport> {
  const { devices, campaign, campaignId, cannotJoin, unexpectedEnds, ...told } = evidence;
  const servers = await joinServerStates(network);
  const endDevices = await endDeviceStates(network);
  const listed = await listedWithReason(network, campaignId);
  const groups: Record<string, { devices: number; updated: number }> = {};
  const problems = [
    ...unexpectedEnds.map((end) => `a role ended by itself: ${end}`),
    ...cannotJoin.map((devEui) => `${devEui}: cannot join any more`),
  ];
  for (const device of devices) {
    const { devEui, macVersion, carrier, isHealing } = device;
    const generation = servers.get(devEui)?.generation ?? -1;
    const own = endDevices.get(devEui)?.generation ?? -1;
    const name = `${macVersion} ${carrier} ${isHealing ? "healing" : "plain"}`;
    groups[name] ??= { devices: 0, updated: 0 };
    groups[name].devices++;
    if (generation >= 1) groups[name].updated++;
    if (generation < 1 && !listed.has(devEui)) problems.push(`${devEui}: old keys, and no reason`);
    if (generation !== own) {
      problems.push(`${devEui}: generation ${generation} at the Join Server, ${own} in the device`);
    }
  }
  return {
    ...told,
    processor: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    node: process.version,
    counts: campaign.progress.counts,
    reasons: campaign.progress.reasons,
    groups,
    problems,
  };
}

async function listedWithReason(network: LocalNetwork, campaignId: string): Promise<Set<string>> {
  const listed = new Set<string>();
  for (const state of ["failed", "skipped"]) {
    let after = "";
    for (;;) {
      const page = await network.api("join-server").get<{
        devices: { devEui: string; reason: string | null }[];
        next: string | null;
      }>(
        `/campaigns/${campaignId}/devices?state=${state}&limit=1000${after === "" ? "" : `&after=${after}`}`,
      );
      for (const { devEui, reason } of page.devices) if (reason !== null) listed.add(devEui);
      if (page.next === null) break;
      after = page.next;
    }
  }
  return listed;
}

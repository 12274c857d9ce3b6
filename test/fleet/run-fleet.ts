import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { LocalNetwork } from "../../src/cli/run/local-network.ts";
import { waitUntil } from "../../src/cli/run/wait-until.ts";
import { WarrenError } from "../../src/errors.ts";
import { createTestNetwork } from "../e2e/support/test-network.ts";
import { endDeviceStates, fleetDevice, provisionFleet } from "./fleet-devices.ts";
import type { FleetOptions } from "./fleet-options.ts";
import { type FleetReport, reportOf } from "./fleet-report.ts";
import { joinAgain } from "./join-again.ts";
import { RandomKills } from "./random-kills.ts";

/** As the administration API shows a campaign. */
export interface CampaignState {
  readonly state: string;
  readonly pauseReason: string | null;
  readonly progress: {
    readonly counts: Readonly<Record<string, number>>;
    readonly reasons: readonly { readonly reason: string; readonly count: number }[];
    readonly estimatedEndAt: string | null;
  };
}

const JOIN_TIMEOUT_MS = 20 * 60_000;
const POLL_MS = 2_000;
/** Of the devices, before the campaign begins. The others try more and more seldom, and may join during it. */
const JOINED_SHARE = 0.98;
const QUIET_AIR = { lossUp: 0, lossDown: 0, delayMs: 0, duplicate: 0 };

/**
 * A campaign over a fleet of simulated devices, under loss and kills; all roles are processes of their own.
 *
 * @param say told what goes on, in a line
 * @throws Error when devices do not join, or the campaign does not end in time
 */
export async function runFleet(
  options: FleetOptions,
  say: (line: string) => void,
): Promise<FleetReport> {
  const created = createTestNetwork({
    speed: options.speed,
    loss: options.loss,
    logLevel: "warn",
    roleArguments: {
      "network-server": ["--deduplication-ms", "5", "--rx-delay", `${options.rxDelaySeconds}`],
      simulator: ["--gateways", `${options.gateways}`, "--gateways-in-range", "1"],
      "join-server": [
        ...["--update-attempt-period-seconds", "0", "--update-shortest-period-seconds", "0"],
        ...["--update-expiry-seconds", `${Math.ceil((2 * options.attemptTimeoutMs) / 1000)}`],
      ],
    },
  });
  const { network } = created;
  const kills = new RandomKills();
  const startedAt = Date.now();
  try {
    await network.start();
    const devices = Array.from({ length: options.devices }, (_, index) => fleetDevice(index));
    await provisionFleet(network, devices, options, (count) => {
      if (count % 500 === 0) say(`${count} devices switched on`);
    });
    await waitForJoins(network, options.devices, say);
    const joinedAt = Date.now();
    say("the campaign begins, and the kills");
    kills.start(network, options.killEveryMs, options.killsMax);
    const id = await startCampaign(network, options);
    const campaign = await watchCampaign(network, id, options, say);
    await kills.stop();
    const updatedAt = Date.now();
    say("the campaign is over; every device joins once more, on a quiet air");
    await network.api("simulator").request("PUT", "/air", QUIET_AIR);
    const cannotJoin = await joinAgain(network, devices, options.startsPerSecond, say);
    const report = await reportOf(network, {
      ...{ options, devices, campaign, cannotJoin },
      ...{ campaignId: id, kills: kills.counts, unexpectedEnds: created.unexpectedEnds },
      seconds: {
        joins: (joinedAt - startedAt) / 1000,
        campaign: (updatedAt - joinedAt) / 1000,
        joinsAgain: (Date.now() - updatedAt) / 1000,
      },
    });
    return report;
  } finally {
    await kills.stop().catch(() => undefined);
    await created.remove();
  }
}

async function waitForJoins(
  network: LocalNetwork,
  count: number,
  say: (line: string) => void,
): Promise<void> {
  const enough = Math.ceil(count * JOINED_SHARE);
  let told = -1;
  await waitUntil(`${enough} devices have joined`, JOIN_TIMEOUT_MS, async () => {
    const joined = [...(await endDeviceStates(network)).values()].filter(
      ({ inSession }) => inSession,
    ).length;
    if (joined !== told) say(`${joined} of ${count} have joined`);
    told = joined;
    if (joined < enough) await sleep(POLL_MS);
    return joined >= enough ? true : undefined;
  });
}

async function startCampaign(network: LocalNetwork, options: FleetOptions): Promise<string> {
  const id = randomBytes(8).toString("hex");
  const body = {
    id,
    name: "the whole fleet",
    query: {},
    startsPerMinute: options.startsPerMinute,
    startsPerMinutePerGateway: options.startsPerMinute,
    maxUnderWay: options.devices,
    canaryShare: 0.005,
    maxFailureShare: 1,
    maxAttempts: 12,
    retryAfterMs: options.retryAfterMs,
    attemptTimeoutMs: options.attemptTimeoutMs,
  };
  await whenReached(() => network.api("join-server").request("POST", "/campaigns", body));
  return id;
}

async function watchCampaign(
  network: LocalNetwork,
  id: string,
  options: FleetOptions,
  say: (line: string) => void,
): Promise<CampaignState> {
  const end = Date.now() + options.timeoutMs;
  let told = "";
  for (;;) {
    const campaign = await whenReached(() =>
      network.api("join-server").get<CampaignState>(`/campaigns/${id}`),
    );
    const line = `${campaign.state} ${JSON.stringify(campaign.progress.counts)}`;
    if (line !== told) say(line);
    told = line;
    if (campaign.state === "finished") return campaign;
    if (campaign.state === "paused" || Date.now() > end) {
      const reasons = JSON.stringify(campaign.progress.reasons);
      throw new Error(`the campaign is ${line}, ${campaign.pauseReason ?? "not over"}: ${reasons}`);
    }
    await sleep(POLL_MS);
  }
}

/** The answer of a server that may have been killed a moment ago. */
async function whenReached<T>(ask: () => Promise<T>): Promise<T> {
  const end = Date.now() + 60_000;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const isAway = error instanceof WarrenError && error.code === "peer-unreachable";
      if (!isAway || Date.now() > end) throw error;
      await sleep(200);
    }
  }
}

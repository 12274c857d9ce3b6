import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { RoleApi } from "../../src/cli/run/role-api.ts";
import { BENCH_NET_ID } from "../join-load.ts";
import type { ImportedServer } from "./imported-server.ts";
import { costsOf, type ProcessCosts } from "./process-costs.ts";

/** A campaign of all devices, up to where the Network Server has the update of each. No device answers. */
export interface CampaignCosts {
  readonly devices: number;
  /** While the set of devices is put together. */
  readonly prepareSeconds: number;
  readonly preparedPerSecond: number;
  readonly prepareDiskBytesPerDevice: number;
  /** While updates are started, as fast as a campaign may. */
  readonly starts: number;
  readonly startsPerSecond: number;
  readonly startCpuMicroseconds: number;
  readonly startDiskBytes: number;
  /** Of a second in which nothing is started: the campaign is paused, with many updates under way. */
  readonly idleTickCpuMs: number;
  readonly idleTickDiskBytes: number;
}

interface CampaignView {
  readonly id: string;
  readonly state: string;
}

const START_SECONDS = 10;
const IDLE_SECONDS = 5;
/** The most that the administration API takes. */
const STARTS_PER_MINUTE = 60_000;
const MAX_UNDER_WAY = 1_000_000;

export async function measureCampaign({
  server,
  imported,
}: ImportedServer): Promise<CampaignCosts> {
  const networkServer = await startNetworkServer();
  const { port } = networkServer.address() as AddressInfo;
  try {
    const { api, pid } = server;
    await api.request("PATCH", `/network-servers/${BENCH_NET_ID}`, {
      url: `http://127.0.0.1:${port}`,
    });
    const before = costsOf(pid);
    const start = performance.now();
    const campaign = await api.request<CampaignView>("POST", "/campaigns", {
      query: {},
      startsPerMinute: STARTS_PER_MINUTE,
      startsPerMinutePerGateway: STARTS_PER_MINUTE,
      maxUnderWay: MAX_UNDER_WAY,
      canaryShare: 0,
      startsPaused: true,
    });
    await untilPrepared(api, campaign.id);
    const prepareSeconds = (performance.now() - start) / 1000;
    const prepared = difference(before, costsOf(pid));
    const started = await measureStarts(api, pid, campaign.id);
    return {
      devices: imported.devices,
      prepareSeconds,
      preparedPerSecond: imported.devices / prepareSeconds,
      prepareDiskBytesPerDevice: prepared.diskBytes / imported.devices,
      ...started,
    };
  } finally {
    networkServer.close();
    networkServer.closeAllConnections();
  }
}

async function measureStarts(api: RoleApi, pid: number, id: string) {
  const before = costsOf(pid);
  const start = performance.now();
  await api.request("POST", `/campaigns/${id}/resume`);
  await sleep(START_SECONDS * 1000);
  await api.request("POST", `/campaigns/${id}/pause`);
  const seconds = (performance.now() - start) / 1000;
  const costs = difference(before, costsOf(pid));
  const { progress } = await api.get<{ progress: { counts: Record<string, number> } }>(
    `/campaigns/${id}`,
  );
  const starts = sum(progress.counts) - (progress.counts["waiting"] ?? 0);
  await sleep(1_000);
  const beforeIdle = costsOf(pid);
  await sleep(IDLE_SECONDS * 1000);
  const idle = difference(beforeIdle, costsOf(pid));
  return {
    starts,
    startsPerSecond: starts / seconds,
    startCpuMicroseconds: (1e6 * costs.cpuSeconds) / starts,
    startDiskBytes: costs.diskBytes / starts,
    idleTickCpuMs: (1e3 * idle.cpuSeconds) / IDLE_SECONDS,
    idleTickDiskBytes: idle.diskBytes / IDLE_SECONDS,
  };
}

async function untilPrepared(api: RoleApi, id: string): Promise<void> {
  for (;;) {
    const { state } = await api.get<CampaignView>(`/campaigns/${id}`);
    if (state !== "preparing") return;
    await sleep(50);
  }
}

function difference(before: ProcessCosts, after: ProcessCosts): ProcessCosts {
  return {
    diskBytes: after.diskBytes - before.diskBytes,
    cpuSeconds: after.cpuSeconds - before.cpuSeconds,
  };
}

function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((a, b) => a + b, 0);
}

/** Takes every RootKeyUpdateReq and sends nothing to any device. */
async function startNetworkServer(): Promise<Server> {
  const server = createServer(async (incoming, outgoing) => {
    let body = "";
    for await (const chunk of incoming.setEncoding("utf8")) body += chunk;
    const { SenderID, ReceiverID, ...header } = JSON.parse(body) as Record<string, unknown>;
    outgoing.setHeader("content-type", "application/json").end(
      JSON.stringify({
        ...{ ProtocolVersion: header["ProtocolVersion"], TransactionID: header["TransactionID"] },
        ...{ SenderID: ReceiverID, ReceiverID: SenderID, MessageType: "RootKeyUpdateAns" },
        Result: { ResultCode: "Success" },
      }),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

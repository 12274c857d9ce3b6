import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { AS_ID, JOIN_EUI, type LocalNetwork, NET_ID } from "../../src/cli/run/local-network.ts";
import type { FleetOptions } from "./fleet-options.ts";

const VERSIONS = ["1.0.2", "1.0.3", "1.0.4", "1.1.0"] as const;
/** So few at a time that their Join-requests do not crowd each other out. */
const BATCH = 50;
/** Every so many a device is updated by the healing kind. */
const HEALING_EVERY = 5;

/** What is different from device to device. */
export interface FleetDevice {
  readonly devEui: string;
  readonly macVersion: string;
  readonly carrier: "mac-commands" | "application-port";
  readonly isHealing: boolean;
}

/** What the Join Server says of a device. */
export interface JoinServerState {
  readonly devEui: string;
  readonly generation: number;
  readonly joinNonce: number;
  readonly candidateRootKeys: object | null;
}

/** What the device says of itself. */
export interface EndDeviceState {
  readonly devEui: string;
  readonly generation: number;
  readonly inSession: boolean;
}

export function fleetDevice(index: number): FleetDevice {
  return {
    devEui: `70b3d57ed1${index.toString(16).padStart(6, "0")}`,
    macVersion: VERSIONS[index % VERSIONS.length] as string,
    carrier: (index >> 2) % 2 === 0 ? "mac-commands" : "application-port",
    isHealing: index % HEALING_EVERY === 0,
  };
}

/**
 * Makes devices known to all roles, as a factory would: keys are drawn here and forgotten. The simulator
 * comes last, since its devices join as soon as it knows them.
 */
export async function provisionFleet(
  network: LocalNetwork,
  devices: readonly FleetDevice[],
  pace: Pick<FleetOptions, "uplinkIntervalMs" | "longestJoinPauseMs" | "startsPerSecond">,
  onProgress: (count: number) => void,
): Promise<void> {
  for (let start = 0; start < devices.length; start += BATCH) {
    const batchStart = Date.now();
    const batch = devices.slice(start, start + BATCH).map((device) => ({
      device,
      identity: {
        devEui: device.devEui,
        joinEui: JOIN_EUI,
        macVersion: device.macVersion,
      },
      keys: drawKeys(device.macVersion),
    }));
    const post = (role: "join-server" | "network-server" | "simulator", list: readonly object[]) =>
      network.api(role).request("POST", "/devices/batch", { devices: list });
    await post(
      "join-server",
      batch.map(({ device, identity, keys }) => ({
        ...identity,
        ...keys,
        homeNetId: NET_ID,
        asId: AS_ID,
        carrier: device.carrier,
        updatePolicy: { minimumPeriodMs: 0, isHealing: device.isHealing },
      })),
    );
    await post(
      "network-server",
      batch.map(({ identity }) => ({ ...identity, asId: AS_ID })),
    );
    await post(
      "simulator",
      batch.map(({ identity, keys }) => ({
        ...identity,
        ...keys,
        uplinkIntervalMs: pace.uplinkIntervalMs,
        longestJoinPauseMs: pace.longestJoinPauseMs,
      })),
    );
    onProgress(Math.min(start + BATCH, devices.length));
    const dueMs = (batch.length / pace.startsPerSecond) * 1000 - (Date.now() - batchStart);
    await sleep(Math.max(dueMs, 0));
  }
}

/** Every device as the Join Server has it, by DevEUI. */
export async function joinServerStates(
  network: LocalNetwork,
): Promise<Map<string, JoinServerState>> {
  const states = new Map<string, JoinServerState>();
  let after = "";
  for (;;) {
    const page = await network
      .api("join-server")
      .get<{ devices: JoinServerState[]; next: string | null }>(
        `/devices?limit=1000${after === "" ? "" : `&after=${after}`}`,
      );
    for (const state of page.devices) states.set(state.devEui, state);
    if (page.next === null) return states;
    after = page.next;
  }
}

/** Every device as it sees itself, by DevEUI. */
export async function endDeviceStates(network: LocalNetwork): Promise<Map<string, EndDeviceState>> {
  const states = new Map<string, EndDeviceState>();
  let after = "";
  for (;;) {
    const { devices } = await network
      .api("simulator")
      .get<{ devices: EndDeviceState[] }>(
        `/devices?limit=1000${after === "" ? "" : `&after=${after}`}`,
      );
    for (const state of devices) states.set(state.devEui, state);
    const last = devices.at(-1);
    if (last === undefined) return states;
    after = last.devEui;
  }
}

function drawKeys(macVersion: string): { nwkKey: string; appKey?: string } {
  const draw = () => randomBytes(16).toString("hex");
  return macVersion === "1.1.0" ? { nwkKey: draw(), appKey: draw() } : { nwkKey: draw() };
}

import { setTimeout as sleep } from "node:timers/promises";
import type { LocalNetwork } from "../../src/cli/run/local-network.ts";
import { endDeviceStates, type FleetDevice, joinServerStates } from "./fleet-devices.ts";

const AT_ONCE = 10;
const TIMEOUT_MS = 15 * 60_000;
const POLL_MS = 2_000;

/**
 * Tells every device to leave its session and join.
 *
 * @returns DevEUIs of those that did not come into a new session
 */
export async function joinAgain(
  network: LocalNetwork,
  devices: readonly FleetDevice[],
  startsPerSecond: number,
  say: (line: string) => void,
): Promise<string[]> {
  const before = await joinServerStates(network);
  for (let start = 0; start < devices.length; start += AT_ONCE) {
    await Promise.all(
      devices
        .slice(start, start + AT_ONCE)
        .map(({ devEui }) => network.api("simulator").request("POST", `/devices/${devEui}/join`)),
    );
    await sleep((AT_ONCE / startsPerSecond) * 1000);
  }
  const end = Date.now() + TIMEOUT_MS;
  for (;;) {
    const [endDevices, servers] = [await endDeviceStates(network), await joinServerStates(network)];
    const left = devices
      .map(({ devEui }) => devEui)
      .filter((devEui) => {
        const hasJoined =
          (servers.get(devEui)?.joinNonce ?? 0) > (before.get(devEui)?.joinNonce ?? 0);
        return !hasJoined || endDevices.get(devEui)?.inSession !== true;
      });
    say(`${devices.length - left.length} of ${devices.length} have joined again`);
    if (left.length === 0 || Date.now() > end) return left;
    await sleep(POLL_MS);
  }
}

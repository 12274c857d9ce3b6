import type { Clock } from "../../../clock.ts";
import type { Eui64 } from "../../../lorawan/identifiers.ts";
import type { Device } from "../../device.ts";
import type { DeviceStore } from "../../ports/device-store.ts";
import type { PeerStore } from "../../ports/peer-store.ts";
import { type StuckProblem, stuckProblems } from "./stuck-problems.ts";

export interface StuckDevice {
  readonly device: Device;
  /** At least one. */
  readonly problems: readonly StuckProblem[];
}

export interface StuckDevicePage {
  readonly devices: readonly StuckDevice[];
  /** As of `DevicePage`. */
  readonly next: Eui64 | undefined;
}

type Store = Pick<DeviceStore, "findStuckDevices" | "loadDevice"> &
  Pick<PeerStore, "loadNetworkServer" | "loadApplicationServer">;

/** So many attempts in a row do not fail by chance. */
const FAILED_ATTEMPTS = 3;
/** A twentieth of all UpdateIDs is left. */
const LOW_UPDATE_ID = 62_258;

/**
 * Devices whose updates need a hand, in the order of their DevEUI.
 *
 * @param query `waitingMs`: how long an update may rest before it counts as stuck
 */
export async function findStuckDevices(
  store: Store,
  clock: Clock,
  query: { readonly waitingMs: number; readonly limit: number; readonly after?: Eui64 | undefined },
): Promise<StuckDevicePage> {
  const limits = {
    quietSinceAtMost: clock.now() - query.waitingMs,
    failedAttemptsAtLeast: FAILED_ATTEMPTS,
    lastUpdateIdAtLeast: LOW_UPDATE_ID,
  };
  const page = await store.findStuckDevices(
    { ...limits, startedAtMost: limits.quietSinceAtMost },
    query.limit,
    query.after,
  );
  const devices: StuckDevice[] = [];
  for (const devEui of page.devEuis) {
    const device = await store.loadDevice(devEui);
    if (device === undefined) continue;
    const peers = {
      networkServer: await store.loadNetworkServer(device.homeNetId),
      applicationServer: await store.loadApplicationServer(device.asId),
    };
    const problems = stuckProblems(device, peers, limits);
    if (problems.length > 0) devices.push({ device, problems });
  }
  return { devices, next: page.next };
}

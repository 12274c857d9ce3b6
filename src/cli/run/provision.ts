import { randomBytes } from "node:crypto";
import { AS_ID, JOIN_EUI, type LocalNetwork, NET_ID } from "./local-network.ts";

/** A device of the running network. */
export interface DemoDevice {
  readonly devEui: string;
  readonly macVersion: string;
  /** Milliseconds of device time between its own uplinks. */
  readonly uplinkIntervalMs: number;
  /** Time between updates that the Network Server may ask for. */
  readonly minimumUpdatePeriodMs: number;
}

/**
 * Makes a device known to the Join Server, the Network Server and the simulator, as a factory and an
 * operator would: its root keys are drawn here, go to the device and to the Join Server, and are
 * forgotten. A device that is there from an earlier run stays as it is.
 *
 * @returns the root keys, in hex, for a test that must search for them; undefined for a known device
 */
export async function provisionDevice(
  network: LocalNetwork,
  device: DemoDevice,
): Promise<{ nwkKey: string; appKey: string | undefined } | undefined> {
  const path = `/devices/${device.devEui}`;
  if (await isKnown(network, path)) return undefined;
  const nwkKey = randomBytes(16).toString("hex");
  const appKey = device.macVersion === "1.1.0" ? randomBytes(16).toString("hex") : undefined;
  const keys = { nwkKey, ...(appKey !== undefined && { appKey }) };
  const common = { joinEui: JOIN_EUI, macVersion: device.macVersion };
  await network.api("join-server").request("PUT", path, {
    ...common,
    ...keys,
    homeNetId: NET_ID,
    asId: AS_ID,
    minimumUpdatePeriodMs: device.minimumUpdatePeriodMs,
  });
  await network.api("network-server").request("PUT", path, { ...common, asId: AS_ID });
  await network.api("simulator").request("PUT", path, {
    ...common,
    ...keys,
    uplinkIntervalMs: device.uplinkIntervalMs,
  });
  return { nwkKey, appKey };
}

function isKnown(network: LocalNetwork, path: string): Promise<boolean> {
  return network
    .api("simulator")
    .get(path)
    .then(() => true)
    .catch(() => false);
}

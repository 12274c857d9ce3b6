import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
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

/** Root keys in hex. */
export interface DrawnRootKeys {
  readonly nwkKey: string;
  readonly appKey?: string;
}

/**
 * Makes a device known to the Join Server, the Network Server and the simulator, as a factory and an
 * operator would: its root keys are drawn here, go to the device and to the Join Server, and are
 * forgotten. A device that is there from an earlier run stays as it is. Until every role has the device,
 * its keys stand in a file of the owner's, so that an interrupted start can be finished by the next one.
 *
 * @returns the root keys, for a test that must search for them; undefined for a known device
 */
export async function provisionDevice(
  network: LocalNetwork,
  device: DemoDevice,
): Promise<DrawnRootKeys | undefined> {
  const path = `/devices/${device.devEui}`;
  const keyFile = join(network.folderOf("provisioning"), device.devEui);
  if (!existsSync(keyFile) && (await isKnown(network, path))) return undefined;
  const keys = readOrDrawKeys(keyFile, device.macVersion);
  const common = { joinEui: JOIN_EUI, macVersion: device.macVersion };
  await network.api("join-server").request("PUT", path, {
    ...common,
    ...keys,
    homeNetId: NET_ID,
    asId: AS_ID,
    updatePolicy: { minimumPeriodMs: device.minimumUpdatePeriodMs },
  });
  await network.api("network-server").request("PUT", path, { ...common, asId: AS_ID });
  await network.api("simulator").request("PUT", path, {
    ...common,
    ...keys,
    uplinkIntervalMs: device.uplinkIntervalMs,
  });
  rmSync(keyFile);
  return keys;
}

function readOrDrawKeys(keyFile: string, macVersion: string): DrawnRootKeys {
  if (existsSync(keyFile)) return JSON.parse(readFileSync(keyFile, "utf8")) as DrawnRootKeys;
  const nwkKey = randomBytes(16).toString("hex");
  const keys =
    macVersion === "1.1.0" ? { nwkKey, appKey: randomBytes(16).toString("hex") } : { nwkKey };
  mkdirSync(dirname(keyFile), { recursive: true, mode: 0o700 });
  writeFileSync(keyFile, JSON.stringify(keys), { mode: 0o600, flush: true });
  return keys;
}

function isKnown(network: LocalNetwork, path: string): Promise<boolean> {
  return network
    .api("simulator")
    .get(path)
    .then(() => true)
    .catch(() => false);
}

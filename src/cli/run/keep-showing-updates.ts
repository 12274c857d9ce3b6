import { setTimeout as sleep } from "node:timers/promises";
import { WarrenError } from "../../errors.ts";
import type { LocalNetwork } from "./local-network.ts";
import type { DemoDevice } from "./provision.ts";
import type { JoinServerDevice } from "./role-answers.ts";

const LOOK_EVERY_MS = 1_000;

/** Prints a line whenever a root key update of a device gets further, until `stop`. */
export async function keepShowingUpdates(
  network: LocalNetwork,
  devices: readonly DemoDevice[],
  stop: AbortSignal,
  print: (text: string) => void,
): Promise<void> {
  const lastLines = new Map<string, string>();
  while (!stop.aborted) {
    for (const device of devices) {
      const line = await describeUpdate(network, device).catch((error) => {
        if (!(error instanceof WarrenError)) throw error;
        return undefined;
      });
      if (line === undefined || lastLines.get(device.devEui) === line) continue;
      lastLines.set(device.devEui, line);
      const time = new Date().toISOString().slice(11, 19);
      print(`${time}  ${device.macVersion.padEnd(6)} ${device.devEui}  ${line}`);
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal: stop }).catch(() => undefined);
  }
}

async function describeUpdate(network: LocalNetwork, device: DemoDevice): Promise<string> {
  const path = `/devices/${device.devEui}`;
  const { generation, update, rootKeys } = await network
    .api("join-server")
    .get<JoinServerDevice>(path);
  const keys = `generation ${generation}, NwkKey ${rootKeys.nwkKey}, AppKey ${rootKeys.appKey}`;
  if (update === null) return keys;
  const reason = update.reason === null ? "" : ` (${update.reason})`;
  return `${keys}; update ${update.updateId} by ${update.suite}: ${update.status}${reason}`;
}

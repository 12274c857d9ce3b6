import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalNetwork, type LocalNetworkOptions } from "../../../src/cli/run/local-network.ts";
import type { DemoDevice } from "../../../src/cli/run/provision.ts";

const ANY_PORT = {
  backend: 0,
  admin: 0,
  gateway: 0,
  networkServer: 0,
  applicationServer: 0,
  simulator: 0,
};

/** Devices live this many times faster in tests. */
export const TEST_SPEED = 10;

export interface TestNetwork {
  readonly network: LocalNetwork;
  readonly dataFolder: string;
  /** Roles that ended without having been asked to, with their last words. */
  readonly unexpectedEnds: string[];
  /** Stops all roles and removes their data. */
  remove(): Promise<void>;
}

/** All roles as real processes on free ports, with their data in a temporary folder. Not started yet. */
export function createTestNetwork(options: Partial<LocalNetworkOptions>): TestNetwork {
  const dataFolder = mkdtempSync(join(tmpdir(), "warren-e2e-"));
  const unexpectedEnds: string[] = [];
  const network = new LocalNetwork({
    dataFolder,
    host: "127.0.0.1",
    ports: ANY_PORT,
    region: "EU868",
    speed: TEST_SPEED,
    loss: 0,
    logLevel: "debug",
    onUnexpectedEnd: (role, words) => unexpectedEnds.push(`${role}: ${words}`),
    ...options,
    roleArguments: {
      "network-server": ["--deduplication-ms", "20", "--rx-delay", "3"],
      "join-server": [
        ...["--update-expiry-seconds", "20", "--update-attempt-period-seconds", "0"],
        ...["--update-shortest-period-seconds", "0"],
      ],
      ...options.roleArguments,
    },
  });
  return {
    network,
    dataFolder,
    unexpectedEnds,
    remove: async () => {
      await network.stop();
      // For a look at logs and databases after a failure.
      if (process.env["WARREN_KEEP_DATA"]) return;
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

/** A device that reports every 20 s of its own time and may be updated at any time. */
export function testDevice(macVersion: string, index: number): DemoDevice {
  return {
    devEui: `70b3d57ed0020${index.toString(16).padStart(3, "0")}`,
    macVersion,
    uplinkIntervalMs: 20_000,
    minimumUpdatePeriodMs: 0,
  };
}

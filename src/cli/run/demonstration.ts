import { resolve } from "node:path";
import { styleText } from "node:util";
import { WarrenError } from "../../errors.ts";
import type { RunOptions } from "../run.ts";
import { keepShowingUpdates } from "./keep-showing-updates.ts";
import type { KeyView } from "./key-view.ts";
import { liveTheLife } from "./life-of-a-device.ts";
import { LocalNetwork } from "./local-network.ts";
import { formatAddresses, formatStep } from "./print-steps.ts";
import { type DemoDevice, provisionDevice } from "./provision.ts";

const VERSIONS = ["1.0.2", "1.0.3", "1.0.4", "1.1.0"] as const;
/** Device time between the uplinks a device sends by itself. */
const UPLINK_INTERVAL_MS = 60_000;
/** The gateways are on the same machine: copies of a frame come within milliseconds. */
const DEDUPLICATION_MS = 40;

/**
 * `npm start`: starts the network, lives the lives of its devices, and stays up.
 *
 * @returns the exit status: 0 when every step was verified
 * @throws WarrenError `port-in-use`, `configuration-invalid`
 */
export async function runDemonstration(options: RunOptions): Promise<number> {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => stop.abort());
  }
  let endedRole: string | undefined;
  const network = createNetwork(options, (role, lastWords) => {
    endedRole = role;
    process.stderr.write(`warren: ${role} ended unexpectedly: ${lastWords}\n`);
    stop.abort();
  });
  print("Starting four roles, each a process of its own...");
  try {
    await network.start();
    print(`${await formatWaysIn(network)}\n`);
    const devices = VERSIONS.map((macVersion, index) => demoDevice(macVersion, index, options));
    const isVerified = await liveAllLives(network, devices, options, stop.signal);
    if (isVerified && !options.once && !stop.signal.aborted) {
      print(await stayingUp(options, network));
      await keepShowingUpdates(network, devices, stop.signal, print);
    }
    return isVerified && endedRole === undefined ? 0 : 1;
  } finally {
    print("\nStopping the roles...");
    await network.stop();
    print("Stopped.");
  }
}

function createNetwork(
  options: RunOptions,
  onUnexpectedEnd: (role: string, lastWords: string) => void,
): LocalNetwork {
  return new LocalNetwork({
    dataFolder: resolve(options.data),
    host: options.host,
    allowsPlainHttp: options.allowPlainHttp,
    ports: {
      backend: options.backendPort,
      admin: options.adminPort,
      gateway: options.gatewayPort,
      networkServer: options.networkServerPort,
      applicationServer: options.applicationServerPort,
      simulator: options.simulatorPort,
    },
    region: options.region,
    speed: options.speed,
    loss: options.loss,
    logLevel: options.logLevel,
    roleArguments: {
      "network-server": [
        ...["--deduplication-ms", `${DEDUPLICATION_MS}`],
        ...["--root-key-update-after-seconds", `${options.updateEverySeconds}`],
        ...["--root-key-update-retry-seconds", "10"],
      ],
      // A device that missed everything is tried again soon; an operator would wait a day.
      "join-server": [
        ...["--update-expiry-seconds", "120"],
        ...["--update-attempt-period-seconds", "10"],
        // Nobody watches for the half hour that the paper allows at least.
        ...["--update-shortest-period-seconds", "0"],
      ],
    },
    onUnexpectedEnd,
  });
}

function demoDevice(macVersion: string, index: number, options: RunOptions): DemoDevice {
  return {
    devEui: `70b3d57ed00100${(index + 1).toString(16).padStart(2, "0")}`,
    macVersion,
    uplinkIntervalMs: UPLINK_INTERVAL_MS,
    minimumUpdatePeriodMs: (options.updateEverySeconds * 1000) / 2,
  };
}

/** All devices at once, each step printed as it is verified. False when one did not come about. */
async function liveAllLives(
  network: LocalNetwork,
  devices: readonly DemoDevice[],
  options: RunOptions,
  stop: AbortSignal,
): Promise<boolean> {
  const start = Date.now();
  const outcomes = await Promise.all(
    devices.map(async (device) => {
      let previous: KeyView | undefined;
      try {
        await provisionDevice(network, device);
        await liveTheLife({
          network,
          device,
          timeoutMs: options.stepTimeoutSeconds * 1000,
          isStopped: () => stop.aborted,
          onStep: (step) => {
            print(`${formatStep(device, step, previous)}\n`);
            previous = step.view;
          },
        });
        return true;
      } catch (error) {
        if (!(error instanceof WarrenError)) throw error;
        if (!stop.aborted) print(styleText("red", `FAILED: ${error.message}`));
        return false;
      }
    }),
  );
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  const isVerified = outcomes.every(Boolean);
  if (isVerified) {
    print(
      styleText("green", `Every step of ${devices.length} devices was verified, in ${seconds} s.`),
    );
  }
  return isVerified;
}

/** The console comes first, by a link that is new each time: each is for one sign-in within ten minutes. */
async function formatWaysIn(network: LocalNetwork): Promise<string> {
  return formatAddresses({ console: await network.consoleLink(), ...network.addresses() });
}

async function stayingUp(options: RunOptions, network: LocalNetwork): Promise<string> {
  return `
The network stays up. Devices go on sending, ${options.speed} times as fast as real ones, and change their root
keys every ${options.updateEverySeconds} s or so (a real network would wait months; the default minimum is a day).

${await formatWaysIn(network)}

    tokens for these APIs     ${network.folderOf("join-server")}/admin-token and so on
    logs                      ${resolve(options.data)}/logs

Ctrl-C stops everything.
`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

import { randomInt } from "node:crypto";
import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import type { Logger as PinoLogger } from "pino";
import { systemClock } from "../clock.ts";
import { systemRandomBytes } from "../crypto/random.ts";
import { regionByName } from "../lorawan/region/regions.ts";
import { loadOrCreateAdminToken } from "../server/admin-token.ts";
import { listen } from "../server/http-app.ts";
import { createSimulatorApp } from "../server/simulator/simulator-app.ts";
import type { NetworkServerAddress } from "../simulator/gateway/udp-link.ts";
import { Simulator } from "../simulator/simulator.ts";
import { SqliteSimulatorStore } from "../storage/simulator/sqlite-simulator-store.ts";
import {
  addListenerOptions,
  type ListenerOptions,
  tlsFilesOf,
} from "./connections/listener-options.ts";
import {
  decimalNumber,
  logLevelOption,
  parseCount,
  parsePort,
  parseShare,
  regionOption,
  wholeNumber,
} from "./options.ts";
import { type RunningRole, runRole } from "./role-process.ts";

export interface SimulatorSettings extends ListenerOptions {
  /** Folder for the devices' memories and the administration token. */
  readonly data: string;
  readonly host: string;
  readonly httpPort: number;
  readonly networkServer: NetworkServerAddress;
  readonly gateways: number;
  /** All when left out. */
  readonly gatewaysInRange?: number;
  readonly region: string;
  readonly speed: number;
  readonly lossUp: number;
  readonly lossDown: number;
  readonly delayMs: number;
  readonly duplicate: number;
  readonly seed?: number;
}

const GATEWAYS_MAX = 64;
const DEFAULT_NETWORK_SERVER: NetworkServerAddress = { host: "127.0.0.1", port: 1700 };

/** `warren simulator`: end-devices and gateways. */
export function simulatorCommand(): Command {
  const command = new Command("simulator")
    .description(
      "Runs end-devices (LoRaWAN 1.0.x and 1.1) that join, send and change their root keys by " +
        "themselves, an air with settable faults, and gateways that speak the Semtech UDP packet " +
        "forwarder protocol, version 2.",
    )
    .option("--data <folder>", "where its devices and admin token live", "data/simulator")
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--http-port <port>", "control API; 0 takes a free one", parsePort, 7099)
    .addOption(
      new Option("--network-server <host:port>", "where the gateways report")
        .argParser(parseNetworkServer)
        .default(DEFAULT_NETWORK_SERVER, "127.0.0.1:1700"),
    )
    .option("--gateways <number>", "how many gateways there are", wholeNumber(1, GATEWAYS_MAX), 1)
    .option(
      "--gateways-in-range <number>",
      "how many of them hear one device; all if left out",
      wholeNumber(1, GATEWAYS_MAX),
    )
    .addOption(regionOption())
    .option(
      "--speed <factor>",
      "how many times faster than real all devices live",
      decimalNumber(0.001, 1_000),
      1,
    );
  return addAirOptions(addListenerOptions(command))
    .addOption(logLevelOption())
    .addHelpText(
      "after",
      `
The control API (/api/v1) wants the token in <data>/admin-token:

  curl -H "Authorization: Bearer $(cat data/simulator/admin-token)" \\
    -N http://127.0.0.1:7099/api/v1/events`,
    )
    .action((settings: SimulatorSettings & { readonly logLevel: string }) =>
      runRole("simulator", settings, (logger) => startSimulator(settings, logger)),
    );
}

function addAirOptions(command: Command): Command {
  return command
    .option("--loss-up <share>", "uplinks that a gateway does not hear", parseShare, 0)
    .option("--loss-down <share>", "downlinks that a device does not hear", parseShare, 0)
    .option("--delay-ms <time>", "most that a frame is late on the air", parseCount, 0)
    .option("--duplicate <share>", "frames that are recorded and come again", parseShare, 0)
    .option("--seed <number>", "repeats the faults of the air; never keys or nonces", parseCount);
}

/**
 * Starts the simulator in this process.
 *
 * @throws WarrenError `configuration-invalid`, `storage-failed`, `port-in-use`
 */
export async function startSimulator(
  settings: SimulatorSettings,
  logger: PinoLogger,
): Promise<RunningRole> {
  const adminToken = loadOrCreateAdminToken(join(settings.data, "admin-token"));
  const store = new SqliteSimulatorStore(join(settings.data, "simulator.sqlite"));
  const { lossUp, lossDown, delayMs, duplicate, networkServer, speed } = settings;
  const { gatewaysInRange } = settings;
  const simulator = new Simulator(
    {
      region: regionByName(settings.region),
      networkServer,
      gatewayCount: settings.gateways,
      speed,
      air: {
        ...{ lossUp, lossDown, delayMs, duplicate },
        ...(gatewaysInRange !== undefined && { gatewaysInRange }),
      },
      seed: settings.seed ?? randomInt(2 ** 32),
    },
    { store, clock: systemClock, logger, randomBytes: systemRandomBytes },
  );
  const app = createSimulatorApp({ simulator, adminToken, tls: tlsFilesOf(settings) }, logger);
  const close = async () => {
    await app.close();
    simulator.close();
    store.close();
  };
  try {
    const { host, httpPort: port, allowPlainHttp: allowsPlainHttp } = settings;
    const url = await listen(app, { host, port, allowsPlainHttp });
    await simulator.start();
    return { addresses: { http: url }, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** `host:port`, `[::1]:1700` for IPv6. */
function parseNetworkServer(text: string): NetworkServerAddress {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+)):(\d+)$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined) {
    throw new InvalidArgumentError("an address such as 127.0.0.1:1700 is needed.");
  }
  return { host, port: parsePort(match?.[3] ?? "") };
}

import { Command } from "commander";
import {
  decimalNumber,
  logLevelOption,
  parseCount,
  parsePort,
  parseShare,
  regionOption,
} from "./options.ts";
import { runDemonstration } from "./run/demonstration.ts";

/** Command line options of `warren run`. */
export interface RunOptions {
  readonly once: boolean;
  readonly data: string;
  readonly host: string;
  readonly allowPlainHttp: boolean;
  readonly backendPort: number;
  readonly adminPort: number;
  readonly gatewayPort: number;
  readonly networkServerPort: number;
  readonly applicationServerPort: number;
  readonly simulatorPort: number;
  readonly region: string;
  readonly speed: number;
  readonly loss: number;
  readonly updateEverySeconds: number;
  readonly stepTimeoutSeconds: number;
  readonly logLevel: string;
}

/** `warren run`, which is `npm start`: the whole network on one machine. */
export function runCommand(): Command {
  const command = new Command("run")
    .description(
      "Starts a Join Server, a Network Server, an Application Server and simulated devices with their " +
        "gateway as processes of their own on loopback, shows the whole life of devices of LoRaWAN 1.0.2, " +
        "1.0.3, 1.0.4 and 1.1 up to data under new root keys, and stays up with devices that go on sending " +
        "and updating. Ctrl-C stops everything.",
    )
    .option("--once", "end after the scenario; status 0 only if every step was verified", false)
    .option("--data <folder>", "databases, tokens, keys and logs of all roles", "data");
  addPortOptions(command);
  return command
    .addOption(regionOption())
    .option(
      "--speed <factor>",
      "how many times faster than real the devices live",
      decimalNumber(0.1, 50),
      5,
    )
    .option("--loss <share>", "share of frames lost on the air, each way", parseShare, 0)
    .option("--update-every-seconds <s>", "root key update period afterwards", parseCount, 60)
    .option("--step-timeout-seconds <s>", "longest wait for one step", parseCount, 120)
    .addOption(logLevelOption("what the roles log"))
    .action(async (options: RunOptions) => {
      process.exitCode = await runDemonstration(options);
    });
}

function addPortOptions(command: Command): void {
  command
    .option("--host <address>", "address all roles listen on", "127.0.0.1")
    .option("--allow-plain-http", "listen without TLS on an address that is not loopback", false)
    .option("--backend-port <port>", "Join Server, Backend Interfaces", parsePort, 7070)
    .option("--admin-port <port>", "Join Server, administration", parsePort, 7071)
    .option("--gateway-port <port>", "Network Server, gateways (UDP)", parsePort, 1700)
    .option("--network-server-port <port>", "Network Server, HTTP", parsePort, 7080)
    .option("--application-server-port <port>", "Application Server", parsePort, 7090)
    .option("--simulator-port <port>", "simulator, control", parsePort, 7099);
}

import { Command, InvalidArgumentError, Option } from "commander";
import { WarrenError } from "../errors.ts";
import { regions } from "../lorawan/region/regions.ts";
import { parseCount, parsePort, parseShare } from "./options.ts";
import { runDemonstration } from "./run/demonstration.ts";

/** Command line options of `warren run`. */
export interface RunOptions {
  readonly once: boolean;
  readonly data: string;
  readonly host: string;
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
    .summary("run a whole network on this machine and show the life of its devices")
    .description(
      "Starts a Join Server, a Network Server, an Application Server and simulated devices with their\n" +
        "gateway as processes of their own on loopback, shows the whole life of devices of LoRaWAN 1.0.2,\n" +
        "1.0.3, 1.0.4 and 1.1 up to data under new root keys, and stays up with devices that go on sending\n" +
        "and updating. Ctrl-C stops everything.",
    )
    .option("--once", "end after the scenario; status 0 only if every step was verified", false)
    .option("--data <folder>", "databases, tokens, keys and logs of all roles", "data");
  addPortOptions(command);
  return command
    .addOption(
      new Option("--region <name>", "frequency plan")
        .choices(regions.map(({ name }) => name))
        .default("EU868"),
    )
    .option("--speed <factor>", "how many times faster than real the devices live", parseSpeed, 5)
    .option("--loss <share>", "share of frames lost on the air, each way", parseShare, 0)
    .option("--update-every-seconds <s>", "root key update period afterwards", parseCount, 60)
    .option("--step-timeout-seconds <s>", "longest wait for one step", parseCount, 120)
    .addOption(
      new Option("--log-level <level>", "what the roles log")
        .choices(["debug", "info", "warn", "error", "silent"])
        .default("info"),
    )
    .action(async (options: RunOptions) => {
      try {
        process.exitCode = await runDemonstration(options);
      } catch (error) {
        if (!(error instanceof WarrenError)) throw error;
        process.stderr.write(`warren: ${error.message} (${error.code})\n`);
        process.exitCode = 1;
      }
    });
}

function addPortOptions(command: Command): void {
  command
    .option("--host <address>", "address all roles listen on", "127.0.0.1")
    .option("--backend-port <port>", "Join Server, Backend Interfaces", parsePort, 7070)
    .option("--admin-port <port>", "Join Server, administration", parsePort, 7071)
    .option("--gateway-port <port>", "Network Server, gateways (UDP)", parsePort, 1700)
    .option("--network-server-port <port>", "Network Server, HTTP", parsePort, 7080)
    .option("--application-server-port <port>", "Application Server", parsePort, 7090)
    .option("--simulator-port <port>", "simulator, control", parsePort, 7099);
}

function parseSpeed(text: string): number {
  const speed = Number(text);
  if (!(speed >= 0.1 && speed <= 50)) throw new InvalidArgumentError("a factor from 0.1 to 50.");
  return speed;
}

import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";
import { Command, CommanderError } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { WarrenError } from "../errors.ts";
import { USAGE_ERROR } from "./connections/secret-options.ts";

interface CommandEntry {
  readonly name: string;
  readonly group: string;
  readonly summary: string;
  /** Loads the command's own module, and with it what that needs. */
  readonly load: () => Promise<Command>;
}

const NETWORK = "A whole network on this machine:";
const ROLES = "The roles, each a process of its own:";
const CLIENT = "Administration of a Join Server that runs (--url, --token-file):";
const CARE = "To look after a Join Server:";
const TOOLS = "Tools:";

/** All commands but `help`, in the order of the help. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "run",
    group: NETWORK,
    summary: "start every role and simulated devices, show root keys change",
    load: async () => (await import("./run.ts")).runCommand(),
  },
  {
    name: "join-server",
    group: ROLES,
    summary: "hold root keys, answer joins, run root key updates",
    load: async () => (await import("./join-server/join-server-command.ts")).joinServerCommand(),
  },
  {
    name: "network-server",
    group: ROLES,
    summary: "serve gateways, hold network sessions, relay updates",
    load: async () => (await import("./network-server.ts")).networkServerCommand(),
  },
  {
    name: "application-server",
    group: ROLES,
    summary: "hold AppSKeys, decrypt uplinks, encrypt downlinks",
    load: async () => (await import("./application-server.ts")).applicationServerCommand(),
  },
  {
    name: "simulator",
    group: ROLES,
    summary: "simulated end-devices and gateways that speak the real protocols",
    load: async () => (await import("./simulator.ts")).simulatorCommand(),
  },
  {
    name: "device",
    group: CLIENT,
    summary: "list, show, register, change and delete devices",
    load: async () => (await import("./client/device.ts")).deviceCommand(),
  },
  {
    name: "import",
    group: CLIENT,
    summary: "devices from other servers and suppliers, with their keys",
    load: async () => (await import("./client/import.ts")).importCommand(),
  },
  {
    name: "export",
    group: CLIENT,
    summary: "devices for other servers, with or without their keys",
    load: async () => (await import("./client/export/export.ts")).exportCommand(),
  },
  {
    name: "campaign",
    group: CLIENT,
    summary: "new root keys for many devices: at a rate, canaries first",
    load: async () => (await import("./client/campaign.ts")).campaignCommand(),
  },
  {
    name: "policy",
    group: CLIENT,
    summary: "when devices get new root keys by themselves, and what that costs",
    load: async () => (await import("./client/policy/policy-command.ts")).policyCommand(),
  },
  {
    name: "device-profile",
    group: CLIENT,
    summary: "the same for devices of one kind",
    load: async () =>
      (await import("./client/policy/device-profile-command.ts")).deviceProfileCommand(),
  },
  {
    name: "keys",
    group: CLIENT,
    summary: "find weak root keys; export root keys",
    load: async () => (await import("./client/keys/keys.ts")).keysCommand(),
  },
  {
    name: "peer",
    group: CLIENT,
    summary: "Network and Application Servers that are answered",
    load: async () => (await import("./client/peer.ts")).peerCommand(),
  },
  {
    name: "join-eui",
    group: CLIENT,
    summary: "JoinEUIs that are served",
    load: async () => (await import("./client/join-eui.ts")).joinEuiCommand(),
  },
  {
    name: "token",
    group: CLIENT,
    summary: "API tokens and their roles",
    load: async () => (await import("./client/token.ts")).tokenCommand(),
  },
  {
    name: "audit",
    group: CLIENT,
    summary: "who changed what and read which keys; check that nobody changed the log",
    load: async () => (await import("./client/audit.ts")).auditCommand(),
  },
  {
    name: "console",
    group: CLIENT,
    summary: "print a link that signs a browser in to the web console",
    load: async () => (await import("./client/console.ts")).consoleCommand(),
  },
  {
    name: "config",
    group: CARE,
    summary: "check or show the configuration of a Join Server",
    load: async () => (await import("./config/inspect/config-command.ts")).configCommand(),
  },
  {
    name: "health",
    group: CARE,
    summary: "ask the Join Server on this machine whether it is ready",
    load: async () => (await import("./join-server/health-command.ts")).healthCommand(),
  },
  {
    name: "vault",
    group: CARE,
    summary: "the keys that the Join Server's database is encrypted under",
    load: async () => (await import("./vault.ts")).vaultCommand(),
  },
  {
    name: "backup",
    group: CARE,
    summary: "write everything a Join Server keeps into one file",
    load: async () => (await import("./backup/backup-command.ts")).backupCommand(),
  },
  {
    name: "restore",
    group: CARE,
    summary: "bring a backup into a database, of either kind",
    load: async () => (await import("./backup/restore-command.ts")).restoreCommand(),
  },
  {
    name: "encrypt-keys",
    group: TOOLS,
    summary: "seal a file of devices to a Join Server, for suppliers",
    load: async () => (await import("./client/keys/encrypt-keys.ts")).encryptKeysCommand(),
  },
  {
    name: "kdf",
    group: TOOLS,
    summary: "derive new root keys, as a root key update does",
    load: async () => (await import("./kdf.ts")).kdfCommand(),
  },
  {
    name: "frame",
    group: TOOLS,
    summary: "explain a LoRaWAN frame",
    load: async () => (await import("./frame.ts")).frameCommand(),
  },
  {
    name: "evaluate",
    group: TOOLS,
    summary: "repeat the paper's measurements and more, as a report",
    load: async () => (await import("./evaluate.ts")).evaluateCommand(),
  },
];

const HELP = `
Exit status: 0 after success, 1 after a failure, 2 for a wrong command line.
Each command has its own help: warren <command> --help`;

/** Where the command line says how it is used and what went wrong. */
export interface CommandLineOutput {
  writeOut(text: string): void;
  writeErr(text: string): void;
}

const PROCESS_OUTPUT: CommandLineOutput = {
  writeOut: (text) => process.stdout.write(text),
  writeErr: (text) => process.stderr.write(text),
};

/**
 * Runs the `warren` command line and sets the exit status: 0, 1 after a failure, 2 for a wrong command
 * line. Only the module of the command that is asked for is loaded.
 */
export async function main(
  args: readonly string[],
  output: CommandLineOutput = PROCESS_OUTPUT,
): Promise<void> {
  const program = new Command("warren")
    .description(packageJson.description)
    .version(packageJson.version)
    .commandsGroup(TOOLS)
    .helpCommand(true)
    .exitOverride()
    .configureOutput({
      ...output,
      // What is wrong with the arguments is said without repeating what may be a key.
      outputError: (text, write) => write(text.replace(/[0-9a-f]{16,}/gi, "<hidden>")),
    })
    .showHelpAfterError("(warren --help shows what there is)")
    .addHelpText("after", HELP);
  const [first, second] = args.filter((argument) => !argument.startsWith("-"));
  const asked = first === "help" ? second : first;
  try {
    for (const entry of COMMANDS) {
      const isAsked = entry.name === asked;
      const command = isAsked ? await entry.load() : new Command(entry.name);
      program.addCommand(inherit(command.summary(entry.summary).helpGroup(entry.group), program));
    }
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    process.exitCode = exitStatusOf(error);
    // Commander has said its part itself.
    if (!(error instanceof CommanderError)) output.writeErr(`warren ${asked}: ${textOf(error)}\n`);
  }
}

/** Commands of other modules behave as the program does when something is wrong. */
function inherit(command: Command, program: Command): Command {
  command.copyInheritedSettings(program).showHelpAfterError(false);
  for (const inner of command.commands) inherit(inner, program);
  return command;
}

function exitStatusOf(error: unknown): number {
  if (!(error instanceof CommanderError)) return 1;
  return error.exitCode === 0 ? 0 : USAGE_ERROR;
}

function textOf(error: unknown): string {
  if (error instanceof WarrenError) return `${error.message} (${error.code})`;
  return `unexpected error\n${error instanceof Error ? error.stack : String(error)}`;
}

if (import.meta.main) {
  // As `bin/warren` says to Node, which for this file comes too late. Where it cannot be written, Node goes
  // on without it.
  enableCompileCache(fileURLToPath(new URL("../../node_modules/.cache/warren", import.meta.url)));
  // Who reads only the first lines, as `head` does, wants no more and no stack.
  process.stdout.once("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit();
  });
  await main(process.argv.slice(2));
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const WARREN = fileURLToPath(new URL("../bin/warren", import.meta.url));
/** Of `/proc/<pid>/stat`. */
const TICKS_PER_SECOND = 100;

/** What one start costs, in milliseconds. */
interface Cost {
  /** Until a command has ended, or a role is ready. */
  readonly wallMs: number;
  /** Of the processor meanwhile, all threads. */
  readonly cpuMs: number;
}

export interface StartFigures {
  readonly name: string;
  /** As users have it; then with nothing kept compiled. Medians. */
  readonly kept: Cost;
  readonly compiled: Cost;
}

const COMMANDS = [["--help"], ["device", "list", "--url", "http://127.0.0.1:1"], ["kdf", "--help"]];
const ROLES: Readonly<Record<string, readonly string[]>> = {
  "join-server": ["--backend-port", "0", "--admin-port", "0"],
  "network-server": ["--udp-port", "0", "--http-port", "0"],
  "application-server": ["--http-port", "0"],
};

/**
 * What commands and roles cost to start, with compiled code kept from the start before and without, in turn.
 * `device list` finds nobody at its address: it is measured as far as the refused connection.
 */
export async function measureStarts(rounds: number): Promise<readonly StartFigures[]> {
  const cases = [
    ...COMMANDS.map((args) => ({
      name: `warren ${args.slice(0, 2).join(" ")}`,
      run: (env: NodeJS.ProcessEnv) => runCommand(args, env),
    })),
    ...Object.entries(ROLES).map(([role, args]) => ({
      name: `warren ${role}`,
      run: (env: NodeJS.ProcessEnv) => startRole([role, ...args], env),
    })),
  ];
  const without = { ...process.env, NODE_DISABLE_COMPILE_CACHE: "1" };
  const figures: StartFigures[] = [];
  for (const { name, run } of cases) {
    await run(process.env);
    const [kept, compiled]: [Cost[], Cost[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      kept.push(await run(process.env));
      compiled.push(await run(without));
    }
    figures.push({ name, kept: medianOf(kept), compiled: medianOf(compiled) });
  }
  return figures;
}

export function printStarts(figures: readonly StartFigures[]): void {
  console.log(
    "Starts (processor ms, wall ms; with code kept compiled, without, ratio of processor)",
  );
  for (const { name, kept, compiled } of figures) {
    const cells = [kept.cpuMs, kept.wallMs, compiled.cpuMs, compiled.wallMs];
    const text = cells.map((ms) => ms.toFixed(0).padStart(8)).join("");
    console.log(`  ${name.padEnd(30)}${text}  x ${(compiled.cpuMs / kept.cpuMs).toFixed(2)}`);
  }
  console.log("");
}

async function runCommand(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Cost> {
  const startedAt = performance.now();
  // The shell tells in its second line what its children took.
  const script = '"$@" > /dev/null 2>&1; times';
  const child = spawn("sh", ["-c", script, "sh", WARREN, ...args], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  await once(child, "close");
  const parts = [...(text.split("\n")[1] ?? "").matchAll(/(\d+)m([\d.]+)s/g)];
  if (parts.length !== 2) throw new Error(`the shell does not tell times: ${text}`);
  const seconds = parts.reduce((sum, [, m, s]) => sum + 60 * Number(m) + Number(s), 0);
  return { wallMs: performance.now() - startedAt, cpuMs: seconds * 1000 };
}

async function startRole(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Cost> {
  const data = mkdtempSync(join(tmpdir(), "warren-start-"));
  try {
    const startedAt = performance.now();
    const child = spawn(WARREN, [...args, "--data", data], {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(child, "close");
    let cost: Cost | undefined;
    for await (const line of createInterface({ input: child.stdout })) {
      if (cost !== undefined || !line.includes('"event":"ready"')) continue;
      cost = { wallMs: performance.now() - startedAt, cpuMs: cpuMsOf(child.pid as number) };
      child.kill("SIGTERM");
    }
    const [status] = await ended;
    if (cost === undefined || status !== 0) throw new Error(`${args[0]} ended with ${status}`);
    return cost;
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // Behind the name, which may have spaces: fields 14 and 15 of all, user and system time.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
}

function medianOf(costs: readonly Cost[]): Cost {
  const middle = (values: number[]) =>
    values.sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
  return {
    wallMs: middle(costs.map(({ wallMs }) => wallMs)),
    cpuMs: middle(costs.map(({ cpuMs }) => cpuMs)),
  };
}

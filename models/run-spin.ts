import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const MODEL = fileURLToPath(new URL("root-key-update.pml", import.meta.url));
const TRAIL = "root-key-update.pml.trail";
const OUTPUT_MAX_BYTES = 64 * 2 ** 20;

/** The largest search depth, in steps, and the most memory, in megabytes; a search that needs more fails. */
const DEPTH_MAX = 1_000_000;
const MEMORY_MAX_MB = 2000;

/** One build of the model. */
export interface ModelBuild {
  /** Switches of the model, as of `-D`. */
  readonly switches: readonly string[];
  /** The names of the LTL claims to check, each for itself; none for assertions alone. */
  readonly claims: readonly string[];
  /** Millions of states: worth an optimising compilation and a large table. */
  readonly isLarge: boolean;
}

/** What SPIN found out by one search of the whole state space. */
export interface SearchResult {
  /** The LTL claim, or undefined for assertions. */
  readonly claim: string | undefined;
  /** `holds`, or what is violated: the name in the model's `must`, or of the claim. */
  readonly outcome: string;
  readonly states: number;
  readonly depth: number;
  readonly seconds: number;
  /** The events that lead to the violation, one a line; a claim's ends in a cycle. */
  readonly counterexample: readonly string[];
}

interface RunOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly maxBuffer: number;
  readonly signal: AbortSignal;
}

/** Why nothing can be checked here, or false. */
export function spinMissing(): string | false {
  const path = (process.env["PATH"] ?? "").split(":");
  const missing = ["spin", "gcc"].filter(
    (name) => !path.some((folder) => existsSync(join(folder, name))),
  );
  return missing.length > 0 && `not installed: ${missing.join(", ")} (apt-get install spin gcc)`;
}

/**
 * Searches every state of one build of the model, once for each claim.
 *
 * @param signal ends the search
 * @throws Error when SPIN or the compiler refuses, the search was not exhaustive or was ended
 */
export async function runSpin(build: ModelBuild, signal: AbortSignal): Promise<SearchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), "warren-spin-"));
  // The compiler's temporary files: when it is ended, its parts may put some there after it has cleaned up.
  const env = { ...process.env, TMPDIR: folder };
  const options = { cwd: folder, env, maxBuffer: OUTPUT_MAX_BYTES, signal };
  try {
    await run("spin", [...definesOf(build), "-a", MODEL], options);
    const mode = build.claims.length > 0 ? ["-DNFAIR=3"] : ["-DSAFETY"];
    const limit = `-DMEMLIM=${MEMORY_MAX_MB}`;
    await run(
      "gcc",
      [build.isLarge ? "-O2" : "-O0", "-w", ...mode, limit, "-o", "pan", "pan.c"],
      options,
    );
    const results: SearchResult[] = [];
    for (const claim of build.claims.length > 0 ? build.claims : [undefined]) {
      results.push(await search(build, claim, options));
    }
    return results;
  } finally {
    // What was ended may still put a file there.
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function search(
  build: ModelBuild,
  claim: string | undefined,
  options: RunOptions,
): Promise<SearchResult> {
  const folder = options.cwd;
  await rm(join(folder, TRAIL), { force: true });
  const table = build.isLarge ? "-w24" : "-w20";
  const ofClaim = claim === undefined ? [] : ["-a", "-f", "-N", claim];
  const startedAt = performance.now();
  const { stdout } = await run(
    join(folder, "pan"),
    [`-m${DEPTH_MAX}`, table, "-n", ...ofClaim],
    options,
  );
  const seconds = (performance.now() - startedAt) / 1000;
  const errors = numberIn(stdout, /errors: (\d+)/);
  const common = {
    claim,
    states: numberIn(stdout, /(\d+) states, stored/),
    depth: numberIn(stdout, /depth reached (\d+)/),
    seconds,
  };
  if (errors === 0) {
    requireExhaustive(stdout);
    return { ...common, outcome: "holds", counterexample: [] };
  }
  const defines = definesOf(build);
  const replayed = await run("spin", [...defines, "-T", "-B", "-k", TRAIL, "-t", MODEL], options);
  const lines = replayed.stdout.split("\n").map((line) => line.trim());
  const outcome = lines.find((line) => line.startsWith("VIOLATED: "))?.slice("VIOLATED: ".length);
  if (outcome === undefined && claim === undefined) {
    throw new Error(`SPIN found an error that the model does not name:\n${stdout}`);
  }
  return { ...common, outcome: outcome ?? `${claim}`, counterexample: lines.filter(isEvent) };
}

function definesOf({ switches }: ModelBuild): string[] {
  return switches.map((name) => `-D${name}`);
}

/** A search that was cut short proves nothing. */
function requireExhaustive(output: string): void {
  const isCut =
    /max search depth too small|out of memory|MEMLIM|search was not completed|hash table full/i;
  const isFull = /^Full statespace search/m;
  if (isCut.test(output) || !isFull.test(output)) {
    throw new Error(`the search was not exhaustive:\n${output}`);
  }
}

function numberIn(output: string, pattern: RegExp): number {
  const found = pattern.exec(output)?.[1];
  if (found === undefined) throw new Error(`no "${pattern.source}" in what pan says:\n${output}`);
  return Number(found);
}

function isEvent(line: string): boolean {
  return /^(Join Server|end-device|operator|network|the network|<<<<<START OF CYCLE)/.test(line);
}

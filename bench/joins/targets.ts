import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { BenchServer } from "../join-load.ts";
import { writePopulation } from "./population.ts";

const ECHO = fileURLToPath(new URL("./echo-server.ts", import.meta.url));
const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

/** A server that takes JoinReqs, or looks as if it did. */
export interface Target {
  readonly name: string;
  readonly url: string;
  /** Whether its answers are those of a Join Server. */
  readonly answersJoins: boolean;
  /** Joins accepted and refused since its start, where it keeps count. */
  counts?(): Promise<{ readonly accepted: number; readonly refused: number }>;
  remove(): Promise<void>;
}

/** Warren with SQLite and all devices, and nothing changed but the limits of rate, which are off. */
export async function startWarren(settings = ""): Promise<Target & { readonly pid: number }> {
  const server = new BenchServer(settings);
  await server.start();
  try {
    await server.addPeers();
    await importPopulation(server);
  } catch (error) {
    await server.remove();
    throw error;
  }
  return { ...targetOf(server, "Warren, SQLite"), pid: server.pid };
}

/** Brings all devices into the database of a Join Server that runs. */
export async function importPopulation({ folder, configFile }: BenchServer): Promise<void> {
  const file = join(folder, "devices.jsonl");
  await writePopulation(file);
  const child = spawn(
    process.execPath,
    [MAIN, "import", file, "--json", "--direct", "--config", configFile],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const ended = once(child, "exit");
  const answer = await text(child.stdout);
  const [status] = (await ended) as [number | null];
  if (status !== 0) throw new Error(`warren import ended with ${status}: ${answer}`);
}

export function targetOf(server: BenchServer, name: string): Target {
  return {
    name,
    url: `http://127.0.0.1:${server.backendPort}`,
    answersJoins: true,
    counts: () => countJoins(server),
    remove: () => server.remove(),
  };
}

async function countJoins(server: BenchServer) {
  const authorization = `Bearer ${readFileSync(server.tokenFile, "utf8").trim()}`;
  const response = await fetch(`${server.adminUrl}/metrics`, { headers: { authorization } });
  const metrics = await response.text();
  const sum = (name: string) =>
    [...metrics.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\d+)$`, "gm"))]
      .map(([, value]) => Number(value))
      .reduce((a, b) => a + b, 0);
  return {
    accepted: sum("warren_joins_accepted_total"),
    refused: sum("warren_joins_refused_total"),
  };
}

/** HTTP and JSON of Node and nothing else, on two cores. */
export async function startEcho(): Promise<Target> {
  const child = spawn(process.execPath, [ECHO], { stdio: ["ignore", "pipe", "inherit"] });
  return {
    name: "Node HTTP JSON echo, two processes",
    url: await firstLine(child),
    answersJoins: false,
    remove: () => ended(child),
  };
}

/**
 * A Join Server of somebody else.
 *
 * @param program has the devices of `population.ts` and the KEKs of `check-joins.ts`, listens on a port of
 *   this machine and prints its URL
 */
export async function startAnchor(program: string): Promise<Target> {
  const child = spawn(program, { stdio: ["ignore", "pipe", "inherit"] });
  return {
    name: basename(program),
    url: await firstLine(child),
    answersJoins: true,
    remove: () => ended(child),
  };
}

async function firstLine(child: ChildProcess): Promise<string> {
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const [line] = (await once(lines, "line")) as [string];
  return line;
}

async function ended(child: ChildProcess): Promise<void> {
  const exit = once(child, "exit");
  child.kill();
  await exit;
}

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { formatHex } from "../src/lorawan/hex.ts";
import {
  BENCH_AS_ID,
  BENCH_JOIN_EUI,
  BENCH_NET_ID,
  type BenchDevice,
  BenchServer,
  benchDevEui,
  benchDevice,
  joinReqBody,
  median,
  postAll,
} from "./join-load.ts";

const HELP = `npm run bench:scale -- [--devices N] [--rounds N] [--joins N] [--out FOLDER]

Imports N devices into a Join Server on SQLite with \`warren import\`, starts it anew, and compares what
a join of a random device costs with N devices and with 1,000, round after round in turn.

  --devices N   how many (default 1000000)
  --rounds N    rounds of joins on each of the two (default 9)
  --joins N     joins a round (default 1000)
  --no-direct   import over the administration API, not with --direct
  --out FOLDER  where the JSON goes (default bench-results)`;

const FEW = 1_000;
const VERSION = "1.0.4";
const MAIN = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));

interface Imported {
  readonly server: BenchServer;
  readonly devices: number;
  readonly seconds: number;
  /** Of them those until the whole file was looked through. */
  readonly checkSeconds: number;
  readonly commandPeakMB: number;
}

const { values } = parseArgs({
  allowNegative: true,
  options: {
    direct: { type: "boolean", default: true },
    devices: { type: "string", default: "1000000" },
    rounds: { type: "string", default: "9" },
    joins: { type: "string", default: "1000" },
    out: { type: "string", default: "bench-results" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) console.log(HELP);
else await main(Number(values.devices), Number(values.rounds), Number(values.joins));

async function main(count: number, rounds: number, joins: number): Promise<void> {
  const many = await importDevices(count);
  const few = await importDevices(FEW);
  try {
    const importPeakMB = memoryMB(many.server.pid, "VmHWM");
    await many.server.stop();
    const startSeconds = await many.server.start();
    const costs = await compareJoins(many, few, rounds, joins);
    const result = {
      processor: cpus()[0]?.model ?? "unknown",
      cores: cpus().length,
      node: process.version,
      devices: count,
      isDirect: values.direct,
      importSeconds: many.seconds,
      devicesPerSecond: count / many.seconds,
      checkedPerSecond: count / many.checkSeconds,
      writtenPerSecond: count / (many.seconds - many.checkSeconds),
      importCommandPeakMB: many.commandPeakMB,
      importPeakMB,
      startSeconds,
      joinsPeakMB: memoryMB(many.server.pid, "VmHWM"),
      ...costs,
    };
    console.log(JSON.stringify(result, null, 2));
    mkdirSync(values.out, { recursive: true });
    writeFileSync(`${values.out}/scale.json`, `${JSON.stringify(result, null, 2)}\n`);
  } finally {
    await many.server.remove();
    await few.server.remove();
  }
}

/** Keys that need not be kept: each comes from the index. */
function keyOf(index: number): Uint8Array {
  return new Uint8Array(createHash("sha256").update(`bench ${index}`).digest().subarray(0, 16));
}

async function importDevices(count: number): Promise<Imported> {
  const server = new BenchServer();
  await server.start();
  await server.addPeers();
  const file = join(server.folder, "devices.jsonl");
  await writeDevices(file, count);
  const connection = values.direct
    ? ["--direct", "--config", server.configFile]
    : ["--url", server.adminUrl, "--token-file", server.tokenFile];
  const start = performance.now();
  const child = spawn(process.execPath, [MAIN, "import", file, "--json", ...connection], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let commandPeakMB = 0;
  const watch = setInterval(() => {
    // One that has just ended has no memory any more.
    if (child.exitCode !== null) return;
    commandPeakMB = Math.max(commandPeakMB, memoryMB(child.pid as number, "VmHWM"));
  }, 200);
  const ended = once(child, "exit");
  const answer = await text(child.stdout);
  const [status] = (await ended) as [number | null];
  clearInterval(watch);
  if (status !== 0) throw new Error(`warren import ended with ${status}: ${answer}`);
  const seconds = (performance.now() - start) / 1000;
  const { checkSeconds } = JSON.parse(answer) as { checkSeconds: number };
  return { server, devices: count, seconds, checkSeconds, commandPeakMB };
}

async function writeDevices(file: string, count: number): Promise<void> {
  const stream = createWriteStream(file);
  for (let index = 0; index < count; index++) {
    const line = JSON.stringify({
      devEui: benchDevEui(index),
      joinEui: BENCH_JOIN_EUI,
      macVersion: VERSION,
      nwkKey: formatHex(keyOf(index)),
      homeNetId: BENCH_NET_ID,
      asId: BENCH_AS_ID,
      name: `meter ${index}`,
    });
    if (!stream.write(`${line}\n`)) await once(stream, "drain");
  }
  stream.end();
  await once(stream, "close");
}

/** Joins of random devices on both, in turn. */
async function compareJoins(many: Imported, few: Imported, rounds: number, joins: number) {
  const seconds = new Map<Imported, number[]>([
    [many, []],
    [few, []],
  ]);
  const used = new Map<Imported, Map<number, BenchDevice>>([
    [many, new Map()],
    [few, new Map()],
  ]);
  for (let round = 0; round <= rounds; round++) {
    for (const imported of round % 2 === 0 ? [many, few] : [few, many]) {
      const devices = used.get(imported) as Map<number, BenchDevice>;
      const bodies = Array.from({ length: joins }, () =>
        joinReqBody(randomDevice(devices, imported.devices), VERSION),
      );
      const taken = await postAll(bodies, imported.server.backendPort, 1);
      // The first round warms up.
      if (round > 0) seconds.get(imported)?.push(taken);
    }
  }
  const cost = (imported: Imported): number =>
    (1e6 * median(seconds.get(imported) as number[])) / joins;
  return {
    joinMicroseconds: cost(many),
    joinMicrosecondsOf1000: cost(few),
    ratio: cost(many) / cost(few),
  };
}

function randomDevice(devices: Map<number, BenchDevice>, count: number): BenchDevice {
  const index = Math.floor(Math.random() * count);
  const device = devices.get(index) ?? benchDevice(index, keyOf(index));
  devices.set(index, device);
  return device;
}

/** Resident memory of a process, as Linux tells it: `VmHWM` is the highest there was. */
function memoryMB(pid: number, field: string): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const [, kB = "0"] = new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(status) ?? [];
  return Math.round(Number(kB) / 1024);
}

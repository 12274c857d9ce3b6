import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { BenchServer, benchDevEui } from "../join-load.ts";
import { importFleet, joinFirst, nameOf } from "./fleet.ts";
import { checkLimits, type Measured } from "./limits.ts";
import { cpuSeconds, measureListCost } from "./list-cost.ts";
import { ListPage } from "./list-page.ts";

const HELP = `npm run console:scale -- [--devices N] [--rows-per-frame N] [--out FOLDER]

The console's list of so many devices in Chromium, in front of a Join Server process: time to the
first rows, frames while the list is scrolled to its end, a filter and searches, memory of the page,
and what a page of 1,000 devices costs the server in summaries and whole. Status 1 when a limit
(bench/console/limits.ts) is broken, or when the list shows something else than the server has.

  --devices N         how many, at least 2,000 (default 100000)
  --rows-per-frame N  how fast it is scrolled (default 100)
  --out FOLDER        where the JSON goes (default bench-results)`;

const BUILD = join(import.meta.dirname, "../../scripts/build-console-if-needed.mjs");
/** Of the first page, which is what the pages compared are. */
const JOINED = 1_000;
const ROW_PX = 38;

const { values } = parseArgs({
  options: {
    devices: { type: "string", default: "100000" },
    "rows-per-frame": { type: "string", default: "100" },
    out: { type: "string", default: "bench-results" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) console.log(HELP);
else await main(Number(values.devices), Number(values["rows-per-frame"]));

async function main(devices: number, rowsPerFrame: number): Promise<void> {
  const { status } = spawnSync(process.execPath, [BUILD], { stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new Error("the console could not be built");
  const server = new BenchServer();
  try {
    await server.start();
    await server.addPeers();
    const importSeconds = await importFleet(server, devices);
    await joinFirst(server, JOINED);
    const cost = await measureListCost(server);
    const list = await measureList(server, devices, rowsPerFrame);
    const measured: Measured = { ...list.measured, pageCpuMs: cost.summariesCpuMs };
    const lines = checkLimits(measured);
    const machine = {
      processor: cpus()[0]?.model ?? "unknown",
      cores: cpus().length,
      node: process.version,
    };
    const result = {
      machine,
      ...{ devices, rowsPerFrame, importSeconds },
      ...{ measured, page: cost, ...list.more, isKept: lines.every(({ isKept }) => isKept) },
    };
    console.log(`${machine.processor}, ${machine.cores} cores, Node ${machine.node}`);
    console.log(`${devices} devices, imported in ${importSeconds.toFixed(1)} s\n`);
    for (const { text } of lines) console.log(`  ${text}`);
    console.log(`\n${JSON.stringify({ page: cost, ...list.more }, null, 2)}`);
    mkdirSync(values.out, { recursive: true });
    const file = `${values.out}/console-scale.json`;
    writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
    console.log(`\nwritten to ${file}`);
    if (!result.isKept) process.exitCode = 1;
  } finally {
    await server.remove();
  }
}

async function measureList(server: BenchServer, devices: number, rowsPerFrame: number) {
  const token = readFileSync(server.tokenFile, "utf8").trim();
  const page = await ListPage.open(server.adminUrl, token);
  try {
    const firstRowsMs = await page.firstRows();
    const cpuBefore = cpuSeconds(server.pid);
    const { frames, mostRows, waitedMs } = await page.scrollToEnd(rowsPerFrame * ROW_PX, devices);
    const serverCpuSeconds = cpuSeconds(server.pid) - cpuBefore;
    const lastRow = await page.lastRow();
    if (lastRow !== benchDevEui(devices - 1)) throw new Error(`the list ends with ${lastRow}`);
    const heap = await page.heapMB();
    const middle = Math.floor(devices / 2);
    const prefix = benchDevEui(middle).slice(0, -1);
    const filterMs = await page.filter("DevEUI begins with", prefix, firstWith(prefix, devices));
    const versionMs = await page.filter("LoRaWAN", "1.0.3", [benchDevEui(9), benchDevEui(19)]);
    const wanted = devices - 7;
    const searchMs = await page.filter("Name, description or tag", nameOf(wanted), [
      benchDevEui(wanted),
    ]);
    const sorted = frames.toSorted((a, b) => a - b);
    const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
    const measured: Omit<Measured, "pageCpuMs"> = {
      ...{ frameMedianMs: at(0.5), frameP95Ms: at(0.95), frameLongestMs: at(1) },
      ...{ firstRowsMs, heapMB: heap.after, mostRows, filterMs, searchMs },
    };
    const scrollSeconds = frames.reduce((sum, ms) => sum + ms, waitedMs) / 1_000;
    const more = {
      ...{ frames: frames.length, scrollSeconds, waitedForRowsMs: waitedMs, versionMs },
      ...{ heapBeforeCollectionMB: heap.before, serverCpuSecondsOfTheScroll: serverCpuSeconds },
    };
    return { measured, more };
  } finally {
    await page.close();
  }
}

/** The DevEUIs that a list of this prefix begins with. */
function firstWith(prefix: string, devices: number): string[] {
  const found: string[] = [];
  for (let index = 0; index < devices && found.length < 3; index++) {
    const devEui = benchDevEui(index);
    if (devEui.startsWith(prefix)) found.push(devEui);
  }
  return found;
}

import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { PreparedRequests } from "../joins/prepared-requests.ts";
import { startWarren } from "../joins/targets.ts";
import { hasWrk, runWrk } from "../joins/wrk.ts";
import { readCpuProfile } from "./cpu-profile.ts";
import { flameSvg } from "./flame-svg.ts";

const HELP = `npm run bench:flame-graphs -- [--seconds N] [--out FOLDER]
npm run bench:flame-graphs -- --profile FILE [--title TEXT] [--skip SHARE] [--out FOLDER]

Draws where a Join Server under a load of joins spends its time, a flame graph for each of its threads; or what any
.cpuprofile of node --cpu-prof holds.

  --seconds N     of the load (default 15)
  --profile FILE  draw this one alone
  --title TEXT    above it (default the name of the file)
  --skip SHARE    of the time at the beginning that is left out (default 0)
  --out FOLDER    where the SVG files go (default docs/performance/flame-graphs)`;

const CONNECTIONS = 32;
/** More than it answers. */
const REQUESTS_PER_SECOND = 12_000;
/** Its start, the import of the devices, and what V8 has not compiled yet. */
const SKIPPED_OF_SERVER = 0.55;
/** Smaller profiles are of processes that only started, or of threads without work. */
const LEAST_BYTES = 150_000;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "15" },
    profile: { type: "string" },
    title: { type: "string" },
    skip: { type: "string", default: "0" },
    out: { type: "string", default: "docs/performance/flame-graphs" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) console.log(HELP);
else if (values.profile !== undefined) draw(values.profile, values.title, Number(values.skip));
else await drawJoins(Number(values.seconds));

async function drawJoins(seconds: number): Promise<void> {
  if (!hasWrk()) {
    console.error("bench: flame graphs of joins need wrk");
    process.exitCode = 1;
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "warren-flame-graphs-"));
  process.env["NODE_OPTIONS"] = `--cpu-prof --cpu-prof-dir=${folder}`;
  try {
    const server = await startWarren();
    const pid = String(server.pid);
    try {
      const requests = new PreparedRequests(Number(new URL(server.url).port));
      const file = join(folder, "requests");
      requests.write(file, REQUESTS_PER_SECOND * seconds);
      const { url } = server;
      const { lengthBytes: requestBytes } = requests;
      await runWrk({ url, file, requestBytes, connections: CONNECTIONS, seconds, pauseMs: 0 });
    } finally {
      await server.remove();
    }
    const profiles = readdirSync(folder)
      .filter((name) => name.endsWith(".cpuprofile") && name.split(".").includes(pid))
      .filter((name) => statSync(join(folder, name)).size > LEAST_BYTES);
    // Node numbers them by thread, the main one first.
    for (const [index, name] of profiles.sort(byThread).entries()) {
      const thread = index === 0 ? "main" : `thread-${index}`;
      draw(join(folder, name), `joins-${thread}`, index === 0 ? SKIPPED_OF_SERVER : 0.3);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function draw(file: string, title = file.replace(/^.*\//, ""), skippedShare = 0): void {
  mkdirSync(values.out, { recursive: true });
  const out = join(values.out, `${title.replaceAll(/[^a-z0-9-]+/gi, "-")}.svg`);
  writeFileSync(out, flameSvg(readCpuProfile(file, skippedShare), title));
  console.log(`written: ${out}`);
}

function byThread(a: string, b: string): number {
  const thread = (name: string) => Number(name.split(".").at(-3));
  return thread(a) - thread(b);
}

import { readFileSync } from "node:fs";
import { type BenchServer, median } from "../join-load.ts";

const ROUNDS = 9;
/** As the console asks for them. */
const LIMIT = 1_000;
/** Of the processor's time as /proc has it, on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** What a page of 1,000 devices costs the server. */
export interface ListCost {
  /** Medians, in milliseconds of one processor. */
  readonly summariesCpuMs: number;
  readonly wholeCpuMs: number;
  readonly ratio: number;
  readonly summariesBytes: number;
  readonly wholeBytes: number;
}

/** Seconds of processor that a process has used so far, its threads together. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // Behind the name, which may hold anything: the state is the third field, user and system time the 14th and 15th.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/**
 * Asks for the first 1,000 devices in summaries and whole, in turn, and checks that they are the same ones.
 *
 * @param pagesARound so many of each, since the processor's time is told in steps of 10 ms
 */
export async function measureListCost(server: BenchServer, pagesARound = 10): Promise<ListCost> {
  const ask = pageReader(server);
  const [summaries, whole] = [await ask("device-summaries"), await ask("devices")];
  if (summaries.devEuis !== whole.devEuis) throw new Error("summaries are not of the same devices");
  const cost = async (path: string, pages: number): Promise<number> => {
    const before = cpuSeconds(server.pid);
    for (let page = 0; page < pages; page++) await ask(path);
    return (1_000 * (cpuSeconds(server.pid) - before)) / pages;
  };
  const costs: { summaries: number[]; whole: number[] } = { summaries: [], whole: [] };
  // The first round warms up.
  for (let round = 0; round <= ROUNDS; round++) {
    const summariesMs = await cost("device-summaries", pagesARound);
    const wholeMs = await cost("devices", 1);
    if (round === 0) continue;
    costs.summaries.push(summariesMs);
    costs.whole.push(wholeMs);
  }
  const [summariesCpuMs, wholeCpuMs] = [median(costs.summaries), median(costs.whole)];
  return {
    ...{ summariesCpuMs, wholeCpuMs, ratio: wholeCpuMs / summariesCpuMs },
    ...{ summariesBytes: summaries.bytes, wholeBytes: whole.bytes },
  };
}

function pageReader(server: BenchServer) {
  const token = readFileSync(server.tokenFile, "utf8").trim();
  return async (path: string) => {
    const answer = await fetch(`${server.adminUrl}/api/v1/${path}?limit=${LIMIT}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
    const { devices } = JSON.parse(text) as { devices: { devEui: string }[] };
    return { devEuis: devices.map(({ devEui }) => devEui).join(), bytes: text.length };
  };
}

import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** What a process has used so far, as Linux tells it. */
export interface ProcessCosts {
  /** Bytes that went to the disk, or will: pages made dirty, not what was asked to be written. */
  readonly diskBytes: number;
  /** Of all its threads, user and system. */
  readonly cpuSeconds: number;
}

/** Clock ticks a second of `/proc/<pid>/stat`: the same on every Linux that Node runs on. */
const TICKS = 100;

export function costsOf(pid: number): ProcessCosts {
  const io = readFileSync(`/proc/${pid}/io`, "utf8");
  const [, written = "0"] = /^write_bytes: (\d+)$/m.exec(io) ?? [];
  // After the command's name, which may have spaces in it: state, then utime and stime as 12th and 13th.
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]);
  return { diskBytes: Number(written), cpuSeconds: ticks / TICKS };
}

/** Of one core, in one second. */
const IDLE_SHARE = 0.03;
const MAX_WAIT_SECONDS = 300;

/**
 * Waits until a process has nothing to do by itself, so that what it does after its start is not taken for a cost of joins.
 *
 * @throws Error when it still has after five minutes
 */
export async function untilIdle(pid: number): Promise<void> {
  for (let second = 0; second < MAX_WAIT_SECONDS; second++) {
    const before = costsOf(pid).cpuSeconds;
    await sleep(1_000);
    if (costsOf(pid).cpuSeconds - before < IDLE_SHARE) return;
  }
  throw new Error(`the server has been busy for ${MAX_WAIT_SECONDS} s without any request`);
}

/** @param field `VmHWM`: the most memory there was; `VmRSS`: now */
export function memoryMB(pid: number, field: "VmHWM" | "VmRSS"): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const [, kB = "0"] = new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(status) ?? [];
  return Math.round(Number(kB) / 1024);
}

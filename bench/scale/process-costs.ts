import { readFileSync } from "node:fs";

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

/** @param field `VmHWM`: the most memory there was; `VmRSS`: now */
export function memoryMB(pid: number, field: "VmHWM" | "VmRSS"): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const [, kB = "0"] = new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(status) ?? [];
  return Math.round(Number(kB) / 1024);
}

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { hasDebianPackage } from "../debian-package.ts";

const SCRIPT = fileURLToPath(new URL("./wrk.lua", import.meta.url));

/** What one run of `wrk` has seen. */
export interface LoadResult {
  readonly requests: number;
  readonly microseconds: number;
  /** Of all answers, their heads included. */
  readonly bytes: number;
  /** Answers with another status than 2xx or 3xx. */
  readonly notOk: number;
  /** Connections and requests that failed. */
  readonly failed: number;
  readonly p50Us: number;
  readonly p90Us: number;
  readonly p99Us: number;
  readonly maxUs: number;
}

export interface LoadOptions {
  readonly url: string;
  /** Requests of one length, one after the other. */
  readonly file: string;
  readonly requestBytes: number;
  readonly connections: number;
  readonly seconds: number;
  /** Mean pause of a connection before each request; 0: as fast as it goes. */
  readonly pauseMs: number;
}

/** Whether `wrk` is there, or can be had of Debian. */
export function hasWrk(): boolean {
  const isThere = () => spawnSync("wrk", ["-v"]).error === undefined;
  return isThere() || (hasDebianPackage({ name: "wrk", provides: "/usr/bin/wrk" }) && isThere());
}

/** Load from one thread of `wrk`. It ends early when the file ends. */
export async function runWrk(options: LoadOptions): Promise<LoadResult> {
  const child = spawn(
    "wrk",
    [
      ...["--threads", "1", "--connections", String(options.connections)],
      ...["--duration", `${options.seconds}s`, "--latency", "--script", SCRIPT, options.url],
      ...["--", options.file, String(options.requestBytes), String(options.pauseMs), "1"],
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  const ended = once(child, "exit");
  const answer = await text(child.stderr);
  const [status] = (await ended) as [number | null];
  if (status !== 0) throw new Error(`wrk ended with ${status}: ${answer}`);
  return JSON.parse(answer) as LoadResult;
}

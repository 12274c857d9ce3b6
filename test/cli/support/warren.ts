import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { mock } from "node:test";
import { fileURLToPath } from "node:url";
import { main } from "../../../src/cli/main.ts";

const WARREN = fileURLToPath(new URL("../../../bin/warren", import.meta.url));

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `bin/warren` as a user would, from another folder. */
export function spawnWarren(...args: string[]): Promise<Outcome> {
  const child = spawn(WARREN, args, { cwd: tmpdir(), stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve({ status, stdout, stderr }));
  });
}

/** Runs the command line in this process: as `spawnWarren`, without the time a process takes. */
export async function runWarren(...args: string[]): Promise<Outcome> {
  let [stdout, stderr] = ["", ""];
  // Not `process.stdout` itself, on which the test runner speaks to its parent.
  const log = mock.method(console, "log", (text: string) => {
    stdout += `${text}\n`;
  });
  const before = process.exitCode;
  process.exitCode = 0;
  try {
    await main(args, {
      writeOut: (text) => {
        stdout += text;
      },
      writeErr: (text) => {
        stderr += text;
      },
    });
    return { status: Number(process.exitCode), stdout, stderr };
  } finally {
    process.exitCode = before;
    log.mock.restore();
  }
}

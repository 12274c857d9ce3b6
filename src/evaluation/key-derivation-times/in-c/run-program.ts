import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { formatHex } from "../../../lorawan/hex.ts";
import { DERIVATIONS, type DerivationId } from "../derivations.ts";
import type { DerivationTimes } from "../key-derivation-times.ts";
import type { KnownAnswer } from "../known-answers.ts";
import { summarise } from "../statistics.ts";

export interface ProgramRun {
  readonly program: string;
  readonly answers: readonly KnownAnswer[];
  readonly repeats: number;
  readonly rounds: number;
  /** Called after each measurement of one derivation. */
  readonly onMeasured: () => void;
}

export interface ProgramResult {
  /** Cycles a nanosecond; null where the program was not optimised. */
  readonly clockGhz: number | null;
  readonly times: readonly DerivationTimes[];
  /** Those that gave other octets, at once or at the end of a round. */
  readonly wrong: readonly DerivationId[];
}

/** A line of the program (`main.c`). */
type Line =
  | { readonly clockGhz: number }
  | { readonly derivation: DerivationId; readonly wrong: string }
  | { readonly derivation: DerivationId; readonly ns: number; readonly end: string };

/**
 * Runs a compiled program, which checks every derivation before it measures it; the end of each round is
 * checked here.
 *
 * @throws Error when it does not run or does not end well, or what `signal` was ended with
 */
export async function runProgram(run: ProgramRun, signal: AbortSignal): Promise<ProgramResult> {
  const { program, answers, repeats, rounds, onMeasured } = run;
  const child = spawn(program, [String(rounds), String(repeats)], { signal });
  const closed = once(child, "close") as Promise<[number | null, string | null]>;
  // Where the lines end early this is what is thrown, so nobody else handles it before.
  closed.catch(() => undefined);
  child.stdin.on("error", () => undefined);
  child.stdin.end(answers.map(taskLine).join(""));

  const samples = new Map<DerivationId, number[]>();
  const wrong = new Set<DerivationId>();
  let clockGhz: number | null = null;
  try {
    for await (const text of createInterface({ input: child.stdout })) {
      const line = JSON.parse(text) as Line;
      if ("clockGhz" in line) {
        clockGhz = line.clockGhz;
      } else if ("wrong" in line) {
        wrong.add(line.derivation);
      } else {
        const answer = answers.find(({ derivation }) => derivation.id === line.derivation);
        if (line.end !== answer?.chainEnd) wrong.add(line.derivation);
        samples.set(line.derivation, [...(samples.get(line.derivation) ?? []), line.ns / repeats]);
        onMeasured();
      }
    }
  } finally {
    // A program whose lines cannot be read would wait for a reader for ever.
    child.stdout.destroy();
  }
  const [code, killedBy] = await closed;
  signal.throwIfAborted();
  // An instruction that the processor has not ends it with SIGILL.
  if (code !== 0) throw new Error(`the program ended with ${code ?? killedBy}`);
  return {
    clockGhz,
    times: DERIVATIONS.flatMap(({ id }) => {
      const ns = samples.get(id);
      return ns === undefined || wrong.has(id) ? [] : [{ derivation: id, ...summarise(ns) }];
    }),
    wrong: [...wrong],
  };
}

function taskLine({ derivation, input, output }: KnownAnswer): string {
  const octets = [input.nwkKey, input.appKey, input.context].map(formatHex).join("");
  return `${derivation.id} ${octets} ${output}\n`;
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withoutPaths } from "../../data/failure-text.ts";
import type { EvaluationContext } from "../../topic.ts";
import { derivationOf } from "../derivations.ts";
import { IMPLEMENTATIONS } from "../implementations.ts";
import type { ImplementationTimes } from "../key-derivation-times.ts";
import type { KnownAnswer } from "../known-answers.ts";
import type { Build } from "./builds.ts";
import { type Compiler, compile } from "./compiler.ts";
import { runProgram } from "./run-program.ts";

export interface MeasureInC {
  readonly compiler: Compiler;
  readonly builds: readonly Build[];
  readonly repeats: number;
  readonly rounds: number;
}

export interface MeasuredBuilds {
  readonly implementations: readonly ImplementationTimes[];
  /** Cycles a nanosecond, from the optimised build; null without one. */
  readonly clockGhz: number | null;
  readonly omissions: readonly string[];
  readonly refusals: readonly string[];
}

/**
 * Compiles each build into a temporary folder, which goes afterwards, and measures one after another.
 * A build that cannot be compiled or run is left out, and `omissions` says why, without naming folders; so
 * are all of them where there is no place for temporary files.
 */
export async function measureInC(
  { progress, signal }: Pick<EvaluationContext, "progress" | "signal">,
  answers: readonly KnownAnswer[],
  { compiler, builds, repeats, rounds }: MeasureInC,
): Promise<MeasuredBuilds> {
  const implementations: ImplementationTimes[] = [];
  const omissions: string[] = [];
  const refusals: string[] = [];
  let clockGhz: number | null = null;
  const leaveOut = (what: string, error: unknown) =>
    omissions.push(`${what} was not measured: ${withoutPaths((error as Error).message)}.`);
  const onMeasured = () => progress.advance(1);
  let folder: string | undefined;
  try {
    folder = mkdtempSync(join(tmpdir(), "warren-evaluation-"));
    for (const { id, options, sources } of builds) {
      const { name } = IMPLEMENTATIONS[id];
      const program = join(folder, id);
      progress.begin(`Key derivation: ${name}`, rounds * answers.length);
      try {
        await compile({ compiler, options, sources, program }, signal);
        const run = { program, answers, repeats, rounds, onMeasured };
        const result = await runProgram(run, signal);
        implementations.push({ id, times: result.times });
        clockGhz ??= result.clockGhz;
        for (const derivation of result.wrong) {
          refusals.push(
            `${name}: ${derivationOf(derivation).name} gave other octets than the reference.`,
          );
        }
      } catch (error) {
        signal.throwIfAborted();
        leaveOut(name, error);
      }
    }
  } catch (error) {
    signal.throwIfAborted();
    leaveOut("C", error);
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
  return { implementations, clockGhz, omissions, refusals };
}

import { cpus } from "node:os";
import type { EvaluationContext, Scale } from "../topic.ts";
import { type Build, buildWithInstructions, OPTIMISED, UNOPTIMISED } from "./in-c/builds.ts";
import { type Compiler, findCompiler } from "./in-c/compiler.ts";
import { type MeasuredBuilds, measureInC } from "./in-c/measure-in-c.ts";
import { readProcessorInstructions } from "./in-c/processor-instructions.ts";
import { measureInJavascript } from "./in-javascript/measure-in-javascript.ts";
import type { Clock, KeyDerivationTimes } from "./key-derivation-times.ts";
import { computeKnownAnswers, type KnownAnswer } from "./known-answers.ts";

/** The paper repeats 10,000 times. */
const AMOUNTS: Readonly<Record<Scale, { readonly repeats: number; readonly rounds: number }>> = {
  full: { repeats: 10_000, rounds: 50 },
  short: { repeats: 200, rounds: 5 },
};

/**
 * Measures every derivation in every implementation that this machine can have, one after another in one
 * thread: times want a quiet machine.
 *
 * @param findTheCompiler for tests
 */
export async function measureKeyDerivationTimes(
  context: EvaluationContext,
  findTheCompiler: () => Promise<Compiler | undefined> = findCompiler,
): Promise<KeyDerivationTimes> {
  const amounts = AMOUNTS[context.scale];
  const answers = await computeKnownAnswers(context, amounts.repeats);
  const inJavascript = await measureInJavascript(context, answers, amounts);
  const compiler = await findTheCompiler();
  const inC = await measureBuilds(context, answers, compiler);
  return {
    ...amounts,
    compiler: compiler?.version ?? null,
    clock: clockOf(inC.clockGhz),
    implementations: [...inJavascript.implementations, ...inC.implementations],
    omissions: inC.omissions,
    refusals: [...inJavascript.refusals, ...inC.refusals],
  };
}

async function measureBuilds(
  context: EvaluationContext,
  answers: readonly KnownAnswer[],
  compiler: Compiler | undefined,
): Promise<MeasuredBuilds> {
  if (compiler === undefined) {
    const omissions = ["C was not measured: no compiler (gcc, cc or clang) was found."];
    return { implementations: [], clockGhz: null, omissions, refusals: [] };
  }
  const withInstructions = buildWithInstructions(readProcessorInstructions());
  const builds = context.scale === "short" ? [OPTIMISED] : buildsOf(withInstructions);
  const measured = await measureInC(context, answers, {
    compiler,
    builds,
    ...AMOUNTS[context.scale],
  });
  const omissions = [...measured.omissions];
  if (context.scale === "short") {
    omissions.push("Of the builds in C this short run has the one at -O2 alone.");
  } else if (withInstructions === undefined) {
    omissions.push(
      "C with AES-NI was not measured: the processor does not show that it has the instructions.",
    );
  }
  return { ...measured, omissions };
}

function buildsOf(withInstructions: Build | undefined): readonly Build[] {
  const portable = [UNOPTIMISED, OPTIMISED];
  return withInstructions === undefined ? portable : [...portable, withInstructions];
}

function clockOf(measuredGhz: number | null): Clock | null {
  if (measuredGhz !== null) return { ghz: measuredGhz, source: "measured" };
  const nominalMhz = cpus()[0]?.speed ?? 0;
  return nominalMhz === 0 ? null : { ghz: nominalMhz / 1000, source: "nominal" };
}

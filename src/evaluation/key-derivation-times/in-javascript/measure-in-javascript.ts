import { formatHex } from "../../../lorawan/hex.ts";
import type { EvaluationContext } from "../../topic.ts";
import { Chain } from "../chain.ts";
import type { Derive, Implementation } from "../derive.ts";
import type { ImplementationId } from "../implementations.ts";
import { IMPLEMENTATIONS } from "../implementations.ts";
import type { ImplementationTimes } from "../key-derivation-times.ts";
import type { KnownAnswer } from "../known-answers.ts";
import { summarise } from "../statistics.ts";
import { NODE_CRYPTO } from "./node-crypto.ts";
import { PURE_TYPESCRIPT } from "./pure-typescript.ts";
import { webassembly } from "./webassembly.ts";

/** The first rounds, not counted: the engine compiles what runs often. */
const WARM_UP_ROUNDS = 2;

interface Case {
  readonly implementation: ImplementationId;
  readonly answer: KnownAnswer;
  readonly derive: Derive;
  readonly samples: number[];
}

export interface MeasuredImplementations {
  readonly implementations: readonly ImplementationTimes[];
  readonly refusals: readonly string[];
}

/**
 * Measures all implementations in turn, derivation after derivation, round after round, so that a machine
 * which slows down meanwhile does so for all.
 *
 * @param implementations others than these, for tests
 */
export async function measureInJavascript(
  { progress, signal }: Pick<EvaluationContext, "progress" | "signal">,
  answers: readonly KnownAnswer[],
  { repeats, rounds }: { readonly repeats: number; readonly rounds: number },
  implementations: Readonly<
    Partial<Record<ImplementationId, Implementation>>
  > = allImplementations(),
): Promise<MeasuredImplementations> {
  const ids = Object.keys(implementations) as ImplementationId[];
  const cases = ids.flatMap((id) => casesOf(id, implementations[id] as Implementation, answers));
  const refused = new Set<Case>();
  progress.begin("Key derivation in JavaScript", WARM_UP_ROUNDS + rounds);
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    for (const measured of cases) {
      signal.throwIfAborted();
      const chain = new Chain(measured.derive, measured.answer.input);
      const ns = await chain.runRound(repeats);
      if (round >= 0) measured.samples.push(ns / repeats);
      if (formatHex(chain.output) !== measured.answer.chainEnd) refused.add(measured);
    }
    progress.advance(1);
  }
  return {
    implementations: ids.map((id) => ({
      id,
      times: cases
        .filter((measured) => measured.implementation === id && !refused.has(measured))
        .map(({ answer, samples }) => ({
          derivation: answer.derivation.id,
          ...summarise(samples),
        })),
    })),
    refusals: [...refused].map(
      ({ implementation, answer }) =>
        `${IMPLEMENTATIONS[implementation].name}: ${answer.derivation.name} gave other octets than the reference.`,
    ),
  };
}

function allImplementations(): Partial<Record<ImplementationId, Implementation>> {
  const ofCore = webassembly();
  return {
    typescript: PURE_TYPESCRIPT,
    ...(ofCore && { webassembly: ofCore }),
    "node-crypto": NODE_CRYPTO,
  };
}

function casesOf(
  implementation: ImplementationId,
  derivations: Implementation,
  answers: readonly KnownAnswer[],
): Case[] {
  return answers.flatMap((answer) => {
    const derive = derivations[answer.derivation.id];
    return derive === undefined ? [] : [{ implementation, answer, derive, samples: [] }];
  });
}

import { formatHex } from "../../lorawan/hex.ts";
import { SeededRandom } from "../random/seeded-random.ts";
import type { EvaluationContext } from "../topic.ts";
import { Chain } from "./chain.ts";
import { DERIVATIONS, type Derivation } from "./derivations.ts";
import type { Derive, DeriveInput } from "./derive.ts";
import { NODE_CRYPTO } from "./in-javascript/node-crypto.ts";
import { PURE_TYPESCRIPT } from "./in-javascript/pure-typescript.ts";

/** What every implementation of a derivation is given and must give. */
export interface KnownAnswer {
  readonly derivation: Derivation;
  readonly input: DeriveInput;
  /** Of the first call, in hexadecimal. */
  readonly output: string;
  /** Of the last call of a chain as long as a round. */
  readonly chainEnd: string;
}

/**
 * Inputs drawn from the seed, and outputs from the implementation that the Join Server uses: `node:crypto`,
 * and this program's Rabbit.
 */
export async function computeKnownAnswers(
  context: Pick<EvaluationContext, "seed" | "signal">,
  repeats: number,
): Promise<KnownAnswer[]> {
  const octets = new SeededRandom(context.seed, "key derivation times").bytes(32 + 96);
  const answers: KnownAnswer[] = [];
  for (const derivation of DERIVATIONS) {
    context.signal.throwIfAborted();
    const input = {
      nwkKey: octets.subarray(0, 16),
      appKey: octets.subarray(16, 32),
      context: octets.subarray(32, 32 + derivation.contextBytes),
    };
    const derive = (NODE_CRYPTO[derivation.id] ?? PURE_TYPESCRIPT[derivation.id]) as Derive;
    const chain = new Chain(derive, input);
    chain.run(1);
    const output = formatHex(chain.output);
    await chain.runRound(repeats - 1);
    answers.push({ derivation, input, output, chainEnd: formatHex(chain.output) });
  }
  return answers;
}

import {
  DERIVATIONS,
  type DerivationId,
} from "../../../src/evaluation/key-derivation-times/derivations.ts";
import type { ImplementationId } from "../../../src/evaluation/key-derivation-times/implementations.ts";
import type { KeyDerivationTimes } from "../../../src/evaluation/key-derivation-times/key-derivation-times.ts";

/** Medians in nanoseconds; quartiles are a hundredth below and above. */
export type MadeUpTimes = Partial<Record<ImplementationId, Partial<Record<DerivationId, number>>>>;

/** A result that nobody measured, at 4.2 GHz. */
export function madeUpTimes(
  times: MadeUpTimes,
  others: Partial<KeyDerivationTimes> = {},
): KeyDerivationTimes {
  const ids = Object.keys(times) as ImplementationId[];
  return {
    repeats: 10_000,
    rounds: 50,
    compiler: "cc 1.0",
    clock: { ghz: 4.2, source: "measured" },
    implementations: ids.map((id) => ({
      id,
      times: DERIVATIONS.flatMap(({ id: derivation }) => {
        const ns = times[id]?.[derivation];
        if (ns === undefined) return [];
        const spread = { lowerQuartileNs: 0.99 * ns, upperQuartileNs: 1.01 * ns };
        return [{ derivation, medianNs: ns, ...spread, minimumNs: 0.9 * ns }];
      }),
    })),
    omissions: [],
    refusals: [],
    ...others,
  };
}

/** The three of Table 3. */
export function threeTimes(rabbit: number, hkdf: number, aes: number) {
  return { "rabbit-split-80": rabbit, "hkdf-sha1": hkdf, "aes-ecb": aes };
}

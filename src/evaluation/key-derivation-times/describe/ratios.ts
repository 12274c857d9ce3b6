import { type DerivationId, derivationOf, RABBIT_KDF } from "../derivations.ts";
import type { ImplementationId } from "../implementations.ts";
import type { DerivationTimes, KeyDerivationTimes } from "../key-derivation-times.ts";
import { compareTimes, type TimeSummary } from "../statistics.ts";

/** A derivation beside the Rabbit KDF of the same implementation. */
export interface Ratio {
  readonly implementation: ImplementationId;
  /** Of the medians of a call each. */
  readonly perCall: number;
  /** Of the medians divided by the octets of output. */
  readonly perOctet: number;
  /** The derivation is faster or slower than the Rabbit KDF, call by call. */
  readonly comparison: ReturnType<typeof compareTimes>;
}

export function timesOf(
  result: KeyDerivationTimes,
  implementation: ImplementationId,
  derivation: DerivationId,
): DerivationTimes | undefined {
  return result.implementations
    .find(({ id }) => id === implementation)
    ?.times.find((times) => times.derivation === derivation);
}

/** `node:crypto` has no Rabbit: there it is the one in TypeScript, measured in turn with the others. */
export function rabbitTimesOf(
  result: KeyDerivationTimes,
  implementation: ImplementationId,
): DerivationTimes | undefined {
  const own = implementation === "node-crypto" ? "typescript" : implementation;
  return timesOf(result, own, RABBIT_KDF);
}

/** @returns undefined when one of the two was not measured */
export function ratioOf(
  result: KeyDerivationTimes,
  implementation: ImplementationId,
  derivation: DerivationId,
): Ratio | undefined {
  const times = timesOf(result, implementation, derivation);
  const rabbit = rabbitTimesOf(result, implementation);
  if (times === undefined || rabbit === undefined) return undefined;
  const perCall = times.medianNs / rabbit.medianNs;
  const perOctet = (perCall * derivationOf(RABBIT_KDF).ul) / derivationOf(derivation).ul;
  return { implementation, perCall, perOctet, comparison: compareTimes(times, rabbit) };
}

/** Ratios of a derivation in all implementations that have it. */
export function ratiosOf(result: KeyDerivationTimes, derivation: DerivationId): Ratio[] {
  return result.implementations.flatMap(({ id }) => ratioOf(result, id, derivation) ?? []);
}

/** Times as if the output had 16 octets: one 128-bit key. */
export function perKey(times: DerivationTimes): TimeSummary {
  const keys = derivationOf(times.derivation).ul / 16;
  return {
    medianNs: times.medianNs / keys,
    lowerQuartileNs: times.lowerQuartileNs / keys,
    upperQuartileNs: times.upperQuartileNs / keys,
    minimumNs: times.minimumNs / keys,
  };
}

import { formatNumber } from "../../report/format-number.ts";
import type { Finding, Outcome } from "../../report/section.ts";
import type { DerivationId } from "../derivations.ts";
import { IMPLEMENTATIONS, type ImplementationId } from "../implementations.ts";
import type { DerivationTimes, KeyDerivationTimes } from "../key-derivation-times.ts";
import { compareTimes, type TimeSummary } from "../statistics.ts";
import { paperRatio, paperRowOf } from "./paper-table-3.ts";
import { unitsFinding } from "./paper-units.ts";
import { perKey, type Ratio, rabbitTimesOf, ratioOf, ratiosOf, timesOf } from "./ratios.ts";

type Comparison = Ratio["comparison"];

/** How near a ratio must come to the paper's to be called the same. */
const SAME_RATIO = 0.25;
/** How much more a derivation may take and still be called as cheap. */
const AS_CHEAP = 1.1;

/** What the times say about the paper's claims, and about this program's. */
export function findingsOf(result: KeyDerivationTimes): Finding[] {
  return [
    rabbitBesideHkdf(result),
    aesSlowest(result, "a derivation", (times) => times),
    aesSlowest(result, "a 128-bit key", perKey),
    paperRatios(result),
    unitsFinding(result),
    suite1AsCheap(result),
    ...cmacWithInstructions(result),
    sameOctets(result),
  ];
}

function rabbitBesideHkdf(result: KeyDerivationTimes): Finding {
  const ratios = ratiosOf(result, "hkdf-sha1");
  const software = ratios.filter(isSoftware);
  const native = ratios.filter((ratio) => !isSoftware(ratio));
  return {
    outcome: outcomeOf(software.map(({ comparison }) => comparison)),
    claim: "The Rabbit-based KDF is faster than HKDF-SHA1, both in software.",
    evidence: [
      `HKDF-SHA1 takes, as a multiple of the Rabbit KDF in the same software implementation: ${listRatios(software)}.`,
      ...(native.length === 0
        ? []
        : [
            `Beside it, with native code or the processor's instructions: ${listRatios(native)}; that is no part of the judgement.`,
          ]),
      splitSentence(software),
    ].join(" "),
  };
}

/** The paper claims it of a derivation, and of a key of 128 bits. */
function aesSlowest(
  result: KeyDerivationTimes,
  what: string,
  scale: (times: DerivationTimes) => TimeSummary,
): Finding {
  const judged = result.implementations.flatMap(({ id }) => {
    const aes = timesOf(result, id, "aes-ecb");
    const others = [rabbitTimesOf(result, id), timesOf(result, id, "hkdf-sha1")];
    const [rabbit, hkdf] = others;
    if (aes === undefined || rabbit === undefined || hkdf === undefined) return [];
    const comparisons = [rabbit, hkdf].map((other) => compareTimes(scale(aes), scale(other)));
    return [
      { id, comparison: worstOf(comparisons), ratio: scale(aes).medianNs / scale(rabbit).medianNs },
    ];
  });
  const slowestIn = judged.filter(({ comparison }) => comparison === "slower");
  const where = slowestIn.length === 0 ? "none" : listNames(slowestIn.map(({ id }) => id));
  return {
    outcome: outcomeOf(judged.map(({ comparison }) => comparison)),
    claim: `For ${what}, AES-ECB as in LoRaWAN 1.1 takes the longest of the three.`,
    evidence: `AES-ECB, key schedule and one block, takes as a multiple of the Rabbit KDF for ${what}: ${judged.map(({ id, ratio }) => inWords(id, ratio)).join(", ")}. It is the slowest of the three in ${where}.`,
  };
}

function paperRatios(result: KeyDerivationTimes): Finding {
  const hkdfPaper = paperRatio(paperRowOf("hkdf-sha1"));
  const aesPaper = paperRatio(paperRowOf("aes-ecb"));
  const pairs = result.implementations.flatMap(({ id }) => {
    const hkdf = ratioOf(result, id, "hkdf-sha1")?.perCall;
    const aes = ratioOf(result, id, "aes-ecb")?.perCall;
    return hkdf === undefined || aes === undefined ? [] : [{ id, hkdf, aes }];
  });
  const same = pairs.filter(({ hkdf, aes }) => isSame(hkdf, hkdfPaper) && isSame(aes, aesPaper));
  const both =
    same.length === 0
      ? "no implementation comes within a quarter of both"
      : `${listNames(same.map(({ id }) => id))} within a quarter of both`;
  const range = (values: readonly number[]) =>
    `${formatNumber(Math.min(...values), 3)} to ${formatNumber(Math.max(...values), 3)}`;
  if (pairs.length === 0) {
    return { outcome: "undecidable", claim: ratiosClaim(hkdfPaper, aesPaper), evidence: NOTHING };
  }
  return {
    outcome: same.length === 0 ? "not-reproduced" : "reproduced",
    claim: ratiosClaim(hkdfPaper, aesPaper),
    evidence: `Here the ratios are ${range(pairs.map(({ hkdf }) => hkdf))} and ${range(pairs.map(({ aes }) => aes))} over the implementations; ${both}.`,
  };
}

const NOTHING = "Nothing was measured that could decide it.";

function ratiosClaim(hkdf: number, aes: number): string {
  return `HKDF-SHA1 takes ${formatNumber(hkdf, 3)} times and AES-ECB ${formatNumber(aes, 3)} times as long as the Rabbit-based KDF.`;
}

function suite1AsCheap(result: KeyDerivationTimes): Finding {
  const ratios = ratiosOf(result, "rabbit-80");
  const isAsCheap = ratios.every(({ perCall }) => perCall <= AS_CHEAP);
  return {
    outcome: ratios.length === 0 ? "undecidable" : isAsCheap ? "shown" : "refuted",
    claim: "Suite 1, which mends the 64-bit split, is as cheap as the paper's derivation.",
    evidence:
      ratios.length === 0
        ? NOTHING
        : `It takes, as a multiple: ${listRatios(ratios)}; at most a tenth more counts as the same.`,
  };
}

/** Nothing where the processor has no such instructions. */
function cmacWithInstructions(result: KeyDerivationTimes): Finding[] {
  const derivations: DerivationId[] = ["aes-cmac-80", "aes-cmac-sp800-108"];
  const ratios = derivations.flatMap((derivation) =>
    ratiosOf(result, derivation).filter(({ implementation }) => hasAesInstructions(implementation)),
  );
  if (ratios.length === 0) return [];
  const isSlower = ratios.some(({ comparison }) => comparison === "slower");
  return [
    {
      outcome: isSlower ? "refuted" : "shown",
      claim:
        "In C, with AES in the processor, key derivation from AES-CMAC is at least as fast as from Rabbit.",
      evidence: `Suite 2 and SP 800-108 take, as a multiple of the Rabbit KDF: ${listRatios(ratios)}.`,
    },
  ];
}

function sameOctets({ implementations, repeats, refusals }: KeyDerivationTimes): Finding {
  const count = implementations.reduce((sum, { times }) => sum + times.length, 0);
  const names = listNames(implementations.map(({ id }) => id));
  return {
    outcome: refusals.length === 0 ? "shown" : "refuted",
    claim: "All implementations that are compared derive the same octets.",
    evidence: [
      `${count} pairs of derivation and implementation (${names}) gave the reference's octets at the first call and at the end of every round of ${formatNumber(repeats)} calls, each fed with the output of the one before.`,
      ...refusals,
    ].join(" "),
  };
}

function isSoftware({ implementation }: Ratio): boolean {
  return IMPLEMENTATIONS[implementation].isSoftware;
}

function hasAesInstructions(implementation: ImplementationId): boolean {
  return implementation === "c-aes-ni" || implementation === "c-aes-sha-ni";
}

function isSame(ratio: number, paper: number): boolean {
  return Math.abs(ratio / paper - 1) <= SAME_RATIO;
}

/** Slower than all, faster than one of them, or not told apart from one. */
function worstOf(comparisons: readonly Comparison[]): Comparison {
  if (comparisons.includes("faster")) return "faster";
  return comparisons.includes("equal") ? "equal" : "slower";
}

/**
 * Of the claim that something is slower: so in every implementation, or in none. It is undecidable when
 * implementations contradict one another, when rounds differ too much to tell, or when nothing was measured.
 */
function outcomeOf(comparisons: readonly Comparison[]): Outcome {
  const isEverySlower = comparisons.every((comparison) => comparison === "slower");
  if (comparisons.length > 0 && isEverySlower) return "reproduced";
  const isContradicted = comparisons.includes("faster") && !comparisons.includes("slower");
  return isContradicted ? "not-reproduced" : "undecidable";
}

/** In which implementations Rabbit wins, in words. */
function splitSentence(ratios: readonly Ratio[]): string {
  const winning = ratios.filter(({ comparison }) => comparison === "slower");
  if (ratios.length === 0) return NOTHING;
  if (winning.length === ratios.length) return "Rabbit is faster in every software implementation.";
  if (winning.length === 0) return "Rabbit is faster in no software implementation.";
  const names = listNames(winning.map(({ implementation }) => implementation));
  return `Among software implementations Rabbit is faster in ${names} only: it depends on the implementation.`;
}

function listRatios(ratios: readonly Ratio[]): string {
  if (ratios.length === 0) return "not measured";
  return ratios.map(({ implementation, perCall }) => inWords(implementation, perCall)).join(", ");
}

function inWords(implementation: ImplementationId, ratio: number): string {
  return `${formatNumber(ratio, 3)} (${IMPLEMENTATIONS[implementation].name})`;
}

function listNames(ids: readonly ImplementationId[]): string {
  return ids.map((id) => IMPLEMENTATIONS[id].name).join("; ");
}

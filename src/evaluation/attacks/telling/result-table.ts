import { ALL_SUITES, formatSuite, Suite } from "../../../root-key/suite.ts";
import { formatNumber } from "../../report/format-number.ts";
import type { Cell, Table } from "../../report/section.ts";
import type { AttacksResult } from "../attacks-result.ts";
import { STRUCTURAL_ATTACKS } from "../structure/structural-attacks.ts";

/** Every property with the derivations it was demonstrated on and those on which the same program failed. */
export function resultTable(result: AttacksResult): Table {
  return {
    id: "table-attacks",
    caption: "Properties demonstrated by programs, and where the same program fails",
    columns: [
      "Property",
      "Demonstrated on",
      "Fails on",
      "Cost",
      "In an update of this project",
    ].map((name) => ({ name })),
    rows: [splitRow(result), ...structuralRows(result), followRow(result), nonceRow(result)],
    notes: [
      "Readings E0, E2 and E3 of the paper's expander are no suites and make no keys; E1 is suite 0.",
    ],
  };
}

/** Names of targets by whether all attempts or none succeeded; others are named with both counts. */
export function outcomesOf({ structural }: AttacksResult, attack: string) {
  const outcomes = structural.filter((outcome) => outcome.attack === attack);
  const affected = outcomes.filter(({ successes }) => successes > 0);
  const name = ({ target, successes, attempts }: (typeof outcomes)[number]) =>
    successes === 0 || successes === attempts ? target : `${target} (${successes} of ${attempts})`;
  return {
    affected: affected.map(name),
    resisting: outcomes.filter(({ successes }) => successes === 0).map(name),
    attempts: outcomes[0]?.attempts ?? 0,
  };
}

/** Suites in which the search of one half after the other always, or never, found the keys. */
export function splitOutcome({ searches }: AttacksResult) {
  const names = (isAffected: (found: number, updates: number) => boolean) =>
    ALL_SUITES.filter((suite) =>
      searches
        .filter((each) => each.suite === suite && each.search === "halves")
        .every(({ found, updates }) => isAffected(found, updates)),
    ).map(formatSuite);
  return {
    affected: names((found, updates) => found === updates),
    resisting: names((found) => found === 0),
  };
}

function splitRow(result: AttacksResult): Cell[] {
  const { affected, resisting } = splitOutcome(result);
  const widest = result.searches
    .filter(({ suite, search }) => suite === Suite.RabbitSplit && search === "halves")
    .at(-1);
  const cost =
    widest === undefined
      ? "-"
      : `${formatNumber(widest.meanCandidates)} candidates on average with ${widest.widthBits} unknown bits a half; 2^64 extrapolated`;
  return [
    "The 64-bit split: with the old AppKey known, kkdk is found half by half",
    list(affected),
    list(resisting),
    cost,
    "Suite 0 is refused unless it is switched on by name; suites 1 to 3 leave 128 bits.",
  ];
}

function structuralRows(result: AttacksResult): Cell[][] {
  return STRUCTURAL_ATTACKS.map(({ id, property, inUpdates, method }) => {
    const { affected, resisting, attempts } = outcomesOf(result, id);
    const cost = `none: ${method} (${formatNumber(attempts)} attempts each)`;
    return [property, list(affected), list(resisting), cost, inUpdates];
  });
}

function followRow({ followed }: AttacksResult): Cell[] {
  const name = (kind: string, each: string) => `${kind} update, ${each}`;
  const has = (isKnown: boolean) =>
    followed
      .filter(({ hasNewKeys }) => hasNewKeys === isKnown)
      .map((each) => name(each.kind, each.name));
  return [
    "No healing: old root keys and recorded frames give the new root keys",
    list(has(true)),
    list(has(false)),
    "one derivation an update",
    "A healing update adds an X25519 exchange: who only listens is locked out from then on, in suite 0 up to the 64-bit split.",
  ];
}

function nonceRow({ missedNonces }: AttacksResult): Cell[] {
  const has = (isKnown: boolean) =>
    missedNonces
      .filter(({ isFound }) => isFound === isKnown)
      .map(({ kind, name }) => `${kind} update, ${name}`);
  const plain = missedNonces.filter(({ kind }) => kind === "plain");
  const candidates = plain.reduce((sum, each) => sum + each.candidates, 0);
  const durationMs = plain.reduce((sum, each) => sum + each.durationMs, 0);
  const bits = plain[0]?.widthBits ?? 0;
  // Half of 2^32 on average, at the rate of this run.
  const hours = 2 ** 31 / (candidates / durationMs) / 3_600_000;
  return [
    "The same when the frame with EDNonce was missed",
    list(has(true)),
    list(has(false)),
    `at most 2^${bits} candidates with ${bits} bits of the nonce unknown; for all 32 about ${formatNumber(hours, 2)} core-hours extrapolated`,
    "As above: a nonce is no secret.",
  ];
}

function list(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.join("; ");
}

import { ALL_SUITES, formatSuite, Suite } from "../../../root-key/suite.ts";
import { formatNumber } from "../../report/format-number.ts";
import type { Finding, Outcome } from "../../report/section.ts";
import type { AttacksResult } from "../attacks-result.ts";
import { outcomesOf, splitOutcome } from "./result-table.ts";
import { expectedLog2, extrapolatedCoreYears, REAL_WIDTH_BITS } from "./search-work.ts";

export function attackFindings(result: AttacksResult): Finding[] {
  return [
    splitFinding(result),
    demonstration(result, {
      claim:
        "The padding of the Rabbit chain is ambiguous, and a secret in it looks like more context; suites 2 and 3 resist both.",
      attacks: ["padding", "secret-as-context"],
      affected: [Suite.RabbitSplit, Suite.Rabbit],
    }),
    demonstration(result, {
      claim:
        "In the Rabbit suites kkdk of a longer context is one block of Rabbit away from that of a shorter one; in " +
        "suites 2 and 3, where kkdk is the same for every context, there is nothing to extend.",
      attacks: ["extension"],
      affected: [Suite.RabbitSplit, Suite.Rabbit],
    }),
    demonstration(result, {
      claim:
        "With the context of an update, which has whole blocks, the padding is harmless in every suite.",
      attacks: ["padding-of-updates"],
      affected: [],
    }),
    demonstration(result, {
      claim:
        "NwkKey' of suite 1 is also kkdk of a longer context, which whoever has the old AppKey can write down; in the " +
        "other suites the same program finds none.",
      attacks: ["output-as-kkdk"],
      affected: [Suite.Rabbit],
    }),
    demonstration(result, {
      claim:
        "In no suite does AppKey' follow from NwkKey', as it does when Table 2 is taken literally (E3).",
      attacks: ["app-key-from-nwk-key"],
      affected: [],
    }),
    demonstration(result, {
      claim:
        "A leaked key derivation key is worth more in suites 2 and 3: it needs no old key and serves every context.",
      attacks: ["kkdk-alone", "kkdk-of-other-context"],
      affected: [Suite.AesCmac, Suite.HkdfSha256],
    }),
    ...followFindings(result),
  ];
}

function splitFinding(result: AttacksResult): Finding {
  const { affected, resisting } = splitOutcome(result);
  const whole = result.searches.filter(({ search }) => search === "whole");
  const others = ALL_SUITES.filter((suite) => suite !== Suite.RabbitSplit).map(formatSuite);
  const isAsExpected =
    affected.join() === formatSuite(Suite.RabbitSplit) &&
    resisting.join() === others.join() &&
    whole.every(({ found, updates }) => found === updates);
  const widest = result.searches
    .filter(({ suite, search }) => suite === Suite.RabbitSplit && search === "halves")
    .at(-1);
  const years = extrapolatedCoreYears("halves", result.keyingsPerSecond);
  return {
    outcome: isAsExpected ? "shown" : "refuted",
    claim:
      "Whoever knows the old AppKey finds the new keys of suite 0 half by half, with the work of 64 bits; suites 1 to " +
      "3 leave no half to find.",
    evidence:
      `Found half by half: ${affected.join(", ") || "none"}; never found: ${resisting.join(", ") || "none"}. ` +
      `With ${widest?.widthBits} unknown bits a half ${formatNumber(widest?.meanCandidates ?? 0)} candidates were needed on average. ` +
      `Extrapolated, not measured: 2^64 keyings for the real width, ${formatNumber(Number(years.toPrecision(2)))} core-years at the ${formatNumber(Math.round(result.keyingsPerSecond))} ` +
      "keyings a second of this program.",
  };
}

interface Demonstration {
  readonly claim: string;
  readonly attacks: readonly string[];
  /** The suites on which every attempt must succeed; on all others none may. */
  readonly affected: readonly Suite[];
}

function demonstration(
  result: AttacksResult,
  { claim, attacks, affected }: Demonstration,
): Finding {
  const names = affected.map(formatSuite);
  const isAsClaimed = attacks.every((attack) =>
    ALL_SUITES.map(formatSuite).every((suite) => {
      const outcome = result.structural.find(
        (each) => each.attack === attack && each.target === suite,
      );
      return outcome?.successes === (names.includes(suite) ? outcome?.attempts : 0);
    }),
  );
  const told = attacks.map((attack) => {
    const outcomes = outcomesOf(result, attack);
    return `${attack}: works on ${outcomes.affected.join(", ") || "none"}, fails on ${outcomes.resisting.join(", ") || "none"}`;
  });
  const attempts = Math.max(0, ...result.structural.map((each) => each.attempts));
  return {
    outcome: isAsClaimed ? "shown" : "refuted",
    claim,
    evidence: `${told.join("; ")} (${formatNumber(attempts)} attempts each).`,
  };
}

function followFindings({ followed }: AttacksResult): Finding[] {
  const plain = followed.filter(({ kind }) => kind === "plain");
  const healing = followed.filter(({ kind }) => kind === "healing");
  const known = plain.filter(({ hasNewKeys, hasLaterKeys }) => hasNewKeys && hasLaterKeys);
  const lockedOut = healing.filter(({ hasNewKeys, hasLaterKeys }) => !hasNewKeys && !hasLaterKeys);
  const outcome: Outcome =
    known.length === plain.length
      ? "not-reproduced"
      : known.length === 0
        ? "reproduced"
        : "undecidable";
  return [
    {
      outcome,
      claim:
        "Updating the root keys helps a device whose root keys were stolen (the paper's motive, section 1).",
      evidence:
        `After plain updates, which the paper's are, an eavesdropper with the old keys who heard every frame had the new ones, and those of the ` +
        `update after, in ${known.length} of ${plain.length} suites.`,
    },
    {
      outcome: lockedOut.length === healing.length ? "shown" : "refuted",
      claim:
        "A healing update stops the program that follows plain ones: with the old root keys and every frame it gets no further.",
      evidence:
        `In ${lockedOut.length} of ${healing.length} suites the same program, which guesses the shared secret from all it has, had neither the new keys ` +
        "nor those of the plain update after. That nobody else can get them rests on X25519, which no program shows; in " +
        `suite 0 a search of 2^${expectedLog2("halves", REAL_WIDTH_BITS)} keyings, as above, does without it.`,
    },
  ];
}

import { formatNumber } from "../report/format-number.ts";
import type { Finding } from "../report/section.ts";
import { IDEAL_STANDARD_DEVIATION } from "./ideal.ts";
import type { OctetSeries } from "./measure.ts";
import type { OctetStatistics } from "./octet-statistics.ts";
import { rangeOf } from "./tables.ts";
import {
  firstSample,
  isDerived,
  isWeak,
  largestSample,
  nameOf,
  SIGNIFICANCE,
  type Verdicts,
  verdictsOf,
} from "./verdicts.ts";

const OCTET_VALUES = 256;

export function octetFindings(series: readonly OctetSeries[]): Finding[] {
  return [
    uniformFinding(series.filter(isDerived)),
    powerFinding(series.filter(isWeak)),
    correlationFinding(series.filter(isWeak)),
    readingsFinding(series.filter(isDerived)),
    chiSquareFinding(series),
    testFinding(series, {
      claim: "Counting how many keys are different finds every weak generator.",
      isSeen: ({ isSeenByRepeats }) => isSeenByRepeats,
    }),
    unseenFinding(series.filter(isWeak)),
  ];
}

function uniformFinding(derived: readonly OctetSeries[]): Finding {
  const wrong = derived.filter(
    ({ samples }) => !samples.every((sample) => verdictsOf(sample).looksUniform),
  );
  const octets = derived.flatMap((one) => firstSample(one).octets);
  const farthest = (samples: readonly OctetStatistics[]) =>
    formatNumber(Math.max(...samples.map((sample) => verdictsOf(sample).standardErrors)), 2);
  const more = derived.flatMap(({ samples }) => samples.slice(1));
  return {
    outcome: wrong.length === 0 ? "reproduced" : "not-reproduced",
    claim:
      "The density of each of the 16 octets is close to a uniform distribution, and their values are spread evenly (Figure 7a and 7b).",
    evidence:
      `${keysOf(derived, firstSample)} keys of each of ${derived.length} kinds (every suite, counting and ` +
      `as a ratchet, both new root keys): means ${rangeOf(octets.map(({ mean }) => mean))}, standard deviations ` +
      `${rangeOf(octets.map(({ standardDeviation }) => standardDeviation))}; the farthest is ` +
      `${farthest(derived.map(firstSample))} standard errors off` +
      (more.length === 0
        ? ""
        : `, and ${farthest(more)} with up to ${keysOf(derived, largestSample)} keys`) +
      `${exceptions(wrong)}.`,
  };
}

function powerFinding(weak: readonly OctetSeries[]): Finding {
  const alike = weak.filter((one) => verdictsOf(firstSample(one)).looksUniform);
  return {
    outcome: alike.length === 0 ? "reproduced" : "not-reproduced",
    claim:
      "Figure 7 shows that the randomness of root keys is guaranteed (section 4 of the paper).",
    evidence:
      `${alike.length} of ${weak.length} generators whose keys anybody can find look as uniform in it` +
      (alike.length === 0
        ? "."
        : `: ${alike
            .map((one) => {
              const sample = firstSample(one);
              const means = rangeOf(sample.octets.map(({ mean }) => mean));
              const { standardErrors, looksTooEven } = verdictsOf(sample);
              const off = formatNumber(standardErrors, 2);
              const even = looksTooEven
                ? "; more even than chance makes it, which an eye may notice"
                : "";
              return `${nameOf(one)} (means ${means}, at most ${off} standard errors off${even})`;
            })
            .join("; ")}.`),
  };
}

/** Octets that are uniform each by itself, and of which one gives all others away. */
function correlationFinding(weak: readonly OctetSeries[]): Finding {
  const related = weak.filter((one) => {
    const sample = firstSample(one);
    return verdictsOf(sample).looksUniform && sample.distinctKeys <= OCTET_VALUES;
  });
  return {
    outcome: related.length === 0 ? "undecidable" : "not-reproduced",
    claim:
      "A density of each octet that is close to uniform leads to less correlation among the octets (section 4 of " +
      "the paper).",
    evidence:
      related.length === 0
        ? "No generator of this run has uniform octets and so few keys that one octet gives the others away."
        : `${related
            .map(
              (one) =>
                `Each octet of ${nameOf(one)} is as uniform, yet all sixteen together have ` +
                `${firstSample(one).distinctKeys} values in ${keysOf([one], firstSample)} keys: one octet gives ` +
                "the fifteen others away",
            )
            .join("; ")}.`,
  };
}

function readingsFinding(derived: readonly OctetSeries[]): Finding {
  const samples = derived.map(firstSample);
  const ofPositions = samples.flatMap(({ octets }) =>
    octets.map(({ standardDeviation }) => standardDeviation),
  );
  const ofKeys = samples.map(({ deviationsOfKeys }) => deviationsOfKeys.mean);
  return {
    outcome: "undecidable",
    claim:
      "Figure 7b shows the standard deviation of the 16 octets of the derived key, with the mean.",
    evidence:
      "The text does not say over what. Over the keys, each octet position has " +
      `${rangeOf(ofPositions)} (ideal ${IDEAL_STANDARD_DEVIATION.toFixed(1)}); over its own 16 octets, a key has ` +
      `${rangeOf(ofKeys)} in the mean. Neither says more than the other.`,
  };
}

function chiSquareFinding(series: readonly OctetSeries[]): Finding {
  const finding = testFinding(series, {
    claim: "A chi-square test of each octet, which Figure 7 lacks, finds every weak generator.",
    isSeen: ({ isSeenByChiSquare }) => isSeenByChiSquare,
  });
  const significances = series
    .filter((one) => !isWeak(one))
    .flatMap(({ samples }) => samples.map((sample) => verdictsOf(sample).chiSquareSignificance));
  const least = formatNumber(Math.min(1, ...significances), 2);
  return {
    ...finding,
    evidence:
      `${finding.evidence} The least significance of their ${significances.length} samples is ${least}; ` +
      `rejected is below ${SIGNIFICANCE}.`,
  };
}

interface TestOfKeys {
  readonly claim: string;
  readonly isSeen: (verdicts: Verdicts) => boolean;
}

function testFinding(series: readonly OctetSeries[], { claim, isSeen }: TestOfKeys): Finding {
  const weak = series.filter(isWeak);
  const seen = weak.filter(({ samples }) => samples.some((sample) => isSeen(verdictsOf(sample))));
  const missed = weak.filter((one) => !seen.includes(one));
  const falseAlarms = series
    .filter((one) => !isWeak(one))
    .filter(({ samples }) => samples.some((sample) => isSeen(verdictsOf(sample))));
  const found = seen.map((one) => {
    const first = one.samples.find((sample) => isSeen(verdictsOf(sample))) as OctetStatistics;
    return `${nameOf(one)} from ${formatNumber(first.keys)} keys on`;
  });
  return {
    outcome: missed.length === 0 ? "shown" : "refuted",
    claim,
    evidence:
      `It finds ${listOf(found)}. With up to ${keysOf(weak, largestSample)} keys it does not find ` +
      `${listOf(missed.map(nameOf))}. Of ${series.length - weak.length} other kinds of keys it rejects ` +
      `${listOf(falseAlarms.map(nameOf))}.`,
  };
}

function unseenFinding(weak: readonly OctetSeries[]): Finding {
  const unseen = weak.filter(({ samples }) =>
    samples.map(verdictsOf).every((verdicts) => {
      return verdicts.looksUniform && !verdicts.isSeenByChiSquare && !verdicts.isSeenByRepeats;
    }),
  );
  return {
    outcome: unseen.length > 0 ? "shown" : "refuted",
    claim: "Keys that anybody can find pass every look at their octets.",
    evidence:
      `Figure 7, chi-squares and repeats together, with up to ${keysOf(weak, largestSample)} keys, miss ` +
      `${listOf(unseen.map(nameOf))}.`,
  };
}

function keysOf(
  series: readonly OctetSeries[],
  sampleOf: (one: OctetSeries) => OctetStatistics,
): string {
  return formatNumber(Math.max(0, ...series.map((one) => sampleOf(one).keys)));
}

function exceptions(wrong: readonly OctetSeries[]): string {
  return wrong.length === 0 ? "" : `; not uniform: ${wrong.map(nameOf).join("; ")}`;
}

function listOf(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.join("; ");
}

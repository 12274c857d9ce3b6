import { formatNumber } from "../report/format-number.ts";
import type { Table } from "../report/section.ts";
import {
  IDEAL_MEAN,
  IDEAL_STANDARD_DEVIATION,
  standardErrorOfDeviation,
  standardErrorOfMean,
} from "./ideal.ts";
import type { OctetSeries } from "./measure.ts";
import type { OctetStatistics } from "./octet-statistics.ts";
import {
  firstSample,
  LEAST_MEAN_ERRORS,
  MOST_DENSITY_ERRORS,
  MOST_STANDARD_ERRORS,
  nameOf,
  SIGNIFICANCE,
  type Verdicts,
  verdictsOf,
} from "./verdicts.ts";

/** What Figure 7 shows, as numbers, and what else can be said of the same keys. */
export function figureTable(series: readonly OctetSeries[]): Table {
  const keys = series[0] === undefined ? 0 : firstSample(series[0]).keys;
  const ideal =
    `mean ${IDEAL_MEAN} ± ${standardErrorOfMean(keys).toFixed(2)}, standard deviation ` +
    `${IDEAL_STANDARD_DEVIATION.toFixed(2)} ± ${standardErrorOfDeviation(keys).toFixed(2)}`;
  return {
    id: "octet-figures",
    caption: `Figure 7 in numbers, and the tests that it lacks: ${formatNumber(keys)} keys`,
    columns: [
      { name: "Keys" },
      { name: "Means" },
      { name: "Standard deviations" },
      { name: "Farthest off", unit: "standard errors", digits: 2 },
      { name: "Mean deviation of a key over its octets", digits: 4 },
      { name: "Chi-squares of octets" },
      { name: "Pooled chi-square", digits: 4 },
      { name: "Distinct keys" },
    ],
    rows: series.map((one) => rowOf(one, firstSample(one))),
    notes: [
      `The ideal: ${ideal}, chi-square 255 ± 22.6, no key twice. Standard deviations are divided by the number ` +
        "of values, not by one less.",
    ],
  };
}

/** What each of the tests sees of each source, by number of keys. */
export function verdictsTable(series: readonly OctetSeries[]): Table {
  return {
    id: "octet-verdicts",
    caption: "Which keys each look finds wrong",
    columns: [
      { name: "Keys" },
      { name: "Number of keys" },
      { name: "Figure 7" },
      { name: "Chi-square" },
      { name: "Significance", digits: 2 },
      { name: "Distinct keys" },
      { name: "Repeats" },
    ],
    rows: series.flatMap((one) =>
      one.samples.map((sample) => {
        const verdicts = verdictsOf(sample);
        return [
          nameOf(one),
          sample.keys,
          figureVerdict(verdicts),
          verdicts.isSeenByChiSquare ? "wrong" : "uniform",
          verdicts.chiSquareSignificance,
          sample.distinctKeys,
          verdicts.isSeenByRepeats ? "wrong" : "none",
        ];
      }),
    ),
    notes: [
      `Figure 7 is called uniform when no mean and no standard deviation is more than ${MOST_STANDARD_ERRORS} ` +
        `standard errors off, and no density more than ${MOST_DENSITY_ERRORS}; too even when means and ` +
        `standard deviations are less than ${LEAST_MEAN_ERRORS} off in the (quadratic) mean. Chi-square: the smallest two-sided p-value of 16 octets and of all together, times ` +
        `17, at most 1; wrong below ${SIGNIFICANCE}. Too even is wrong as well.`,
    ],
  };
}

function figureVerdict({ looksUniform, looksTooEven }: Verdicts): string {
  if (!looksUniform) return "wrong";
  return looksTooEven ? "too even" : "uniform";
}

/** Every number of every octet. */
export function allOctetsTable(series: readonly OctetSeries[]): Table {
  return {
    id: "octets-all",
    caption: "Each octet of each source, for every number of keys",
    columns: [
      { name: "Source" },
      { name: "Keys" },
      { name: "Number of keys" },
      { name: "Octet" },
      { name: "Mean" },
      { name: "Standard deviation" },
      { name: "Chi-square" },
      { name: "p-value" },
    ],
    rows: series.flatMap((one) =>
      one.samples.flatMap(({ keys, octets }) =>
        octets.map(({ mean, standardDeviation, chiSquare, pValue }, octet) => [
          one.source,
          nameOf(one),
          keys,
          octet,
          mean,
          standardDeviation,
          chiSquare,
          pValue,
        ]),
      ),
    ),
    isDataOnly: true,
  };
}

function rowOf(one: OctetSeries, sample: OctetStatistics): (string | number)[] {
  const { octets, pooled, distinctKeys, deviationsOfKeys } = sample;
  return [
    nameOf(one),
    rangeOf(octets.map(({ mean }) => mean)),
    rangeOf(octets.map(({ standardDeviation }) => standardDeviation)),
    verdictsOf(sample).standardErrors,
    deviationsOfKeys.mean,
    rangeOf(octets.map(({ chiSquare }) => chiSquare)),
    pooled.chiSquare,
    distinctKeys,
  ];
}

/** `122.7 to 131.3`. */
export function rangeOf(values: readonly number[]): string {
  return `${formatNumber(Math.min(...values))} to ${formatNumber(Math.max(...values))}`;
}

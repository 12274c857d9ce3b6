import type { Cell, Table } from "../../report/section.ts";
import type { AvalancheResult, PartChange } from "../avalanche-result.ts";
import type { KeyChange } from "../dependence.ts";

/** Changes over several parts of the input together. */
export type MergedChange = Omit<PartChange, "part" | "nwkKeyMean" | "appKeyMean">;

/** The three groups that suites differ in; the paper's ka ‖ c is the first. */
export const PART_GROUPS = [
  {
    name: "NwkKey and context",
    contains: (part: string) => !part.startsWith("AppKey"),
  },
  {
    name: "AppKey, octets 0 to 7",
    contains: (part: string) => part === "AppKey, octets 0 to 7",
  },
  {
    name: "AppKey, octets 8 to 15",
    contains: (part: string) => part === "AppKey, octets 8 to 15",
  },
] as const;

export function mergeChanges(parts: readonly PartChange[]): MergedChange {
  const flips = sumOf(parts, (part) => part.flips);
  const mean = sumOf(parts, (part) => part.flips * part.mean) / flips;
  const meanSquare =
    sumOf(parts, (part) => part.flips * (part.standardDeviation ** 2 + part.mean ** 2)) / flips;
  return {
    flips,
    mean,
    standardDeviation: Math.sqrt(Math.max(0, meanSquare - mean ** 2)),
    smallest: Math.min(...parts.map((part) => part.smallest)),
    largest: Math.max(...parts.map((part) => part.largest)),
  };
}

export function changedBitsTable({ suites }: AvalancheResult): Table {
  const ideal = (bits: number): Cell[] => [bits / 2, Math.sqrt(bits) / 2];
  return {
    id: "table-avalanche-changed-bits",
    caption: "How many of the 256 bits of both new keys change with one bit of the input",
    columns: [
      { name: "Suite" },
      { name: "Bit flipped in" },
      { name: "Flips" },
      { name: "Mean", digits: 5 },
      { name: "Standard deviation" },
      { name: "Least" },
      { name: "Most" },
    ],
    rows: [
      ...suites.flatMap(({ name, parts }) =>
        PART_GROUPS.map((group) => {
          const change = mergeChanges(parts.filter(({ part }) => group.contains(part)));
          const { flips, mean, standardDeviation, smallest, largest } = change;
          return [name, group.name, flips, mean, standardDeviation, smallest, largest];
        }),
      ),
      ["ideal", "any", null, ...ideal(256), null, null],
      ["ideal for one key of 128 bits", "any", null, ...ideal(128), null, null],
    ],
  };
}

export function partsTable({ suites }: AvalancheResult): Table {
  return {
    id: "table-avalanche-parts",
    caption: "Changed bits by the part of the input in which a bit was flipped",
    columns: [
      "Suite",
      "Part",
      "Flips",
      "Mean",
      "Standard deviation",
      "Least",
      "Most",
      "Mean in NwkKey'",
      "Mean in AppKey'",
    ].map((name) => ({ name })),
    rows: suites.flatMap(({ name, parts }) =>
      parts.map((change) => [
        name,
        change.part,
        change.flips,
        change.mean,
        change.standardDeviation,
        change.smallest,
        change.largest,
        change.nwkKeyMean,
        change.appKeyMean,
      ]),
    ),
    isDataOnly: true,
  };
}

/** Strict avalanche and bit independence, a row a suite. */
export function criteriaTable({ suites }: AvalancheResult): Table {
  return {
    id: "table-avalanche-criteria",
    caption: "Strict avalanche and bit independence",
    columns: [
      { name: "Suite" },
      { name: "Pairs of bits without effect" },
      { name: "Other pairs of bits" },
      { name: "Mean share", digits: 6 },
      { name: "Farthest share", unit: "standard errors" },
      { name: "Median by chance", unit: "standard errors" },
      { name: "p of the farthest" },
      { name: "Chi-square of all" },
      { name: "p of chi-square" },
      { name: "Correlations" },
      { name: "Largest" },
      { name: "p of the largest" },
    ],
    rows: suites.map(({ name, neverFlipped, cells, pairs }) => [
      name,
      neverFlipped,
      cells.cells,
      cells.mean,
      cells.deviation.largest,
      cells.deviation.expected,
      cells.deviation.pValue,
      cells.chiSquare,
      cells.pValue,
      pairs.pairs,
      pairs.largestCorrelation,
      pairs.deviation.pValue,
    ]),
    notes: [
      "A pair of bits is one of the input and one of the output; its share is how often the one changed the " +
        "other. Chi-square has as many degrees of freedom as there are pairs with an effect.",
      "Correlations are between the changes of two output bits, drawn at random, with one input bit.",
    ],
  };
}

/** Which half of its input a new key depends on: the four readings of the paper and the suites. */
export function expanderTable({ expanders, dependenceTrials }: AvalancheResult): Table {
  const write = (change: KeyChange | null) =>
    change === null ? "–" : `${round(change.nwkKey)}, ${round(change.appKey)}`;
  return {
    id: "table-avalanche-expanders",
    caption: "Mean number of bits that change in NwkKey' and in AppKey', of 128 each, by expander",
    columns: [
      { name: "Expander" },
      { name: "Old AppKey, low half" },
      { name: "Old AppKey, high half" },
      { name: "kkdk, low half" },
      { name: "kkdk, high half" },
    ],
    rows: expanders.map(({ expander, kbLow, kbHigh, kdkLow, kdkHigh }) => [
      expander,
      write(kbLow),
      write(kbHigh),
      write(kdkLow),
      write(kdkHigh),
    ]),
    notes: [
      `One bit at a time, ${dependenceTrials} random inputs for each half. The low half is the first.`,
      "E0 to E3 are readings of the paper's Table 2; E1 is suite 0. A dash: the old AppKey goes into the " +
        "extractor there. HKDF has a key derivation key of 256 bits.",
    ],
  };
}

export function extractorTable({ extractors }: AvalancheResult): Table {
  return {
    id: "table-avalanche-extractors",
    caption: "Share of the bits of the key derivation key that change with one bit of an input",
    columns: ["Extractor", "Old NwkKey", "Old AppKey", "Context"].map((name) => ({ name })),
    rows: extractors.map(({ extractor, nwkKey, appKey, context }) => [
      extractor,
      nwkKey,
      appKey,
      context,
    ]),
  };
}

function sumOf<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0);
}

/** 0 stays a plain 0: no bit changed at all. */
function round(bits: number): string {
  return bits === 0 ? "0" : bits.toFixed(1);
}

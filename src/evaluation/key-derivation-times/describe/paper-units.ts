import { formatNumber } from "../../report/format-number.ts";
import type { Cell, Finding, Outcome, Table } from "../../report/section.ts";
import type { KeyDerivationTimes } from "../key-derivation-times.ts";
import { geometricMean } from "../statistics.ts";
import { PAPER_CLOCK_GHZ, PAPER_REPEATS, PAPER_TABLE_3, type PaperRow } from "./paper-table-3.ts";

/** What the numbers under "average execution time (ms)" may be. */
const READINGS = [
  { name: "milliseconds for one derivation", nsPerUnit: 1e6 },
  { name: `milliseconds for all ${formatNumber(PAPER_REPEATS)}`, nsPerUnit: 1e6 / PAPER_REPEATS },
  { name: `seconds for all ${formatNumber(PAPER_REPEATS)}`, nsPerUnit: 1e9 / PAPER_REPEATS },
] as const;

/**
 * The Rabbit KDF keys Rabbit seven times: five times for the extractor, twice for the expander. Each time
 * are four iterations of the next-state function and one for the block. Each needs the one before, and none
 * takes less than a cycle.
 */
const RABBIT_KDF_LEAST_CYCLES = 7 * 5;

/** How far outside of what was measured here a time may lie before a reading is called implausible. */
const PLAUSIBLE_FACTOR = 10;

export interface ReadingRow {
  readonly algorithm: string;
  readonly nsPerCall: number;
  /** At the clock of the paper's processor. */
  readonly cycles: number;
  /** Of the fastest and of the slowest implementation here, at the clock of this processor. */
  readonly ourCycles: readonly [number, number];
  /** 1 within ours; else how many times fewer than the fastest or more than the slowest. */
  readonly factorOutside: number;
}

export interface Reading {
  readonly name: string;
  readonly rows: readonly ReadingRow[];
  readonly verdict: "impossible" | "implausible" | "plausible";
}

/** The readings that can be judged by what was measured; without a measurement of a row it is left out. */
export function readUnits(result: KeyDerivationTimes): Reading[] {
  return READINGS.map(({ name, nsPerUnit }) => {
    const rows = PAPER_TABLE_3.flatMap((row) => readRow(result, row, nsPerUnit));
    return { name, rows, verdict: judge(nsPerUnit, rows) };
  });
}

/** The reading that differs least from what was measured here, of those that are possible. */
export function closestReading(readings: readonly Reading[]): Reading | undefined {
  const distance = ({ rows }: Reading) =>
    geometricMean(rows.map(({ factorOutside }) => factorOutside));
  return readings
    .filter(({ rows, verdict }) => rows.length > 0 && verdict !== "impossible")
    .sort((a, b) => distance(a) - distance(b))[0];
}

export function unitsTable(result: KeyDerivationTimes): Table {
  const { clock } = result;
  return {
    id: "table-3-units",
    caption: "What the unit of the paper's times may be",
    columns: [
      { name: "Reading" },
      { name: "Algorithm" },
      { name: "Time of one", unit: "ns", digits: 3 },
      { name: `Cycles at ${PAPER_CLOCK_GHZ} GHz`, digits: 3 },
      { name: "Cycles here, fastest", digits: 3 },
      { name: "Cycles here, slowest", digits: 3 },
      { name: "Times outside ours", digits: 3 },
      { name: "The reading is" },
    ],
    rows: readUnits(result).flatMap(({ name, rows, verdict }) =>
      rows.map((row): Cell[] => [
        name,
        row.algorithm,
        row.nsPerCall,
        row.cycles,
        ...row.ourCycles,
        row.factorOutside,
        verdict,
      ]),
    ),
    notes: [
      clock === null
        ? `The clock of this processor is not known; ${PAPER_CLOCK_GHZ} GHz is supposed.`
        : `The clock of this processor is ${formatNumber(clock.ghz, 3)} GHz (${clock.source}).`,
      `Impossible: fewer than ${RABBIT_KDF_LEAST_CYCLES} cycles for the Rabbit KDF, which has as many iterations that wait for one another. Implausible: more than ${PLAUSIBLE_FACTOR} times outside of what the implementations here take, from the fastest to the slowest.`,
    ],
  };
}

/** Whether the column is what its heading says. */
export function unitsFinding(result: KeyDerivationTimes): Finding {
  const readings = readUnits(result);
  const asPrinted = readings[0] as Reading;
  const closest = closestReading(readings);
  return {
    outcome: closest === undefined ? "undecidable" : outcomeOf(asPrinted, closest),
    claim: "The times of Table 3 are milliseconds for one derivation.",
    evidence: [
      ...readings.map(sentenceOf),
      closest === undefined
        ? "None can be judged."
        : `Closest to what was measured here are ${closest.name}; that cannot be proven from the paper.`,
    ].join(" "),
  };
}

function readRow(result: KeyDerivationTimes, row: PaperRow, nsPerUnit: number): ReadingRow[] {
  const ghz = result.clock?.ghz ?? PAPER_CLOCK_GHZ;
  const ours = result.implementations
    .flatMap(({ times }) => times.filter(({ derivation }) => derivation === row.derivation))
    .map(({ medianNs }) => medianNs * ghz);
  if (ours.length === 0) return [];
  const [fewest, most] = [Math.min(...ours), Math.max(...ours)];
  const nsPerCall = row.t * nsPerUnit;
  const cycles = nsPerCall * PAPER_CLOCK_GHZ;
  const factorOutside = Math.max(1, fewest / cycles, cycles / most);
  const { algorithm } = row;
  return [{ algorithm, nsPerCall, cycles, ourCycles: [fewest, most], factorOutside }];
}

function judge(nsPerUnit: number, rows: readonly ReadingRow[]): Reading["verdict"] {
  const rabbitNs = (PAPER_TABLE_3[0] as PaperRow).t * nsPerUnit;
  if (rabbitNs * PAPER_CLOCK_GHZ < RABBIT_KDF_LEAST_CYCLES) return "impossible";
  const isNear = rows.every(({ factorOutside }) => factorOutside <= PLAUSIBLE_FACTOR);
  return isNear ? "plausible" : "implausible";
}

function outcomeOf(asPrinted: Reading, closest: Reading): Outcome {
  if (closest === asPrinted) return "reproduced";
  return asPrinted.verdict === "plausible" ? "undecidable" : "not-reproduced";
}

function sentenceOf({ name, rows, verdict }: Reading): string {
  const cycles = rows.map(({ cycles }) => formatNumber(cycles, 3)).join(", ");
  const farthest = Math.max(1, ...rows.map(({ factorOutside }) => factorOutside));
  const distance =
    farthest === 1
      ? "all within what was measured here"
      : `at the farthest ${formatNumber(farthest, 2)} times outside of what was measured here`;
  return `Read as ${name} they are ${cycles} cycles (${distance}): ${verdict}.`;
}

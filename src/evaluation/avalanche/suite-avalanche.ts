import { formatSuite, type Suite } from "../../root-key/suite.ts";
import { upperIncompleteGamma } from "../sp800-22/special-functions.ts";
import type {
  CellStatistics,
  PairStatistics,
  PartChange,
  SuiteAvalanche,
} from "./avalanche-result.ts";
import {
  INPUT_BYTES,
  INPUT_PARTS,
  inputPartOf,
  OUTPUT_BITS,
  OUTPUT_BYTES,
} from "./flips/derivation-input.ts";
import { CHANGED_BITS_BINS, type FlipCounts, type FlipPlan } from "./flips/flip-counts.ts";
import { largestCoinDeviation, largestNormalDeviation } from "./flips/largest-deviation.ts";

const KEY_BITS = 256;

/** What the counts of a suite say. The plan flips every bit of both keys first. */
export function summariseFlips(suite: Suite, plan: FlipPlan, counts: FlipCounts): SuiteAvalanche {
  return {
    suite,
    name: formatSuite(suite),
    keyBitFlips: plan.inputBits
      .filter((bit) => bit < KEY_BITS)
      .map((_, place) => Array.from(rowOf(counts, place))),
    octetFlipRates: octetFlipRates(plan, counts),
    parts: INPUT_PARTS.map((_, part) => partChange(part, plan, counts)),
    cells: cellStatistics(counts),
    neverFlipped: counts.flips.filter((count) => count === 0).length,
    pairs: pairStatistics(plan, counts),
  };
}

function rowOf({ flips }: FlipCounts, place: number): Uint32Array {
  return flips.subarray(place * OUTPUT_BITS, (place + 1) * OUTPUT_BITS);
}

/** An octet of which no bit was flipped has no rates. */
function octetFlipRates({ inputBits }: FlipPlan, counts: FlipCounts): number[][] {
  const sums = Array.from({ length: INPUT_BYTES }, () => new Array<number>(OUTPUT_BYTES).fill(0));
  const bitsOf = new Array<number>(INPUT_BYTES).fill(0);
  inputBits.forEach((inputBit, place) => {
    const octet = inputBit >> 3;
    bitsOf[octet] = (bitsOf[octet] as number) + 1;
    const sum = sums[octet] as number[];
    rowOf(counts, place).forEach((count, bit) => {
      sum[bit >> 3] = (sum[bit >> 3] as number) + count;
    });
  });
  return sums.map((sum, octet) => {
    const tosses = (bitsOf[octet] as number) * 8 * counts.trials;
    return tosses === 0 ? [] : sum.map((count) => count / tosses);
  });
}

function partChange(part: number, { inputBits }: FlipPlan, counts: FlipCounts): PartChange {
  const histogram = counts.changedBits.subarray(
    part * CHANGED_BITS_BINS,
    (part + 1) * CHANGED_BITS_BINS,
  );
  let flips = 0;
  let sum = 0;
  let sumOfSquares = 0;
  histogram.forEach((count, changed) => {
    flips += count;
    sum += count * changed;
    sumOfSquares += count * changed ** 2;
  });
  const mean = sum / flips;
  let nwkKeySum = 0;
  inputBits.forEach((inputBit, place) => {
    if (inputPartOf(inputBit >> 3) !== part) return;
    for (const count of rowOf(counts, place).subarray(0, OUTPUT_BITS / 2)) nwkKeySum += count;
  });
  return {
    part: (INPUT_PARTS[part] as { name: string }).name,
    flips,
    mean,
    standardDeviation: Math.sqrt(Math.max(0, sumOfSquares / flips - mean ** 2)),
    smallest: histogram.findIndex((count) => count > 0),
    largest: histogram.findLastIndex((count) => count > 0),
    nwkKeyMean: nwkKeySum / flips,
    appKeyMean: (sum - nwkKeySum) / flips,
  };
}

function cellStatistics({ flips, trials }: FlipCounts): CellStatistics {
  let cells = 0;
  let sum = 0;
  let farthest = 0;
  let chiSquare = 0;
  for (const count of flips) {
    if (count === 0) continue;
    const deviation = count - trials / 2;
    cells++;
    sum += count;
    farthest = Math.max(farthest, Math.abs(deviation));
    chiSquare += (4 * deviation ** 2) / trials;
  }
  return {
    cells,
    mean: sum / (cells * trials),
    deviation: largestCoinDeviation(farthest, trials, cells),
    chiSquare,
    pValue: upperIncompleteGamma(cells / 2, chiSquare / 2),
  };
}

function pairStatistics({ pairs }: FlipPlan, counts: FlipCounts): PairStatistics {
  const { trials, flips, bothFlipped } = counts;
  let defined = 0;
  let largest = 0;
  pairs.forEach(({ input, first, second }, index) => {
    const ofFirst = flips[input * OUTPUT_BITS + first] as number;
    const ofSecond = flips[input * OUTPUT_BITS + second] as number;
    const spread = ofFirst * (trials - ofFirst) * ofSecond * (trials - ofSecond);
    if (spread === 0) return;
    const covariance = trials * (bothFlipped[index] as number) - ofFirst * ofSecond;
    defined++;
    largest = Math.max(largest, Math.abs(covariance) / Math.sqrt(spread));
  });
  return {
    pairs: defined,
    largestCorrelation: largest,
    deviation: largestNormalDeviation(largest * Math.sqrt(trials), defined),
  };
}

import { DEFAULT_SUITE, Suite } from "../../../root-key/suite.ts";
import type { SearchMeasurement } from "../split-search/measure-searches.ts";

const SECONDS_PER_YEAR = 365.25 * 24 * 3600;
/** Bits in each half of the real key derivation key of the Rabbit suites. */
export const REAL_WIDTH_BITS = 64;

/** log2 of the mean number of candidates when all w unknown bits a half are equally likely. */
export function expectedLog2(search: SearchMeasurement["search"], widthBits: number): number {
  // Half of 2 × 2^w, and half of 2^(2w).
  return search === "halves" ? widthBits : 2 * widthBits - 1;
}

/** The search that finds the keys of a suite with least work. */
export function bestSearch(suite: Suite): SearchMeasurement["search"] {
  return suite === Suite.RabbitSplit ? "halves" : "whole";
}

/** Candidates per second over all measurements of a suite. */
export function candidatesPerSecond(searches: readonly SearchMeasurement[], suite: Suite): number {
  const ofSuite = searches.filter((search) => search.suite === suite);
  const candidates = ofSuite.reduce((sum, each) => sum + each.updates * each.meanCandidates, 0);
  return (candidates / ofSuite.reduce((sum, { durationMs }) => sum + durationMs, 0)) * 1000;
}

/** Of the real 64 bits a half, at so many candidates a second on one core. */
export function extrapolatedCoreYears(
  search: SearchMeasurement["search"],
  perSecond: number,
): number {
  return 2 ** expectedLog2(search, REAL_WIDTH_BITS) / perSecond / SECONDS_PER_YEAR;
}

/** Suite 0 and the default, which the figure compares. */
export const COMPARED_SUITES: readonly Suite[] = [Suite.RabbitSplit, DEFAULT_SUITE];

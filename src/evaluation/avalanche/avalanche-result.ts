import type { Suite } from "../../root-key/suite.ts";
import type { ExpanderDependence, ExtractorDependence } from "./dependence.ts";
import type { LargestDeviation } from "./flips/largest-deviation.ts";
import type { StreamStatistics } from "./streams/stream-statistics.ts";

export interface AvalancheResult {
  readonly seed: string;
  /** Random inputs for each suite, the same for all suites. */
  readonly trials: number;
  /** Bits of NwkKey ‖ AppKey ‖ context that are flipped in each, one at a time. */
  readonly inputBits: readonly number[];
  readonly suites: readonly SuiteAvalanche[];
  /** Flips of each half of an expander's input, and of each input of an extractor. */
  readonly dependenceTrials: number;
  readonly expanders: readonly ExpanderDependence[];
  readonly extractors: readonly ExtractorDependence[];
  readonly streams: readonly StreamStatistics[];
}

/** How the new keys of one suite change with single bits of its input. */
export interface SuiteAvalanche {
  readonly suite: Suite;
  readonly name: string;
  /** [bit of NwkKey ‖ AppKey][bit of NwkKey' ‖ AppKey']: trials in which the one changed the other. */
  readonly keyBitFlips: readonly (readonly number[])[];
  /** [octet of the input][octet of the output]: share of flips in which a bit changed. */
  readonly octetFlipRates: readonly (readonly number[])[];
  readonly parts: readonly PartChange[];
  /** Of the cells that changed at least once. */
  readonly cells: CellStatistics;
  /** Pairs of an input bit and an output bit that it never changed. */
  readonly neverFlipped: number;
  readonly pairs: PairStatistics;
}

/** How many of the 256 output bits change when one bit of a part of the input does. */
export interface PartChange {
  readonly part: string;
  readonly flips: number;
  readonly mean: number;
  readonly standardDeviation: number;
  readonly smallest: number;
  readonly largest: number;
  /** Of NwkKey' and of AppKey', 128 bits each. */
  readonly nwkKeyMean: number;
  readonly appKeyMean: number;
}

/** The strict avalanche criterion: an output bit changes with each input bit half of the time. */
export interface CellStatistics {
  /** Pairs of an input bit and an output bit. */
  readonly cells: number;
  readonly mean: number;
  readonly deviation: LargestDeviation;
  /** Sum of the squared deviations in standard errors; expected are as many as there are cells. */
  readonly chiSquare: number;
  readonly pValue: number;
}

/** The bit independence criterion: two output bits change independently of one another. */
export interface PairStatistics {
  /** Pairs of output bits, each with one input bit; without those of which a bit always or never changes. */
  readonly pairs: number;
  /** Of correlation coefficients, in standard errors. */
  readonly deviation: LargestDeviation;
  readonly largestCorrelation: number;
}

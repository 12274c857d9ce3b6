import type { ExpandedKeys } from "../expanders/expander-readings.ts";
import { SUITE_EXPANDERS } from "../expanders/suite-expanders.ts";
import { type CapturedUpdate, withUnknownBits } from "./captured-update.ts";

export interface SearchOutcome {
  /** Candidates for the key derivation key that were expanded and tested. */
  readonly candidates: number;
  /** Whether both new keys were found. */
  readonly isFound: boolean;
}

/** Steps of a search: after each the caller may do other work, or end it. */
export type Search = Generator<undefined, SearchOutcome>;

/**
 * The attack on the 64-bit split: first the low half of the key derivation key by NwkKey' alone, whatever the
 * high half is, then the high half by AppKey'. At most 2 × 2^w candidates. It is wrong about every
 * expander in which NwkKey' depends on both halves: there the first step finds nothing.
 */
export function* searchHalves(update: CapturedUpdate): Search {
  const { widthBits, testNwkKey, testBoth, knownKdk } = update;
  let candidates = 0;
  for (let low = 0; low < 2 ** widthBits; low++) {
    const withLow = withUnknownBits(knownKdk, "low", widthBits, low);
    candidates++;
    yield;
    if (!testNwkKey(expand(update, withLow).nwkKey)) continue;
    for (let high = 0; high < 2 ** widthBits; high++) {
      const keys = expand(update, withUnknownBits(withLow, "high", widthBits, high));
      candidates++;
      yield;
      if (testBoth(keys)) return { candidates, isFound: isRight(update, keys) };
    }
  }
  return { candidates, isFound: false };
}

/** The search that every expander is open to: both halves at once, at most 2^(2w) candidates. */
export function* searchWhole(update: CapturedUpdate): Search {
  const { widthBits, testNwkKey, testBoth, knownKdk } = update;
  let candidates = 0;
  for (let high = 0; high < 2 ** widthBits; high++) {
    const withHigh = withUnknownBits(knownKdk, "high", widthBits, high);
    for (let low = 0; low < 2 ** widthBits; low++) {
      const keys = expand(update, withUnknownBits(withHigh, "low", widthBits, low));
      candidates++;
      yield;
      if (testNwkKey(keys.nwkKey) && testBoth(keys)) {
        return { candidates, isFound: isRight(update, keys) };
      }
    }
  }
  return { candidates, isFound: false };
}

function expand({ suite, appKey, context }: CapturedUpdate, kdk: Uint8Array): ExpandedKeys {
  return SUITE_EXPANDERS[suite].expand(kdk, appKey, context);
}

function isRight({ newKeys }: CapturedUpdate, keys: ExpandedKeys): boolean {
  return (
    Buffer.compare(keys.nwkKey, newKeys.nwkKey) === 0 &&
    Buffer.compare(keys.appKey, newKeys.appKey) === 0
  );
}

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type CapturedUpdate,
  captureUpdate,
} from "../../../src/evaluation/attacks/split-search/captured-update.ts";
import {
  type Search,
  type SearchOutcome,
  searchHalves,
  searchWhole,
} from "../../../src/evaluation/attacks/split-search/search-keys.ts";
import { SeededRandom } from "../../../src/evaluation/random/seeded-random.ts";
import { ALL_SUITES, formatSuite, Suite } from "../../../src/root-key/suite.ts";

function finish(search: Search): SearchOutcome {
  for (;;) {
    const { done, value } = search.next();
    if (done) return value;
  }
}

function capture(suite: Suite, widthBits: number): CapturedUpdate {
  return captureUpdate(suite, widthBits, new SeededRandom("test", "split search"));
}

describe("the search of one half after the other", () => {
  it("finds both new keys of suite 0 in at most 2 × 2^w candidates", () => {
    for (const widthBits of [3, 6, 9]) {
      const { isFound, candidates } = finish(searchHalves(capture(Suite.RabbitSplit, widthBits)));
      assert.ok(isFound);
      assert.ok(candidates <= 2 * 2 ** widthBits, `${candidates}`);
    }
  });

  for (const suite of ALL_SUITES.filter((each) => each !== Suite.RabbitSplit)) {
    it(`finds nothing in ${formatSuite(suite)}`, () => {
      const outcome = finish(searchHalves(capture(suite, 7)));
      assert.deepEqual(outcome, { candidates: 128, isFound: false });
    });
  }

  it("needs the captured frames to be right: with those of another update it finds nothing", () => {
    const update = capture(Suite.RabbitSplit, 5);
    const other = captureUpdate(Suite.RabbitSplit, 5, new SeededRandom("other", "split search"));
    assert.equal(finish(searchHalves({ ...update, testNwkKey: other.testNwkKey })).isFound, false);
    assert.equal(finish(searchHalves({ ...update, testBoth: other.testBoth })).isFound, false);
  });
});

describe("the search of both halves at once", () => {
  for (const suite of ALL_SUITES) {
    it(`finds both new keys in at most 2^(2w) candidates: ${formatSuite(suite)}`, () => {
      const { isFound, candidates } = finish(searchWhole(capture(suite, 4)));
      assert.ok(isFound);
      assert.ok(candidates <= 256 && candidates > 16, `${candidates}`);
    });
  }
});

describe("a captured update", () => {
  it("shows neither the unknown bits nor another key than that of the suite", () => {
    const update = capture(Suite.Rabbit, 16);
    assert.deepEqual([...update.knownKdk.subarray(0, 2)], [0, 0]);
    assert.deepEqual([...update.knownKdk.subarray(8, 10)], [0, 0]);
    assert.ok(update.testNwkKey(update.newKeys.nwkKey));
    assert.ok(update.testBoth(update.newKeys));
    assert.ok(!update.testNwkKey(update.newKeys.appKey));
    const swapped = { nwkKey: update.newKeys.appKey, appKey: update.newKeys.nwkKey };
    assert.ok(!update.testBoth(swapped));
  });
});

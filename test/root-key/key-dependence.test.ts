import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { deriveRootKeyBytes } from "../../src/root-key/derivation/derive-root-keys.ts";
import { ALL_SUITES, formatSuite, Suite } from "../../src/root-key/suite.ts";

const KEY_BITS = 128;
const ROUNDS = 40;
/** Of 128 output bits half change, give or take: five standard deviations of the mean of so many trials. */
const FEWEST_CHANGED = 64 - 5 * Math.sqrt(32 / ROUNDS);

/** Deterministic octets: what is measured here must not differ from run to run. */
function octets(seed: number, length: number): Uint8Array {
  let state = (seed + 1) * 0x9e3779b1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) | 0;
    return (state >>> 13) & 0xff;
  });
}

function changedBits(a: Uint8Array, b: Uint8Array): number {
  let count = 0;
  a.forEach((octet, index) => {
    for (let rest = octet ^ (b[index] as number); rest > 0; rest &= rest - 1) count++;
  });
  return count;
}

/** Mean numbers of bits that change in each new key when one bit of an old key does, its octets from..to. */
function meanChange(
  suite: Suite,
  which: "nwkKey" | "appKey",
  [from, to]: readonly [number, number],
) {
  const sum = { nwkKey: 0, appKey: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const input = {
      suite,
      nwkKey: octets(3 * round, 16),
      appKey: octets(3 * round + 1, 16),
      context: octets(3 * round + 2, 96),
    };
    const flipped = input[which].slice();
    const bit = from * 8 + ((round * 37) % ((to - from) * 8));
    flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
    const before = deriveRootKeyBytes(input);
    const after = deriveRootKeyBytes({ ...input, [which]: flipped });
    sum.nwkKey += changedBits(before.nwkKey, after.nwkKey) / ROUNDS;
    sum.appKey += changedBits(before.appKey, after.appKey) / ROUNDS;
  }
  return sum;
}

describe("what the new keys depend on", () => {
  const halves = { low: [0, 8], high: [8, KEY_BITS / 8] } as const;

  for (const suite of ALL_SUITES.filter((each) => each !== Suite.RabbitSplit)) {
    test(`${formatSuite(suite)}: both new keys, on every half of both old keys`, () => {
      for (const which of ["nwkKey", "appKey"] as const) {
        for (const half of Object.values(halves)) {
          const change = meanChange(suite, which, half);
          assert.ok(change.nwkKey > FEWEST_CHANGED, `NwkKey': ${change.nwkKey} of 128 bits`);
          assert.ok(change.appKey > FEWEST_CHANGED, `AppKey': ${change.appKey} of 128 bits`);
        }
      }
    });
  }

  test("rabbit-split: NwkKey' not on the high half of the old AppKey, the paper's weakness", () => {
    assert.equal(meanChange(Suite.RabbitSplit, "appKey", halves.high).nwkKey, 0);
    assert.ok(meanChange(Suite.RabbitSplit, "appKey", halves.high).appKey > FEWEST_CHANGED);
    assert.ok(meanChange(Suite.RabbitSplit, "appKey", halves.low).nwkKey > FEWEST_CHANGED);
  });
});

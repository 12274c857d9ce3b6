import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { samplePairs } from "../../../src/evaluation/avalanche/flips/bit-pairs.ts";
import {
  INPUT_BYTES,
  INPUT_PARTS,
} from "../../../src/evaluation/avalanche/flips/derivation-input.ts";
import { countFlipBlock } from "../../../src/evaluation/avalanche/flips/flip-block.ts";
import {
  addFlipCounts,
  emptyFlipCounts,
  type FlipPlan,
} from "../../../src/evaluation/avalanche/flips/flip-counts.ts";
import { summariseFlips } from "../../../src/evaluation/avalanche/suite-avalanche.ts";
import { parseEui64 } from "../../../src/lorawan/identifiers.ts";
import { encodeUpdateContext } from "../../../src/root-key/derivation/context.ts";
import { deriveRootKeyBytes } from "../../../src/root-key/derivation/derive-root-keys.ts";
import { Suite } from "../../../src/root-key/suite.ts";
import type { KeyDerivation } from "../../../src/root-key/suites/key-derivation.ts";
import { rootKeys, session } from "../../root-key/fixtures.ts";

const KEY_BITS = Array.from({ length: 256 }, (_, bit) => bit);
const rabbit: KeyDerivation = (input) => deriveRootKeyBytes({ ...input, suite: Suite.Rabbit });

function flipsOf(derive: KeyDerivation, plan: FlipPlan, trials = 24) {
  const counts = countFlipBlock(derive, { seed: "test", block: 0, trials, plan });
  return summariseFlips(Suite.Rabbit, plan, counts);
}

describe("the input of a derivation", () => {
  it("has its parts where the context of an update has its fields", () => {
    const transcript = {
      devEui: parseEui64("0102030405060708"),
      joinEui: parseEui64("1112131415161718"),
      updateId: 1,
      suite: 0,
      jsNonce: new Uint8Array(3),
      edNonce: new Uint8Array(4),
      joinNonce: 7,
      sessionKeys: session(1),
    };
    const before = encodeUpdateContext(transcript);
    const changes = {
      DevEUI: { devEui: parseEui64("f1f2f3f4f5f6f7f8") },
      JoinEUI: { joinEui: parseEui64("e1e2e3e4e5e6e7e8") },
      UpdateID: { updateId: 0xfefe },
      suite: { suite: 3 },
      JSNonce: { jsNonce: Uint8Array.of(1, 2, 3) },
      EDNonce: { edNonce: Uint8Array.of(1, 2, 3, 4) },
      JoinNonce: { joinNonce: 0xf1f2f3 },
      AppSKey: { sessionKeys: { ...session(1), appSKey: rootKeys(0x90).nwkKey } },
      FNwkSIntKey: { sessionKeys: { ...session(1), fNwkSIntKey: rootKeys(0x90).nwkKey } },
    };
    for (const [name, change] of Object.entries(changes)) {
      const after = encodeUpdateContext({ ...transcript, ...change });
      const changed = [...after.keys()].filter((index) => after[index] !== before[index]);
      const part = INPUT_PARTS.find((each) => each.name === name);
      assert.ok(part);
      const octets = Array.from({ length: part.lengthBytes }, (_, i) => part.offset - 32 + i);
      assert.deepEqual(changed, octets, name);
    }
    const end = INPUT_PARTS.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0);
    assert.equal(end, INPUT_BYTES);
  });
});

describe("the counts of flips", () => {
  it("see a derivation that ignores one input bit, and nothing else wrong with it", () => {
    const ignored = 77;
    const deaf: KeyDerivation = (input) => {
      const nwkKey = input.nwkKey.slice();
      nwkKey[ignored >> 3] = (nwkKey[ignored >> 3] as number) & ~(1 << (ignored & 7));
      return rabbit({ ...input, nwkKey });
    };
    const plan = { inputBits: KEY_BITS, pairs: [] };
    const { neverFlipped, keyBitFlips, cells } = flipsOf(deaf, plan);
    assert.equal(neverFlipped, 256);
    assert.ok(keyBitFlips[ignored]?.every((count) => count === 0));
    assert.ok(cells.pValue > 1e-6);
    assert.equal(flipsOf(rabbit, plan).neverFlipped, 0);
  });

  it("see output bits that are biased, and bits that change together", () => {
    const biased: KeyDerivation = (input) => {
      const derived = rabbit(input);
      derived.nwkKey[3] = (derived.nwkKey[3] as number) & (derived.appKey[3] as number);
      return derived;
    };
    // Bit 24 of NwkKey' then changes with probability 3/8, and together with bit 24 of AppKey'.
    const pairs = [{ input: 5, first: 24, second: 128 + 24 }];
    const plan = { inputBits: KEY_BITS.slice(0, 20), pairs };
    const fair = flipsOf(rabbit, plan, 800);
    const unfair = flipsOf(biased, plan, 800);
    assert.ok(unfair.cells.pValue < 1e-12, `${unfair.cells.pValue}`);
    assert.ok(fair.cells.pValue > 1e-6);
    assert.ok(unfair.pairs.deviation.pValue < 1e-3, `${unfair.pairs.deviation.pValue}`);
    assert.ok(fair.pairs.deviation.pValue > 1e-3);
  });

  it("are the exact ones of a derivation that copies its keys", () => {
    const copy: KeyDerivation = ({ nwkKey, appKey }) => ({
      kdk: new Uint8Array(),
      nwkKey: nwkKey.slice(),
      appKey: appKey.slice(),
    });
    const plan = { inputBits: [0, 9, 130, 8 * 40], pairs: [] };
    const counts = countFlipBlock(copy, { seed: "s", block: 1, trials: 3, plan });
    const expected = emptyFlipCounts(plan);
    for (const [place, bit] of [0, 9, 130].entries()) expected.flips[256 * place + bit] = 3;
    assert.deepEqual(counts.flips, expected.flips);
  });

  it("add up to the same in any division into blocks, and depend on seed and block", () => {
    const plan = { inputBits: [1, 200, 900], pairs: samplePairs("s", 20, 3) };
    const block = (number: number) =>
      countFlipBlock(rabbit, { seed: "s", block: number, trials: 5, plan });
    const [zero, one, again] = [block(0), block(1), block(0)];
    assert.deepEqual(zero, again);
    assert.notDeepEqual(zero.flips, one.flips);
    const forth = emptyFlipCounts(plan);
    const back = emptyFlipCounts(plan);
    for (const each of [zero, one]) addFlipCounts(forth, each);
    for (const each of [one, zero]) addFlipCounts(back, each);
    assert.deepEqual(forth, back);
    assert.equal(forth.trials, 10);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { importAes128Key } from "../../src/crypto/aes128.ts";
import { rabbitBlock } from "../../src/crypto/rabbit/rabbit.ts";
import { WarrenError } from "../../src/errors.ts";
import { formatHex, parseHex } from "../../src/lorawan/hex.ts";
import { encodeUpdateContext } from "../../src/root-key/derivation/context.ts";
import { deriveRootKeyBytes } from "../../src/root-key/derivation/derive-root-keys.ts";
import {
  ALL_SUITES,
  DEFAULT_SUITE,
  formatSuite,
  isSuite,
  parseSuite,
  Suite,
} from "../../src/root-key/suite.ts";
import { rabbitChain } from "../../src/root-key/suites/rabbit-chain.ts";
import rabbitVectors from "../vectors/rabbit.json" with { type: "json" };
import { identity, session } from "./fixtures.ts";

const hasCode = (code: string) => (error: unknown) =>
  error instanceof WarrenError && error.code === code;

describe("the paper's key derivation", () => {
  const { inputs, extractor, answers } = rabbitVectors.kdf;
  const ka = parseHex(inputs.ka);
  const kb = parseHex(inputs.kb);
  const context = parseHex(inputs.c);

  it("extracts in five loops over ka and four session keys", () => {
    assert.equal(formatHex(rabbitChain(ka, context)), extractor.kkdk);
    let feedback = "00".repeat(16);
    for (const [index, block] of extractor.blocks.entries()) {
      const sum = BigInt(`0x${block}`) ^ BigInt(`0x${feedback}`);
      feedback = formatHex(rabbitBlock(parseHex(sum.toString(16).padStart(32, "0"))));
      assert.equal(feedback, extractor.keystream[index]);
    }
  });

  it("is suite 0 over the paper's 64 octets of context", () => {
    const answer = answers.find(({ recommended }) => recommended);
    const derived = deriveRootKeyBytes({
      suite: Suite.RabbitSplit,
      nwkKey: ka,
      appKey: kb,
      context,
    });
    assert.equal(formatHex(derived.kdk), extractor.kkdk);
    assert.equal(formatHex(derived.nwkKey), answer?.newKa);
    assert.equal(formatHex(derived.appKey), answer?.newKb);
  });

  it("pads a short last block with zeros", () => {
    const short = context.subarray(0, 20);
    const padded = new Uint8Array(32);
    padded.set(short);
    assert.deepEqual(rabbitChain(ka, short), rabbitChain(ka, padded));
    assert.notDeepEqual(rabbitChain(ka, short), rabbitChain(ka, context.subarray(0, 21)));
  });
});

describe("deriving root keys", () => {
  const key = fc.uint8Array({ minLength: 16, maxLength: 16 });
  const context = fc.uint8Array({ minLength: 96, maxLength: 96 });
  /** Bits in which two keys differ. */
  const distance = (a: Uint8Array, b: Uint8Array) =>
    a.reduce((sum, byte, index) => {
      const changed = byte ^ (b[index] as number);
      return sum + changed.toString(2).replaceAll("0", "").length;
    }, 0);

  for (const suite of ALL_SUITES) {
    it(`${formatSuite(suite)}: every bit of the input changes about half of the output`, () => {
      let changes = 0;
      let runs = 0;
      fc.assert(
        fc.property(key, key, context, fc.nat({ max: 1023 }), (nwkKey, appKey, c, bit) => {
          const input = { suite, nwkKey, appKey, context: c };
          const before = deriveRootKeyBytes(input);
          const flipped = Uint8Array.from([...nwkKey, ...appKey, ...c]);
          flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
          const after = deriveRootKeyBytes({
            suite,
            nwkKey: flipped.slice(0, 16),
            appKey: flipped.slice(16, 32),
            context: flipped.slice(32),
          });
          changes += distance(before.nwkKey, after.nwkKey) + distance(before.appKey, after.appKey);
          runs++;
          assert.notDeepEqual(before.appKey, after.appKey);
        }),
        { numRuns: 300, seed: 1 },
      );
      const mean = changes / runs;
      assert.ok(mean > 110 && mean < 136, `${mean} of 256 bits change on average`);
    });
  }

  it("leaves its inputs alone", () => {
    fc.assert(
      fc.property(fc.constantFrom(...ALL_SUITES), key, key, context, (suite, nwkKey, appKey, c) => {
        const before = [nwkKey, appKey, c].map(formatHex);
        deriveRootKeyBytes({ suite, nwkKey, appKey, context: c });
        assert.deepEqual([nwkKey, appKey, c].map(formatHex), before);
      }),
    );
  });

  it("refuses root keys of another size", () => {
    const input = { suite: DEFAULT_SUITE, context: new Uint8Array(96) };
    const whole = new Uint8Array(16);
    const short = new Uint8Array(15);
    assert.throws(
      () => deriveRootKeyBytes({ ...input, nwkKey: short, appKey: whole }),
      hasCode("key-malformed"),
    );
    assert.throws(
      () => deriveRootKeyBytes({ ...input, nwkKey: whole, appKey: short }),
      hasCode("key-malformed"),
    );
  });
});

describe("the context of an update", () => {
  const complete = {
    ...identity,
    updateId: 1,
    suite: Suite.Rabbit,
    jsNonce: new Uint8Array(3),
    edNonce: new Uint8Array(4),
    joinNonce: 7,
    sessionKeys: session(1),
  };

  it("has 96 octets and differs with every field", () => {
    const variants = [
      complete,
      { ...complete, devEui: identity.joinEui },
      { ...complete, joinEui: identity.devEui },
      { ...complete, updateId: 2 },
      { ...complete, suite: Suite.AesCmac },
      { ...complete, jsNonce: Uint8Array.of(0, 0, 1) },
      { ...complete, edNonce: Uint8Array.of(0, 0, 0, 1) },
      { ...complete, joinNonce: 8 },
      ...(["fNwkSIntKey", "sNwkSIntKey", "nwkSEncKey", "appSKey"] as const).map((name) => ({
        ...complete,
        sessionKeys: { ...session(1), [name]: importAes128Key(new Uint8Array(16).fill(0xee)) },
      })),
    ].map((context) => formatHex(encodeUpdateContext(context)));
    assert.ok(variants.every((context) => context.length === 2 * 96));
    assert.equal(new Set(variants).size, variants.length);
  });

  it("refuses fields that do not fit", () => {
    for (const wrong of [
      { ...complete, jsNonce: new Uint8Array(4) },
      { ...complete, edNonce: new Uint8Array(3) },
      { ...complete, updateId: 0x1_0000 },
      { ...complete, joinNonce: 0x100_0000 },
    ]) {
      assert.throws(() => encodeUpdateContext(wrong), hasCode("value-out-of-range"));
    }
  });
});

describe("suite names", () => {
  it("go both ways", () => {
    for (const suite of ALL_SUITES) {
      assert.equal(parseSuite(formatSuite(suite)), suite);
      assert.ok(isSuite(suite));
    }
    assert.deepEqual(ALL_SUITES.map(formatSuite), [
      "rabbit-split",
      "rabbit",
      "aes-cmac",
      "hkdf-sha256",
    ]);
  });

  it("know no others", () => {
    assert.throws(() => parseSuite("Rabbit"), hasCode("text-malformed"));
    assert.throws(() => parseSuite("toString"), hasCode("text-malformed"));
    assert.ok(!isSuite(4) && !isSuite(0x81));
  });
});

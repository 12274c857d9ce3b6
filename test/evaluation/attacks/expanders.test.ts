import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { rabbitBlock } from "../../../src/crypto/rabbit/rabbit.ts";
import { findExpanderReading } from "../../../src/evaluation/attacks/expanders/expander-readings.ts";
import { SUITE_EXPANDERS } from "../../../src/evaluation/attacks/expanders/suite-expanders.ts";
import { deriveRootKeyBytes } from "../../../src/root-key/derivation/derive-root-keys.ts";
import { ALL_SUITES, formatSuite, Suite } from "../../../src/root-key/suite.ts";

const octets = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

describe("the expanders that attackers start from", () => {
  for (const suite of ALL_SUITES) {
    it(`and the extractor make the derivation: ${formatSuite(suite)}`, () => {
      const { extract, expand, kdkBytes } = SUITE_EXPANDERS[suite];
      fc.assert(
        fc.property(
          octets(16),
          octets(16),
          fc.uint8Array({ maxLength: 130 }),
          (nwkKey, appKey, context) => {
            const kdk = extract({ nwkKey, appKey, context });
            assert.equal(kdk.length, kdkBytes);
            const derived = deriveRootKeyBytes({ suite, nwkKey, appKey, context });
            const keys = expand(kdk, appKey, context);
            assert.deepEqual(Uint8Array.from(keys.nwkKey), derived.nwkKey);
            assert.deepEqual(Uint8Array.from(keys.appKey), derived.appKey);
            if (suite !== Suite.HkdfSha256) assert.deepEqual(kdk, derived.kdk);
          },
        ),
        { numRuns: 30 },
      );
    });
  }

  it("of the readings follow the paper's blocks", () => {
    const kdk = Uint8Array.from({ length: 16 }, (_, index) => index);
    const kb = Uint8Array.from({ length: 16 }, (_, index) => 0xa0 + index);
    const context = new Uint8Array();
    const b0 = Buffer.from("0001020304050607a0a1a2a3a4a5a6a7", "hex");
    const b1 = Buffer.from("08090a0b0c0d0e0fa8a9aaabacadaeaf", "hex");
    const e2 = findExpanderReading("E2").expand(kdk, kb, context);
    assert.deepEqual(e2, { nwkKey: rabbitBlock(b0), appKey: rabbitBlock(b1) });
    const e3 = findExpanderReading("E3").expand(kdk, kb, context);
    assert.deepEqual(e3, { nwkKey: rabbitBlock(b0), appKey: rabbitBlock(rabbitBlock(b0)) });
    const e0 = findExpanderReading("E0").expand(kdk, kb, context);
    assert.deepEqual(e0.nwkKey, rabbitBlock(kdk));
    assert.throws(() => findExpanderReading("E4"), RangeError);
  });
});

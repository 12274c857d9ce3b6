import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { WarrenError } from "../../../src/errors.ts";
import { deriveRecords } from "../../../src/root-key/derivation/derive-records.ts";
import { deriveRootKeyBytes } from "../../../src/root-key/derivation/derive-root-keys.ts";
import { ALL_SUITES, formatSuite, Suite } from "../../../src/root-key/suite.ts";
import { RabbitCore } from "../../../src/root-key/suites/rabbit-core/rabbit-core.ts";

/** What each record gives when it is derived alone. */
function oneByOne(suite: Suite, contextBytes: number, records: Uint8Array): Uint8Array {
  const recordBytes = 32 + contextBytes;
  const keys: number[] = [];
  for (let at = 0; at < records.length; at += recordBytes) {
    const { nwkKey, appKey } = deriveRootKeyBytes({
      suite,
      nwkKey: records.subarray(at, at + 16),
      appKey: records.subarray(at + 16, at + 32),
      context: records.subarray(at + 32, at + recordBytes),
    });
    keys.push(...nwkKey, ...appKey);
  }
  return Uint8Array.from(keys);
}

describe("deriving many records", () => {
  for (const suite of ALL_SUITES) {
    it(`gives what each gives alone: ${formatSuite(suite)}`, () => {
      const cases = fc
        .tuple(fc.constantFrom(0, 16, 64, 96), fc.nat({ max: 8 }))
        .chain(([contextBytes, count]) => {
          const length = count * (32 + contextBytes);
          const records = fc.uint8Array({ minLength: length, maxLength: length });
          return records.map((octets) => ({ contextBytes, count, octets }));
        });
      fc.assert(
        fc.property(cases, ({ contextBytes, count, octets }) => {
          const keys = new Uint8Array(32 * count);
          deriveRecords({ suite, contextBytes, records: octets }, keys);
          assert.deepEqual(keys, oneByOne(suite, contextBytes, octets));
        }),
        { numRuns: 40 },
      );
    });
  }

  it("takes more records than the core's memory holds at once, and wipes it", () => {
    for (const [contextBytes, count] of [
      [96, 1000],
      [4064, 40],
    ] as const) {
      const records = new Uint8Array(count * (32 + contextBytes)).map((_, index) => index * 7 + 3);
      const before = records.slice();
      const keys = new Uint8Array(32 * count);
      const core = new RabbitCore();
      core.deriveRecords({ records, keys, contextBytes }, false);
      assert.deepEqual(keys, oneByOne(Suite.Rabbit, contextBytes, records));
      assert.deepEqual(records, before);
      assert.ok(core.isWiped());
    }
  });

  it("refuses records that are not whole, and keys of another length", () => {
    const suite = Suite.Rabbit;
    const refuses = (contextBytes: number, length: number, keyBytes: number) =>
      assert.throws(
        () =>
          deriveRecords(
            { suite, contextBytes, records: new Uint8Array(length) },
            new Uint8Array(keyBytes),
          ),
        (error) => error instanceof WarrenError && error.code === "value-out-of-range",
      );
    refuses(96, 127, 32);
    refuses(95, 127, 32);
    refuses(-16, 16, 32);
    refuses(4080, 4112, 32);
    refuses(96, 256, 32);
    refuses(96, 256, 65);
  });
});

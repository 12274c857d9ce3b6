import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as fc from "fast-check";
import { WarrenError } from "../../../src/errors.ts";
import { formatHex, parseHex } from "../../../src/lorawan/hex.ts";
import {
  decodeCfList,
  encodeCfList,
  extraChannelsOf,
} from "../../../src/lorawan/region/cf-list.ts";
import { eu868 } from "../../../src/lorawan/region/eu868.ts";
import type { CfList } from "../../../src/lorawan/region/region.ts";
import { us915 } from "../../../src/lorawan/region/us915.ts";

function throwsCode(run: () => unknown, code: string): void {
  assert.throws(run, (error) => error instanceof WarrenError && error.code === code);
}

const firstEight = [0, 1, 2, 3, 4, 5, 6, 7];

// brocaar/lorawan, payload_test.go, TestCFList.
suite("published CFLists", () => {
  const cases: readonly (readonly [string, CfList])[] = [
    ["184f84e85684b85e84886684586e8400", eu868.defaultCfList],
    ["ff000000000000000000000000000001", { type: "channel-mask", channels: firstEight }],
    [
      "0000ff00000000000000000000000001",
      { type: "channel-mask", channels: firstEight.map((channel) => channel + 16) },
    ],
  ];
  for (const [hex, cfList] of cases) {
    test(hex, () => {
      assert.equal(formatHex(encodeCfList(cfList)), hex);
      assert.deepEqual(decodeCfList(parseHex(hex)), cfList);
    });
  }
});

suite("a CFList", () => {
  test("of US915 enables all 72 channels by default", () => {
    assert.equal(formatHex(encodeCfList(us915.defaultCfList)), "ffffffffffffffffff00000000000001");
  });

  test("ignores the RFU bytes and the bits of channels that do not exist", () => {
    const cfList = decodeCfList(parseHex("010000000000000000ffffffffffff01"));
    assert.deepEqual(cfList, { type: "channel-mask", channels: [0] });
  });

  test("keeps the place of a frequency behind an unused one", () => {
    const cfList: CfList = { type: "frequencies", frequenciesHz: [0, 867_300_000] };
    assert.deepEqual(decodeCfList(encodeCfList(cfList)), cfList);
    assert.deepEqual(extraChannelsOf(eu868, cfList), [
      { index: 4, frequencyHz: 867_300_000, minDr: 0, maxDr: 5 },
    ]);
  });

  test("without frequencies is all zero", () => {
    const cfList: CfList = { type: "frequencies", frequenciesHz: [] };
    assert.equal(formatHex(encodeCfList(cfList)), "00".repeat(16));
    assert.deepEqual(decodeCfList(new Uint8Array(16)), cfList);
  });

  test("adds channels 3 to 7 in EU868 and none in US915", () => {
    const extra = extraChannelsOf(eu868, eu868.defaultCfList);
    assert.deepEqual(
      extra.map(({ index, frequencyHz }) => [index, frequencyHz]),
      [
        [3, 867_100_000],
        [4, 867_300_000],
        [5, 867_500_000],
        [6, 867_700_000],
        [7, 867_900_000],
      ],
    );
    assert.deepEqual(extraChannelsOf(us915, us915.defaultCfList), []);
  });

  test("comes back from its bytes", () => {
    const frequencies = fc.array(fc.integer({ min: 1, max: 2 ** 24 - 1 }), { maxLength: 5 }).map(
      (steps): CfList => ({
        type: "frequencies",
        frequenciesHz: steps.map((step) => 100 * step),
      }),
    );
    const mask = fc.uniqueArray(fc.integer({ min: 0, max: 71 })).map(
      (channels): CfList => ({
        type: "channel-mask",
        channels: channels.sort((left, right) => left - right),
      }),
    );
    fc.assert(
      fc.property(fc.oneof(frequencies, mask), (cfList) => {
        assert.deepEqual(decodeCfList(encodeCfList(cfList)), cfList);
      }),
    );
  });

  test("of any 16 bytes decodes or is of an unknown type", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        if ((bytes[15] as number) > 1) {
          throwsCode(() => decodeCfList(bytes), "frame-malformed");
        } else {
          decodeCfList(bytes);
        }
      }),
    );
  });

  test("has 16 bytes", () => {
    throwsCode(() => decodeCfList(new Uint8Array(14)), "frame-too-short");
    throwsCode(() => decodeCfList(new Uint8Array(15)), "frame-too-short");
    throwsCode(() => decodeCfList(new Uint8Array(17)), "frame-too-long");
  });

  const wrong: readonly CfList[] = [
    { type: "frequencies", frequenciesHz: [1, 2, 3, 4, 5, 6].map((step) => step * 100) },
    { type: "frequencies", frequenciesHz: [868_100_001] },
    { type: "frequencies", frequenciesHz: [2 ** 24 * 100] },
    { type: "frequencies", frequenciesHz: [-100] },
    { type: "channel-mask", channels: [72] },
    { type: "channel-mask", channels: [-1] },
    { type: "channel-mask", channels: [0.5] },
  ];
  for (const cfList of wrong) {
    test(`cannot hold ${JSON.stringify(cfList)}`, () => {
      throwsCode(() => encodeCfList(cfList), "value-out-of-range");
    });
  }
});

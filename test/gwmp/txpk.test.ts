import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as fc from "fast-check";
import { decodeTxpk, encodeTxpk, nextTmst, type Txpk } from "../../src/gwmp/txpk.ts";

const lora = {
  tmst: 1,
  freq: 868.1,
  rfch: 0,
  modu: "LORA",
  datr: "SF7BW125",
  codr: "4/5",
  size: 3,
  data: "AQID",
};
const fsk = { ...lora, modu: "FSK", datr: 50_000, fdev: 25_000 };

suite("txpk", () => {
  test("does without what has a default", () => {
    assert.deepEqual(decodeTxpk(lora), {
      timing: { tmst: 1 },
      frequencyHz: 868_100_000,
      rfch: 0,
      ncrc: false,
      modu: "LORA",
      datr: "SF7BW125",
      codr: "4/5",
      ipol: false,
      phyPayload: Uint8Array.of(1, 2, 3),
    });
  });

  test("reads a preamble, a power and flags", () => {
    const txpk = decodeTxpk({ ...lora, prea: 8, powe: -1, ncrc: true, ipol: true, nhdr: true });
    assert.equal(txpk.prea, 8);
    assert.equal(txpk.powe, -1);
    assert.equal(txpk.ncrc, true);
    assert.ok(txpk.modu === "LORA" && txpk.ipol);
  });

  // PROTOCOL.TXT section 6: imme ignores tmst and time, tmst ignores time.
  test("prefers imme to tmst, and tmst to tmms", () => {
    assert.equal(decodeTxpk({ ...lora, imme: true, tmms: 5 }).timing, "immediately");
    assert.deepEqual(decodeTxpk({ ...lora, imme: false, tmms: 5 }).timing, { tmst: 1 });
    assert.deepEqual(decodeTxpk({ ...lora, tmst: undefined, tmms: 5 }).timing, { tmms: 5 });
  });

  const wrong: readonly (readonly [object, RegExp])[] = [
    [{ ...lora, tmst: undefined }, /txpk\.tmst is missing, and so are imme and tmms/],
    [{ ...lora, imme: 1 }, /imme is not a boolean/],
    [{ ...lora, tmst: 2 ** 32 }, /tmst/],
    [{ ...lora, freq: undefined }, /freq is missing/],
    [{ ...lora, rfch: undefined }, /rfch is missing/],
    [{ ...lora, powe: 14.5 }, /powe is not an integer/],
    [{ ...lora, prea: -1 }, /prea/],
    [{ ...lora, ncrc: "yes" }, /ncrc is not a boolean/],
    [{ ...lora, modu: "lora" }, /modu is neither/],
    [{ ...lora, datr: undefined }, /datr is missing/],
    [{ ...lora, codr: undefined }, /codr is missing/],
    [{ ...lora, codr: "5/4" }, /codr is no coding rate/],
    [{ ...lora, ipol: 0 }, /ipol is not a boolean/],
    [{ ...fsk, fdev: undefined }, /fdev is missing/],
    [{ ...fsk, datr: "SF7BW125" }, /datr is not a number/],
    [{ ...lora, data: undefined }, /data is missing/],
    [{ ...lora, size: 2 }, /size is 2/],
    [[], /txpk is not a JSON object/],
  ];
  for (const [json, message] of wrong) {
    test(`refuses ${message.source}`, () => {
      assert.throws(() => decodeTxpk(json), {
        name: "WarrenError",
        code: "frame-malformed",
        message,
      });
    });
  }

  test("with values that cannot be sent is not encoded", () => {
    const txpk = decodeTxpk(lora);
    for (const changes of [
      { timing: { tmst: -1 } },
      { timing: { tmms: 0.5 } },
      { timing: {} },
      { frequencyHz: 0.5 },
      { frequencyHz: Number.NaN },
      { frequencyHz: 2 ** 32 },
      { datr: 50_000 },
      { codr: "OFF" },
      { powe: 128 },
      { phyPayload: new Uint8Array() },
      { phyPayload: new Uint8Array(256) },
    ]) {
      assert.throws(() => encodeTxpk({ ...txpk, ...changes } as Txpk), {
        name: "WarrenError",
        code: "value-out-of-range",
      });
    }
  });
});

suite("nextTmst", () => {
  test("wraps at 32 bits", () => {
    assert.equal(nextTmst(0, 0), 0);
    assert.equal(nextTmst(1_000_000, 5_000_000), 6_000_000);
    assert.equal(nextTmst(2 ** 32 - 1, 1), 0);
    assert.equal(nextTmst(4_294_000_000, 1_000_000), 32_704);
    assert.equal(nextTmst(7, 3 * 2 ** 32), 7);
    assert.equal(nextTmst(2 ** 32 - 1, Number.MAX_SAFE_INTEGER), 2 ** 32 - 2);
  });

  test("agrees with exact arithmetic", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.maxSafeNat(), (tmst, delayUs) => {
        const exact = (BigInt(tmst) + BigInt(delayUs)) % 2n ** 32n;
        assert.equal(nextTmst(tmst, delayUs), Number(exact));
      }),
    );
  });

  for (const [tmst, delayUs] of [
    [-1, 0],
    [2 ** 32, 0],
    [0.5, 0],
    [0, -1],
    [0, 0.5],
    [0, Number.NaN],
    [0, 2 ** 53],
  ] as const) {
    test(`refuses ${tmst} and ${delayUs}`, () => {
      assert.throws(() => nextTmst(tmst, delayUs), { code: "value-out-of-range" });
    });
  }
});

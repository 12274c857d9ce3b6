import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { WarrenError } from "../../src/errors.ts";
import { decodeDatagram, type PushData } from "../../src/gwmp/datagram.ts";
import { orProblem } from "../../src/gwmp/push-data-problem.ts";
import { decodeRxpk, encodeRxpk, type Rxpk } from "../../src/gwmp/rxpk.ts";
import { datagram } from "./examples.ts";

const frame = {
  tmst: 1,
  freq: 868.1,
  stat: 1,
  modu: "LORA",
  datr: "SF7BW125",
  codr: "4/5",
  rssi: -35,
  lsnr: 5.1,
  size: 3,
  data: "AQID",
};

function decode(changes: object): Rxpk {
  return decodeRxpk({ ...frame, ...changes }, "rxpk[0]");
}

suite("rxpk", () => {
  test("ignores members it does not know", () => {
    assert.deepEqual(decode({ mid: 3, foff: -3313, ftime: 1, brd: "x", __proto__: 1 }), decode({}));
  });

  test("takes null for absent", () => {
    assert.deepEqual(decode({ time: null, tmms: null, chan: null }), decode({}));
  });

  test("reads data with padding, without it and in the URL alphabet", () => {
    for (const data of ["+/8=", "+/8", "-_8=", "-_8", "-/8"]) {
      assert.deepEqual([...decode({ data, size: 2 }).phyPayload], [0xfb, 0xff]);
    }
  });

  test("does without a size and a CRC status", () => {
    const { size: _size, stat: _stat, ...rest } = frame;
    const rxpk = decodeRxpk(rest, "rxpk[0]");
    assert.deepEqual([...rxpk.phyPayload], [1, 2, 3]);
    assert.equal(rxpk.crcStatus, 0);
  });

  test("keeps frames with a wrong CRC, marked as such", () => {
    assert.equal(decode({ stat: -1 }).crcStatus, -1);
  });

  test("turns MHz to Hz without the error of binary fractions", () => {
    const wanted = [868_100_000, 867_900_000, 866_349_812, 902_300_000, 904_600_001, 923_300_000];
    for (const frequencyHz of wanted) {
      assert.equal(decode({ freq: frequencyHz / 1e6 }).frequencyHz, frequencyHz);
    }
    assert.equal(decode({ freq: 868.099_999_999_999_9 }).frequencyHz, 868_100_000);
  });

  test("takes the signal of the best antenna when it has several", () => {
    const { rssi: _rssi, lsnr: _lsnr, ...rest } = frame;
    const rsig = [
      { ant: 0, rssic: -100, lsnr: -3.2, etime: "x" },
      { ant: 1, rssic: -80 },
      { ant: 2, rssic: -90, lsnr: 4 },
    ];
    const best = decodeRxpk({ ...rest, rsig }, "rxpk[0]");
    assert.equal(best.rssi, -80);
    assert.ok(!("lsnr" in best));
    assert.equal(decode({ rsig }).rssi, -35);
  });

  const wrong: readonly (readonly [object, RegExp])[] = [
    [{ tmst: undefined }, /^rxpk\[0\]\.tmst is missing$/],
    [{ tmst: "1" }, /tmst is not a number/],
    [{ tmst: -1 }, /tmst is not in 0\.\.4294967295/],
    [{ tmst: 2 ** 32 }, /tmst is not in/],
    [{ tmst: 0.5 }, /tmst is not an integer/],
    [{ time: 1 }, /time is not a string/],
    [{ tmms: -1 }, /tmms/],
    [{ freq: undefined }, /freq is missing/],
    [{ freq: 0 }, /freq is no radio frequency/],
    [{ freq: -868.1 }, /freq is no radio frequency/],
    [{ freq: 1e308 }, /freq is no radio frequency/],
    [{ freq: 5000 }, /freq is no radio frequency/],
    [{ freq: "868.1" }, /freq is not a number/],
    [{ chan: 256 }, /chan/],
    [{ rfch: [] }, /rfch/],
    [{ stat: 2 }, /stat/],
    [{ modu: "LR_FHSS", datr: "M0CW137" }, /modu is neither/],
    [{ modu: undefined }, /modu is missing/],
    [{ datr: 50_000 }, /datr is not a string/],
    [{ datr: "SF13BW125" }, /datr is no LoRa data rate/],
    [{ datr: "SF7BW125 " }, /datr is no LoRa data rate/],
    [{ modu: "FSK" }, /datr is not a number/],
    [{ modu: "FSK", datr: 0 }, /datr/],
    [{ codr: 5 }, /codr is not a string/],
    [{ rssi: undefined }, /rssi is missing/],
    [{ rssi: {} }, /rssi is not a number/],
    [{ lsnr: "5" }, /lsnr is not a number/],
    [{ rssi: undefined, rsig: "x" }, /rssi is missing/],
    [{ rssi: undefined, rsig: [] }, /rsig is empty/],
    [{ rssi: undefined, rsig: [1] }, /rxpk\[0\]\.rsig\[0\] is not a JSON object/],
    [{ rssi: undefined, rsig: [{}] }, /rxpk\[0\]\.rsig\[0\]\.rssic is missing/],
    [{ data: undefined }, /data is missing/],
    [{ data: "" }, /data is no base64/],
    [{ data: "=" }, /data is no base64/],
    [{ data: "AQIDA" }, /data is no base64/],
    [{ data: "AQ ID" }, /data is no base64/],
    [{ data: "AQID===" }, /data is no base64/],
    [{ data: "A".repeat(344), size: undefined }, /data has more than 255 bytes/],
    [{ size: 4 }, /size is 4, but data has 3 bytes/],
    [{ size: "3" }, /size is not a number/],
  ];
  for (const [changes, message] of wrong) {
    test(`with ${JSON.stringify(changes).slice(0, 60)} is refused`, () => {
      assert.throws(() => decode(changes), {
        name: "WarrenError",
        code: "frame-malformed",
        message,
      });
    });
  }

  test("that is no object is refused", () => {
    for (const json of [null, 1, "x", [], true, undefined]) {
      assert.throws(() => decodeRxpk(json, "rxpk[7]"), {
        code: "frame-malformed",
        message: "rxpk[7] is not a JSON object",
      });
    }
  });

  test("with values that cannot be sent is not encoded", () => {
    const rxpk = decode({});
    for (const changes of [
      { tmst: -1 },
      { tmst: Number.NaN },
      { frequencyHz: 868_100_000.5 },
      { frequencyHz: 0 },
      { phyPayload: new Uint8Array() },
      { phyPayload: new Uint8Array(256) },
      { datr: "SF7" },
    ]) {
      assert.throws(() => encodeRxpk({ ...rxpk, ...changes } as Rxpk), {
        name: "WarrenError",
        code: "value-out-of-range",
      });
    }
  });

  test("with the longest payload survives", () => {
    const phyPayload = new Uint8Array(255).fill(7);
    const rxpk: Rxpk = { ...decode({}), phyPayload };
    assert.deepEqual(decodeRxpk(encodeRxpk(rxpk), "rxpk"), rxpk);
  });
});

suite("one bad part of a PUSH_DATA", () => {
  function push(json: string): PushData & { problems: readonly object[] } {
    const decoded = decodeDatagram(datagram("02123400aa555a0000000101", json));
    assert.equal(decoded.type, "PUSH_DATA");
    return decoded;
  }
  const good = JSON.stringify(frame);

  test("does not lose the good ones", () => {
    const { rxpk, stat, problems } = push(
      `{"rxpk":[${good},{"tmst":1},7,${good}],"stat":{"rxnb":-1}}`,
    );
    assert.equal(rxpk.length, 2);
    assert.equal(stat, undefined);
    assert.deepEqual(problems, [
      { where: "rxpk[1]", message: "rxpk[1].rssi is missing" },
      { where: "rxpk[2]", message: "rxpk[2] is not a JSON object" },
      { where: "stat", message: "stat.rxnb is not in 0..9007199254740991" },
    ]);
  });

  test("may be the whole array", () => {
    const { rxpk, stat, problems } = push('{"rxpk":{"0":1},"stat":{"rxnb":1}}');
    assert.deepEqual(rxpk, []);
    assert.deepEqual(stat, { rxnb: 1 });
    assert.deepEqual(problems, [{ where: "rxpk", message: "rxpk is not an array" }]);
  });

  for (const [name, value] of [
    ["lati", 91],
    ["long", -181],
    ["alti", "145"],
    ["time", 0],
    ["ackr", []],
    ["temp", true],
  ] as const) {
    test(`may be stat.${name}`, () => {
      const { stat, problems } = push(JSON.stringify({ stat: { [name]: value } }));
      assert.equal(stat, undefined);
      assert.equal(problems.length, 1);
    });
  }

  test("is not a way to hide a bug of ours", () => {
    const bug = new TypeError("bug");
    assert.throws(
      () =>
        orProblem([], "rxpk[0]", () => {
          throw bug;
        }),
      bug,
    );
    const problems: object[] = [];
    const expected = new WarrenError("frame-malformed", "expected");
    const result = orProblem(problems as never, "rxpk[0]", () => {
      throw expected;
    });
    assert.equal(result, undefined);
    assert.deepEqual(problems, [{ where: "rxpk[0]", message: "expected" }]);
  });
});

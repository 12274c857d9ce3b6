import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import { importAes128Key } from "../../../src/crypto/aes128.ts";
import { systemRandomBytes } from "../../../src/crypto/random.ts";
import { DEFAULT_DEVICE_SETTINGS, type Device } from "../../../src/join-server/device.ts";
import type { DevicePage } from "../../../src/join-server/ports/device-store.ts";
import { newDevice } from "../../../src/join-server/register-device.ts";
import { findKeyWeaknesses } from "../../../src/join-server/weak-keys/find-key-weaknesses.ts";
import { KeyHashSet } from "../../../src/join-server/weak-keys/key-hash-set.ts";
import { WeakKeyReport } from "../../../src/join-server/weak-keys/weak-key-report.ts";
import { parseHex } from "../../../src/lorawan/hex.ts";
import { type Eui64, parseEui64, parseNetId } from "../../../src/lorawan/identifiers.ts";
import type { MacVersion } from "../../../src/lorawan/mac-version.ts";

const devEui = parseEui64("70b3d57ed0011a2b");
const joinEui = parseEui64("a840410000000101");
const key = (hex: string) => importAes128Key(parseHex(hex, 16));
const good = "8d7ffef938589d95aad928c2e2e7e48f";

function weaknesses(nwkKey: string, appKey = good, macVersion: MacVersion = "1.1.0"): string[] {
  const keys = { nwkKey: key(nwkKey), appKey: key(appKey) };
  return findKeyWeaknesses({ devEui, joinEui, macVersion }, keys).map(
    (finding) => `${finding.key} ${finding.weakness}`,
  );
}

describe("findKeyWeaknesses", () => {
  it("finds what anybody would try first", () => {
    const weak: [hex: string, weakness: string][] = [
      ["00".repeat(16), "equal-octets"],
      ["ff".repeat(16), "equal-octets"],
      ["88".repeat(16), "equal-octets"],
      ["2b7e151628aed2a6abf7158809cf4f3c", "published"],
      ["5572404c696e6b4c6f52613230313823", "published"],
      ["000102030405060708090a0b0c0d0e0f", "published"],
      ["101112131415161718191a1b1c1d1e1f", "pattern"],
      ["ffeeddccbbaa99887766554433221100", "published"],
      ["f0e0d0c0b0a090807060504030201000", "pattern"],
      ["fdfeff000102030405060708090a0b0c", "pattern"],
      ["0123456789abcdef0123456789abcdef", "published"],
      ["123456789abcdef0123456789abcdef0", "pattern"],
      ["8d7ffef938589d958d7ffef938589d95", "pattern"],
      ["8d7f8d7f8d7f8d7f8d7f8d7f8d7f8d7f", "pattern"],
      [devEui + devEui, "derived-from-eui"],
      [joinEui + devEui, "derived-from-eui"],
      [devEui + "0".repeat(16), "derived-from-eui"],
      ["2b1a01d07ed5b3700000000000000000", "derived-from-eui"],
      ["8d7ffef938589d9501010000004140a8", "derived-from-eui"],
    ];
    for (const [hex, weakness] of weak)
      assert.deepEqual(weaknesses(hex), [`nwkKey ${weakness}`], hex);
    assert.deepEqual(weaknesses(good, "00".repeat(16)), ["appKey equal-octets"]);
  });

  it("knows that a 1.0.x device may have one key", () => {
    assert.deepEqual(weaknesses(good, good, "1.1.0"), ["appKey same-root-keys"]);
    assert.deepEqual(weaknesses(good, good, "1.0.3"), []);
  });

  it("finds nothing in random keys", () => {
    for (let i = 0; i < 2_000; i++) {
      const hex = randomBytes(16).toString("hex");
      assert.deepEqual(weaknesses(hex), [], hex);
    }
  });
});

describe("KeyHashSet", () => {
  it("is a set, however small it began", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 50 })), fc.nat({ max: 40 }), (hashes, expected) => {
        const set = new KeyHashSet(expected);
        const model = new Set<number>();
        for (const hash of hashes) {
          assert.equal(set.add(hash), model.has(hash) ? "known" : "added");
          model.add(hash);
        }
      }),
    );
    const set = new KeyHashSet(0);
    for (let i = 0; i < 5_000; i++) assert.equal(set.add(2 ** 48 - 1 - i * 4_096), "added");
    for (let i = 0; i < 5_000; i++) assert.equal(set.add(2 ** 48 - 1 - i * 4_096), "known");
  });
});

describe("WeakKeyReport", () => {
  const COUNT = 1_500;
  const devices: Device[] = Array.from({ length: COUNT }, (_, index) => {
    const eui = parseEui64(index.toString(16).padStart(16, "a"));
    const settings = {
      ...DEFAULT_DEVICE_SETTINGS,
      devEui: eui,
      joinEui,
      macVersion: "1.0.3" as const,
      homeNetId: parseNetId("000013"),
      asId: "as",
    };
    // Every 500th has the key of the first.
    const nwkKey = index % 500 === 0 ? key(good) : importAes128Key(randomBytes(16));
    return newDevice(settings, { nwkKey, appKey: undefined }, 0);
  });

  function storeOf(all: readonly Device[], onPage: () => void = () => undefined) {
    return {
      countDevices: () => Promise.resolve(all.length),
      findDevices: (_query: object, limit: number, after?: Eui64): Promise<DevicePage> => {
        onPage();
        const from = after === undefined ? 0 : all.findIndex((one) => one.devEui === after) + 1;
        const page = all.slice(from, from + limit);
        const next = from + limit < all.length ? page.at(-1)?.devEui : undefined;
        return Promise.resolve({ devices: page, next });
      },
    };
  }

  it("finds who shares a key, and lets others have their turn", async () => {
    let turns = 0;
    let isDone = false;
    const count = () => {
      turns++;
      if (!isDone) setImmediate(count);
    };
    setImmediate(count);
    let pages = 0;
    const store = storeOf(devices, () => pages++);
    const report = new WeakKeyReport({ store, randomBytes: systemRandomBytes });
    await report.run(new AbortController().signal);
    isDone = true;
    const { findings, counts, steps, stepsDone } = report.progress();
    assert.deepEqual(
      findings.map((finding) => [finding.devEui, finding.weakness, finding.group]),
      [0, 500, 1_000].map((index) => [devices[index]?.devEui, "duplicate", 1]),
    );
    assert.equal(counts.duplicate, 3);
    assert.deepEqual([steps, stepsDone], [2 * COUNT, 2 * COUNT]);
    assert.ok(turns >= pages / 2, `${turns} turns in ${pages} pages`);
  });

  it("ends when it is told to", async () => {
    const stop = new AbortController();
    const store = storeOf(devices, () => stop.abort(new Error("stopped")));
    const report = new WeakKeyReport({ store, randomBytes: systemRandomBytes });
    await assert.rejects(report.run(stop.signal), /stopped/);
  });
});

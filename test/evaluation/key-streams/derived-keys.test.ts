import assert from "node:assert/strict";
import { createCipheriv, hkdfSync } from "node:crypto";
import { describe, it } from "node:test";
import { openCounterKeys } from "../../../src/evaluation/key-streams/counter-keys.ts";
import { KEY_STREAM_SOURCES } from "../../../src/evaluation/key-streams/key-stream-sources.ts";
import { openRatchetKeys } from "../../../src/evaluation/key-streams/ratchet-keys.ts";
import { takeOctets } from "../../../src/evaluation/key-streams/take-octets.ts";
import { SeededRandom } from "../../../src/evaluation/random/seeded-random.ts";
import { deriveRootKeyBytes } from "../../../src/root-key/derivation/derive-root-keys.ts";
import { ALL_SUITES, Suite } from "../../../src/root-key/suite.ts";

const SEED = "derived keys";

describe("keys in counter mode", () => {
  for (const suite of ALL_SUITES) {
    it(`are those of suite ${suite} for contexts that count`, () => {
      const random = new SeededRandom(SEED, "root keys of the counter mode");
      const [nwkKey, appKey] = [random.bytes(16), random.bytes(16)];
      const stream = openCounterKeys(suite, { seed: SEED, sequence: 0x01020304 });
      for (const counter of [0, 1, 2]) {
        const context = Buffer.from(`${"00".repeat(88)}010203040000000${counter}`, "hex");
        const expected = deriveRootKeyBytes({ suite, nwkKey, appKey, context });
        assert.deepEqual(stream.next(), expected.nwkKey);
        assert.deepEqual(stream.next(), expected.appKey);
      }
    });
  }

  it("are HKDF as OpenSSL computes it", () => {
    const rootKeys = new SeededRandom(SEED, "root keys of the counter mode").bytes(32);
    const info = Buffer.concat([Buffer.from("RootKey\0"), new Uint8Array(96)]);
    info.writeUInt32BE(7, info.length - 8);
    info.writeUInt32BE(300, info.length - 4);
    const octets = takeOctets(openCounterKeys(Suite.HkdfSha256, { seed: SEED, sequence: 7 }), 9632);
    const expected = new Uint8Array(hkdfSync("sha256", rootKeys, "", info, 32));
    assert.deepEqual(octets.slice(9600), expected);
  });
});

describe("keys in ratchet mode", () => {
  it("are a chain of joins and updates, recomputed without any code of this project", () => {
    const random = new SeededRandom(SEED, "device 258 of the ratchet mode");
    let rootKeys = Buffer.from(random.bytes(32));
    const stream = openRatchetKeys(Suite.HkdfSha256, { seed: SEED, sequence: 258 });
    for (const round of [0, 1, 2]) {
      const sessionKey = (type: number, rootKey: Buffer) => {
        // Type, JoinNonce, JoinEUI, DevNonce, padding (LoRaWAN 1.1 §6.2.3).
        const block = Buffer.from(`0${type}0${round}0000010000d07ed5b3700${round}000000`, "hex");
        const cipher = createCipheriv("aes-128-ecb", rootKey, null);
        return cipher.update(block);
      };
      const [nwkKey, appKey] = [rootKeys.subarray(0, 16), rootKeys.subarray(16)];
      const info = Buffer.concat([
        Buffer.from("RootKey\0"),
        Buffer.from(`0201000000000000010000d07ed5b3700${round + 1}0003`, "hex"),
        random.bytes(3),
        random.bytes(4),
        Buffer.from(`0${round}0000000000`, "hex"),
        sessionKey(1, nwkKey),
        sessionKey(3, nwkKey),
        sessionKey(4, nwkKey),
        sessionKey(2, appKey),
      ]);
      assert.equal(info.length, 8 + 96);
      rootKeys = Buffer.from(hkdfSync("sha256", rootKeys, "", info, 32));
      assert.deepEqual(Buffer.from(stream.next()), rootKeys.subarray(0, 16));
      assert.deepEqual(Buffer.from(stream.next()), rootKeys.subarray(16));
    }
  });

  it("do not go on from what a caller makes of them", () => {
    const untouched = takeOctets(openRatchetKeys(Suite.Rabbit, { seed: SEED }), 64);
    const stream = openRatchetKeys(Suite.Rabbit, { seed: SEED });
    stream.next().fill(0);
    stream.next().fill(0);
    assert.deepEqual(stream.next(), untouched.slice(32, 48));
  });
});

describe("every source of keys", () => {
  for (const source of KEY_STREAM_SOURCES) {
    it(`${source.id}: the same for the same seed and sequence, others for others`, () => {
      const octets = (seed: string, sequence: number) =>
        Buffer.from(takeOctets(source.open({ seed, sequence }), 200)).toString("hex");
      assert.equal(octets("a", 3), octets("a", 3));
      assert.notEqual(octets("a", 3), octets("a", 4));
      if (source.id !== "weyl") {
        assert.notEqual(octets("a", 3), octets("b", 3));
      }
      assert.equal(
        octets("a", 0),
        Buffer.from(takeOctets(source.open({ seed: "a" }), 200)).toString("hex"),
      );
    });

    if (source.suite !== undefined) {
      it(`${source.id}: the new NwkKeys alone are every second key`, () => {
        const all = source.open({ seed: "a", sequence: 1 });
        const nwkKeys = source.open({ seed: "a", sequence: 1, keys: "nwk-key" });
        for (let derivation = 0; derivation < 4; derivation++) {
          assert.deepEqual(nwkKeys.next(), all.next());
          all.next();
        }
      });
    }
  }

  it("has a name of its own", () => {
    assert.equal(new Set(KEY_STREAM_SOURCES.map(({ id }) => id)).size, KEY_STREAM_SOURCES.length);
    assert.equal(KEY_STREAM_SOURCES.length, 2 * ALL_SUITES.length + 5);
  });
});

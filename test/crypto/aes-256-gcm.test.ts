import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import fc from "fast-check";
import { OpensslGcm, ShortMessageGcm } from "../../src/crypto/gcm/aes-256-gcm.ts";
import { GhashCore } from "../../src/crypto/gcm/ghash.ts";
import { aes256Gcm, selectGcm } from "../../src/crypto/gcm/select-gcm.ts";
import { formatHex, parseHex } from "../../src/lorawan/hex.ts";

/** McGrew and Viega, "The Galois/Counter Mode of Operation (GCM)", appendix B, test cases 13, 14 and 16. */
const VECTORS = [
  {
    key: "00".repeat(32),
    nonce: "00".repeat(12),
    plaintext: "",
    aad: "",
    sealed: "530f8afbc74536b9a963b4f1c4cb738b",
  },
  {
    key: "00".repeat(32),
    nonce: "00".repeat(12),
    plaintext: "00".repeat(16),
    aad: "",
    sealed: "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919",
  },
  {
    key: "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
    nonce: "cafebabefacedbaddecaf888",
    plaintext:
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
    aad: "feedfacedeadbeeffeedfacedeadbeefabaddad2",
    sealed:
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b",
  },
];

const octets = (minLength: number, maxLength = minLength) =>
  fc.uint8Array({ minLength, maxLength });

describe("AES-256-GCM with GHASH in WebAssembly", () => {
  const core = new GhashCore();

  it("gives the published values", () => {
    for (const { key, nonce, plaintext, aad, sealed } of VECTORS) {
      const gcm = new ShortMessageGcm(core, parseHex(key));
      const [iv, data] = [parseHex(nonce), parseHex(aad)];
      assert.equal(formatHex(gcm.seal(iv, parseHex(plaintext), data)), sealed);
      assert.equal(formatHex(gcm.open(iv, parseHex(sealed), data) as Uint8Array), plaintext);
    }
  });

  it("gives what OpenSSL gives, also where it hands over to it", () => {
    fc.assert(
      fc.property(
        octets(32),
        octets(12),
        fc.oneof(octets(0, 300), octets(1_950, 2_100)),
        octets(0, 120),
        (key, nonce, plaintext, data) => {
          const [ours, openssl] = [new ShortMessageGcm(core, key), new OpensslGcm(key)];
          const sealed = openssl.seal(nonce, plaintext, data);
          assert.deepEqual(ours.seal(nonce, plaintext, data), sealed);
          assert.deepEqual(ours.open(nonce, sealed, data), plaintext);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("multiplies as OpenSSL does where single bits of both factors are set", () => {
    // One block of ciphertext is one product; a key a bit of H cannot be had, many random ones can.
    for (let bit = 0; bit < 128; bit++) {
      const key = new Uint8Array(32).fill(bit);
      const data = new Uint8Array(16);
      data[bit >> 3] = 0x80 >> (bit & 7);
      const nonce = new Uint8Array(12);
      const [ours, openssl] = [new ShortMessageGcm(core, key), new OpensslGcm(key)];
      const none = new Uint8Array(0);
      assert.deepEqual(ours.seal(nonce, none, data), openssl.seal(nonce, none, data));
    }
  });

  it("opens nothing that differs in one bit, nor what is shorter than a tag", () => {
    const gcm = new ShortMessageGcm(core, new Uint8Array(32).fill(7));
    const [nonce, data] = [new Uint8Array(12).fill(1), new Uint8Array(5).fill(2)];
    const sealed = gcm.seal(nonce, new Uint8Array(40).fill(3), data);
    const flipped = (bytes: Uint8Array, bit: number) =>
      bytes.with(bit >> 3, (bytes[bit >> 3] as number) ^ (1 << (bit & 7)));
    for (let bit = 0; bit < 8 * sealed.length; bit++) {
      assert.equal(gcm.open(nonce, flipped(sealed, bit), data), undefined);
    }
    for (let bit = 0; bit < 8 * data.length; bit++) {
      assert.equal(gcm.open(nonce, sealed, flipped(data, bit)), undefined);
    }
    assert.equal(gcm.open(flipped(nonce, 0), sealed, data), undefined);
    assert.equal(gcm.open(nonce, sealed.subarray(0, 15), data), undefined);
  });

  it("is what this machine uses, and OpenSSL where it is wrong or does not run", () => {
    const key = new Uint8Array(32);
    assert.ok(aes256Gcm(key) instanceof ShortMessageGcm);
    class WrongCore extends GhashCore {
      override hash(...input: Parameters<GhashCore["hash"]>): Uint8Array {
        return super.hash(...input).with(0, 0);
      }
    }
    assert.ok(selectGcm(() => new WrongCore())(key) instanceof OpensslGcm);
    const without = selectGcm(() => {
      throw new Error("no WebAssembly");
    });
    assert.ok(without(key) instanceof OpensslGcm);
  });

  it("has no address and no branch that depends on a secret", () => {
    const wat = readFileSync(new URL("../../src/crypto/gcm/ghash.wat", import.meta.url), "utf8");
    const code = wat.replaceAll(/;;.*/g, "");
    const accesses = code.match(/i64\.(?:load|store)(?: offset=\d+)? \([^()]*\)/g) ?? [];
    assert.equal(accesses.length, code.match(/i64\.(?:load|store)/g)?.length);
    for (const access of accesses) assert.match(access, /\((?:i32\.const \d+|local\.get \$from)\)/);
    const branches = code.match(/\((?:br_if|if|br_table|select)\b.*/g);
    assert.deepEqual(branches, ["(br_if $done (i32.eqz (local.get $blocks)))"]);
    // Neither of the two is ever set from a word of 64 bits.
    assert.doesNotMatch(code, /i32\.wrap|i64\.eqz?|i64\.[lg][te]_/);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import fc from "fast-check";
import {
  aes128Decrypt,
  aes128Encrypt,
  equalKeys,
  exportAes128Key,
  importAes128Key,
  importAes128KeyAt,
  writeAes128Key,
} from "../../src/crypto/aes128.ts";
import { keyFingerprint } from "../../src/crypto/key-fingerprint.ts";
import { WarrenError } from "../../src/errors.ts";
import { formatHex, parseHex } from "../../src/lorawan/hex.ts";
import { vectorsOf } from "../support/lorawan-vectors.ts";

const keyBytes = fc.uint8Array({ minLength: 16, maxLength: 16 });

describe("AES-128", () => {
  for (const { name, inputs, outputs } of vectorsOf("aes-ecb")) {
    it(`encrypts ${name}`, () => {
      const key = importAes128Key(parseHex(inputs["key"] as string));
      const ciphertext = aes128Encrypt(key, parseHex(inputs["plaintext"] as string));
      assert.equal(formatHex(ciphertext), outputs["ciphertext"]);
      assert.equal(formatHex(aes128Decrypt(key, ciphertext)), inputs["plaintext"]);
    });
  }

  it("takes a key out of a longer array, and puts it into one", () => {
    fc.assert(
      fc.property(keyBytes, fc.nat(40), fc.nat(40), (bytes, before, after) => {
        const array = new Uint8Array(before + 16 + after).fill(0xa5);
        array.set(bytes, before);
        const key = importAes128KeyAt(array, before);
        assert.deepEqual(exportAes128Key(key), bytes);
        const copy = new Uint8Array(array.length).fill(0xa5);
        writeAes128Key(key, copy, before);
        assert.deepEqual(copy, array);
        for (const at of [-1, before + after + 1]) {
          assert.throws(() => importAes128KeyAt(array, at), WarrenError);
        }
      }),
    );
  });

  it("decrypts what it encrypted, block by block", () => {
    fc.assert(
      fc.property(keyBytes, fc.array(keyBytes, { maxLength: 5 }), (bytes, blocks) => {
        const key = importAes128Key(bytes);
        const joined = Uint8Array.from(blocks.flatMap((block) => [...block]));
        const encrypted = aes128Encrypt(key, joined);
        assert.deepEqual(aes128Decrypt(key, encrypted), joined);
        const single = blocks.map((block) => formatHex(aes128Encrypt(key, block))).join("");
        assert.equal(formatHex(encrypted), single);
      }),
    );
  });

  it("refuses keys and blocks that are not whole", () => {
    const key = importAes128Key(new Uint8Array(16));
    const hasCode = (code: string) => (error: unknown) =>
      error instanceof WarrenError && error.code === code;
    assert.throws(() => importAes128Key(new Uint8Array(24)), hasCode("key-malformed"));
    assert.throws(() => aes128Encrypt(key, new Uint8Array(15)), hasCode("value-out-of-range"));
    assert.throws(() => aes128Decrypt(key, new Uint8Array(17)), hasCode("value-out-of-range"));
  });

  it("compares, copies and exports keys", () => {
    const bytes = Uint8Array.from({ length: 16 }, (_, index) => index);
    const key = importAes128Key(bytes);
    const other = importAes128Key(bytes.toReversed());
    bytes.fill(0xff);
    assert.equal(formatHex(exportAes128Key(key)), "000102030405060708090a0b0c0d0e0f");
    assert.ok(equalKeys(key, importAes128Key(exportAes128Key(key))));
    assert.ok(!equalKeys(key, other));
  });

  it("shows no key when inspected, printed or serialised", () => {
    fc.assert(
      fc.property(keyBytes, (bytes) => {
        const key = importAes128Key(bytes);
        const shown = [
          inspect(key, { depth: 10, showHidden: true }),
          JSON.stringify({ key }),
          String(key),
          `${key}`,
        ].join(" ");
        const text = formatHex(bytes);
        assert.ok(!shown.toLowerCase().includes(text));
        assert.ok(!shown.includes(Buffer.from(bytes).toString("base64").slice(0, 20)));
        assert.ok(!shown.includes([...bytes].join(",")) && !shown.includes([...bytes].join(", ")));
      }),
    );
  });

  it("names a key by a fingerprint that is equal for equal keys alone", () => {
    const key = importAes128Key(parseHex("000102030405060708090a0b0c0d0e0f"));
    const same = importAes128Key(exportAes128Key(key));
    const other = importAes128Key(new Uint8Array(16));
    assert.match(keyFingerprint(key), /^[0-9a-f]{8}$/);
    assert.equal(keyFingerprint(key), keyFingerprint(same));
    assert.notEqual(keyFingerprint(key), keyFingerprint(other));
    assert.equal(keyFingerprint(key), "7a409e96");
  });
});

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import { importAes256Key } from "../../src/crypto/aes256.ts";
import { Xaes256Gcm } from "../../src/crypto/xaes-256-gcm.ts";
import { formatHex } from "../../src/lorawan/hex.ts";
import { warrenError } from "../support/warren-error.ts";

const cipherOf = (keyByte: number) =>
  new Xaes256Gcm(importAes256Key(new Uint8Array(32).fill(keyByte)));
const ascii = (text: string) => new TextEncoder().encode(text);
const NONCE = ascii("ABCDEFGHIJKLMNOPQRSTUVWX");

/** C2SP XAES-256-GCM.md, "Test vectors": the top bit of L is 0 in the first and 1 in the second. */
const vectors = [
  { keyByte: 1, aad: "", sealed: "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271" },
  {
    keyByte: 3,
    aad: "c2sp.org/XAES-256-GCM",
    sealed: "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d",
  },
];

/** Reads a SHAKE-128 stream of enough octets; longer is made only where it is needed. */
class ShakeStream {
  readonly #octets: Uint8Array;
  #offset = 0;

  constructor(lengthBytes: number) {
    this.#octets = createHash("shake128", { outputLength: lengthBytes }).digest();
  }

  read(lengthBytes: number): Uint8Array {
    this.#offset += lengthBytes;
    assert.ok(this.#offset <= this.#octets.length);
    return this.#octets.subarray(this.#offset - lengthBytes, this.#offset);
  }

  readOpaque(): Uint8Array {
    return this.read(this.read(1)[0] as number);
  }
}

describe("XAES-256-GCM", () => {
  for (const { keyByte, aad, sealed } of vectors) {
    it(`gives the published value under key ${keyByte}`, () => {
      const cipher = cipherOf(keyByte);
      const plaintext = ascii("XAES-256-GCM");
      assert.equal(formatHex(cipher.seal(NONCE, plaintext, ascii(aad))), sealed);
      assert.deepEqual(cipher.open(NONCE, Buffer.from(sealed, "hex"), ascii(aad)), plaintext);
    });
  }

  it("gives the published hash of 10,000 accumulated ciphertexts", () => {
    const stream = new ShakeStream(4_000_000);
    const hash = createHash("shake128", { outputLength: 32 });
    for (let round = 0; round < 10_000; round++) {
      const cipher = new Xaes256Gcm(importAes256Key(stream.read(32)));
      const nonce = stream.read(24);
      const plaintext = stream.readOpaque();
      hash.update(cipher.seal(nonce, plaintext, stream.readOpaque()));
    }
    assert.equal(
      hash.digest("hex"),
      "e6b9edf2df6cec60c8cbd864e2211b597fb69a529160cd040d56c0c210081939",
    );
  });

  it("opens what it sealed, and nothing that differs in one bit", () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 100 });
    const cipher = cipherOf(7);
    fc.assert(
      fc.property(bytes, bytes, fc.nat(), fc.nat(2), (plaintext, aad, bit, where) => {
        const parts = [NONCE.slice(), cipher.seal(NONCE, plaintext, aad), aad.slice()] as const;
        assert.deepEqual(cipher.open(...parts), plaintext);
        const part = parts[where] as Uint8Array;
        const index = (bit >> 3) % part.length;
        part[index] = (part[index] as number) ^ (1 << (bit & 7));
        assert.equal(cipher.open(...parts), undefined);
      }),
    );
  });

  it("opens values of more first halves of nonces than it keeps keys of", () => {
    const cipher = cipherOf(9);
    const sealed = Array.from({ length: 3000 }, (_, index) => {
      const nonce = NONCE.slice();
      new DataView(nonce.buffer).setUint32(8, index);
      return { nonce, body: cipher.seal(nonce, ascii(`${index}`), ascii("")) };
    });
    for (const [index, { nonce, body }] of sealed.entries()) {
      assert.deepEqual(cipher.open(nonce, body, ascii("")), ascii(`${index}`));
      assert.deepEqual(cipherOf(9).seal(nonce, ascii(`${index}`), ascii("")), body);
    }
  });

  it("does not open under another key, nor what is shorter than a tag", () => {
    const sealed = cipherOf(1).seal(NONCE, ascii("text"), ascii(""));
    assert.equal(cipherOf(2).open(NONCE, sealed, ascii("")), undefined);
    for (let length = 0; length < sealed.length; length++) {
      assert.equal(cipherOf(1).open(NONCE, sealed.subarray(0, length), ascii("")), undefined);
    }
  });

  it("refuses a nonce or a key of another length", () => {
    const cipher = cipherOf(1);
    for (const length of [0, 12, 23, 25]) {
      const nonce = new Uint8Array(length);
      assert.throws(() => cipher.seal(nonce, NONCE, NONCE), warrenError("value-out-of-range"));
      assert.throws(() => cipher.open(nonce, NONCE, NONCE), warrenError("value-out-of-range"));
    }
    assert.throws(() => importAes256Key(new Uint8Array(16)), warrenError("key-malformed"));
  });
});

import assert from "node:assert/strict";
import { createCipheriv } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import { aesCmac } from "../../src/crypto/aes-cmac.ts";
import { importAes128Key } from "../../src/crypto/aes128.ts";
import { formatHex, parseHex } from "../../src/lorawan/hex.ts";
import { vectorsOf } from "../support/lorawan-vectors.ts";

/** RFC 4493 §2.3 and §2.4 with big integers, block by block. */
function slowCmac(keyBytes: Uint8Array, message: Uint8Array): string {
  const encrypt = (block: bigint): bigint => {
    const text = block.toString(16).padStart(32, "0");
    const cipher = createCipheriv("aes-128-ecb", keyBytes, null);
    return BigInt(`0x${cipher.update(text, "hex", "hex")}`);
  };
  const double = (value: bigint) =>
    ((value << 1n) & ((1n << 128n) - 1n)) ^ (value >> 127n === 1n ? 0x87n : 0n);
  const k1 = double(encrypt(0n));
  const isWhole = message.length > 0 && message.length % 16 === 0;
  const text = isWhole ? formatHex(message) : `${formatHex(message)}80`;
  const blocks = text.match(/.{1,32}/g) as string[];
  const last = BigInt(`0x${blocks.at(-1)?.padEnd(32, "0")}`) ^ (isWhole ? k1 : double(k1));
  const chain = blocks.slice(0, -1).reduce((x, block) => encrypt(x ^ BigInt(`0x${block}`)), 0n);
  return encrypt(chain ^ last)
    .toString(16)
    .padStart(32, "0");
}

describe("AES-CMAC", () => {
  for (const { name, inputs, outputs } of vectorsOf("aes-cmac")) {
    it(`authenticates ${name}, with a key seen first and with one seen before`, () => {
      const key = importAes128Key(parseHex(inputs["key"] as string));
      const message = parseHex(inputs["msg"] as string);
      assert.equal(formatHex(aesCmac(key, message)), outputs["cmac"]);
      assert.equal(formatHex(aesCmac(key, message)), outputs["cmac"]);
    });
  }

  it("agrees with the RFC taken literally, for any key and messages of any length", () => {
    const keyBytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
    const messages = fc.array(fc.uint8Array({ maxLength: 70 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(keyBytes, messages, (bytes, all) => {
        const key = importAes128Key(bytes);
        for (const message of all) {
          assert.equal(formatHex(aesCmac(key, message)), slowCmac(bytes, message));
        }
      }),
      { numRuns: 200 },
    );
  });

  it("leaves the message as it was", () => {
    const message = new Uint8Array(32).fill(7);
    aesCmac(importAes128Key(new Uint8Array(16)), message);
    assert.deepEqual(message, new Uint8Array(32).fill(7));
  });
});

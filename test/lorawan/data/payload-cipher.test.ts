import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { aes128Encrypt } from "../../../src/crypto/aes128.ts";
import { cipherFOpts, cipherFrmPayload } from "../../../src/lorawan/data/payload-cipher.ts";
import type { Direction } from "../../../src/lorawan/direction.ts";
import { parseHex } from "../../../src/lorawan/hex.ts";
import { parseDevAddr } from "../../../src/lorawan/identifiers.ts";
import { bytes, devAddr, key, uint32 } from "../../support/lorawan-arbitraries.ts";
import { warrenError } from "../../support/warren-error.ts";

const counter = fc.record({
  direction: fc.constantFrom<Direction[]>("up", "down"),
  devAddr,
  fCnt32: uint32,
});
const [aesKey] = fc.sample(key, 1);
const DOWNLINK = {
  direction: "down",
  devAddr: parseDevAddr("26011bda"),
  fCnt32: 0x01020304,
} as const;

describe("the cipher of FRMPayload", () => {
  it("is its own inverse and keeps the length", () => {
    fc.assert(
      fc.property(counter, key, bytes(0, 300), (frame, cipherKey, payload) => {
        const encrypted = cipherFrmPayload({ ...frame, key: cipherKey, payload });
        assert.equal(encrypted.length, payload.length);
        assert.deepEqual(
          cipherFrmPayload({ ...frame, key: cipherKey, payload: encrypted }),
          payload,
        );
      }),
    );
  });

  it("counts blocks from 1 to 255 and goes no further", () => {
    const longest = cipherFrmPayload({
      ...DOWNLINK,
      key: aesKey!,
      payload: new Uint8Array(255 * 16),
    });
    const a255 = parseHex("010000000001da1b01260403020100ff");
    assert.deepEqual(longest.slice(-16), aes128Encrypt(aesKey!, a255));
    const payload = new Uint8Array(255 * 16 + 1);
    assert.throws(
      () => cipherFrmPayload({ ...DOWNLINK, key: aesKey!, payload }),
      warrenError("frame-too-long"),
    );
  });

  it("refuses a counter of more than 32 bits", () => {
    assert.throws(
      () =>
        cipherFrmPayload({
          ...DOWNLINK,
          key: aesKey!,
          fCnt32: 2 ** 32,
          payload: new Uint8Array(1),
        }),
      warrenError("value-out-of-range"),
    );
  });
});

describe("the cipher of FOpts", () => {
  it("is its own inverse and keeps the length", () => {
    fc.assert(
      fc.property(counter, key, fc.boolean(), bytes(0, 15), (frame, nwkSEncKey, aFCnt, fOpts) => {
        const encrypted = cipherFOpts({ ...frame, nwkSEncKey, aFCnt, fOpts });
        assert.equal(encrypted.length, fOpts.length);
        assert.deepEqual(cipherFOpts({ ...frame, nwkSEncKey, aFCnt, fOpts: encrypted }), fOpts);
      }),
    );
  });

  it("uses the block of the erratum, not the printed one", () => {
    const keystream = (aFCnt: boolean) =>
      cipherFOpts({ ...DOWNLINK, nwkSEncKey: aesKey!, aFCnt, fOpts: new Uint8Array(15) });
    const expected = (block: string) => aes128Encrypt(aesKey!, parseHex(block)).slice(0, 15);
    assert.deepEqual(keystream(false), expected("010000000101da1b0126040302010001"));
    assert.deepEqual(keystream(true), expected("010000000201da1b0126040302010001"));
    assert.notDeepEqual(keystream(false), expected("010000000001da1b0126040302010000"));
  });

  it("never shares a keystream with the first block of FRMPayload", () => {
    const payload = new Uint8Array(15);
    const ofPayload = cipherFrmPayload({ ...DOWNLINK, key: aesKey!, payload });
    for (const aFCnt of [false, true]) {
      const ofFOpts = cipherFOpts({ ...DOWNLINK, nwkSEncKey: aesKey!, aFCnt, fOpts: payload });
      assert.notDeepEqual(ofFOpts, ofPayload);
    }
  });

  it("refuses more than 15 bytes", () => {
    const fOpts = new Uint8Array(16);
    assert.throws(
      () => cipherFOpts({ ...DOWNLINK, nwkSEncKey: aesKey!, aFCnt: false, fOpts }),
      warrenError("frame-too-long"),
    );
  });
});

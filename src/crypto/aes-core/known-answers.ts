import { Aes128Key } from "../aes128-key.ts";
import { equalBytes } from "../constant-time.ts";
import { type AesEngine, LANE_COUNT } from "./aes-engine.ts";
import { opensslEngine } from "./openssl-engine.ts";

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"));

/** FIPS 197 appendix C.1. */
const FIPS_KEY = hex("000102030405060708090a0b0c0d0e0f");
const FIPS_PLAINTEXT = hex("00112233445566778899aabbccddeeff");
const FIPS_CIPHERTEXT = hex("69c4e0d86a7b0430d8cdb78070b4c55a");
/** RFC 4493 §4, example 3: 40 bytes. */
const CMAC_KEY = hex("2b7e151628aed2a6abf7158809cf4f3c");
const CMAC_MESSAGE = hex(
  "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411",
);
const CMAC = hex("dfa66747de9ae63030ca32611497c827");
/** RFC 3394 §4.1. */
const WRAPPED = hex("1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5");

/**
 * Known answers and the same answers as OpenSSL, with every lane in use. The name of the first check
 * that fails, if one does.
 */
export function findWrongAnswer(engine: AesEngine): string | undefined {
  return Object.entries(CHECKS).find(([, isRight]) => !isRight(engine))?.[0];
}

// Fixed keys and texts that touch many values; nothing here is secret.
const KEYS = Array.from({ length: LANE_COUNT }, (_, lane) => new Aes128Key(pattern(16, lane + 1)));
const TEXT = pattern(LANE_COUNT * 16, 99);
const EQUAL_KEYS = KEYS.map(() => KEYS[0] as Aes128Key);

const CHECKS: Readonly<Record<string, (engine: AesEngine) => boolean>> = {
  "FIPS 197": (engine) => {
    const key = new Aes128Key(FIPS_KEY);
    return (
      equalBytes(engine.encrypt(key, FIPS_PLAINTEXT), FIPS_CIPHERTEXT) &&
      equalBytes(engine.decrypt(key, FIPS_CIPHERTEXT), FIPS_PLAINTEXT)
    );
  },
  "RFC 4493": (engine) =>
    equalBytes(engine.cmac({ key: new Aes128Key(CMAC_KEY), parts: [CMAC_MESSAGE] }), CMAC),
  "RFC 3394": (engine) => {
    const kek = [new Aes128Key(FIPS_KEY)];
    const wrapped = engine.wrapEach(kek, [FIPS_PLAINTEXT]);
    return (
      sameList(wrapped, [WRAPPED]) && sameList(engine.unwrapEach(kek, wrapped), [FIPS_PLAINTEXT])
    );
  },
  "blocks under one key": (engine) =>
    KEYS.every((key) => {
      const encrypted = engine.encrypt(key, TEXT);
      return (
        equalBytes(encrypted, opensslEngine.encrypt(key, TEXT)) &&
        equalBytes(engine.decrypt(key, encrypted), TEXT)
      );
    }),
  "blocks under a key each": (engine) =>
    equalBytes(engine.encryptEach(KEYS, TEXT), opensslEngine.encryptEach(KEYS, TEXT)),
  CMACs: (engine) => {
    const inputs = KEYS.map((key, lane) => ({ key, parts: [TEXT.subarray(lane, lane + 37)] }));
    return sameList(engine.cmacEach(inputs), opensslEngine.cmacEach(inputs));
  },
  "wrapped keys": (engine) =>
    [KEYS, EQUAL_KEYS].every((keks) => {
      const keys = KEYS.map((_, lane) => TEXT.slice(16 * lane, 16 * lane + 16));
      const wrapped = engine.wrapEach(keks, keys);
      return (
        sameList(wrapped, opensslEngine.wrapEach(keks, keys)) &&
        sameList(engine.unwrapEach(keks, wrapped), keys)
      );
    }),
};

function sameList(
  actual: readonly (Uint8Array | undefined)[],
  expected: readonly Uint8Array[],
): boolean {
  return expected.every((bytes, index) => {
    const other = actual[index];
    return other !== undefined && equalBytes(other, bytes);
  });
}

/** Bytes of a linear congruential generator. */
function pattern(lengthBytes: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length: lengthBytes }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findingsOf } from "../../../src/evaluation/key-derivation-times/describe/findings.ts";
import type { KeyDerivationTimes } from "../../../src/evaluation/key-derivation-times/key-derivation-times.ts";
import { madeUpTimes, threeTimes } from "./made-up-times.ts";

/** The finding whose claim has these words. */
function finding(result: KeyDerivationTimes, words: string) {
  const found = findingsOf(result).find(({ claim }) => claim.includes(words));
  assert.ok(found, words);
  return found;
}

const HKDF = "faster than HKDF-SHA1";
const SLOWEST = "For a derivation, AES-ECB";
const SLOWEST_KEY = "For a 128-bit key, AES-ECB";
const RATIOS = "HKDF-SHA1 takes 13.2 times and AES-ECB 14.3 times";
const UNITS = "milliseconds for one derivation";

describe("findings about the paper's Table 3", () => {
  it("reproduce it where times are the paper's", () => {
    const result = madeUpTimes({ typescript: threeTimes(9200, 121_500, 131_300) });
    for (const words of [HKDF, SLOWEST, SLOWEST_KEY, RATIOS, UNITS]) {
      assert.equal(finding(result, words).outcome, "reproduced", words);
    }
    assert.match(finding(result, HKDF).evidence, /13\.2 \(TypeScript\).*faster in every software/);
    assert.match(finding(result, SLOWEST).evidence, /slowest of the three in TypeScript\./);
    assert.match(finding(result, RATIOS).evidence, /TypeScript within a quarter of both/);
  });

  it("say so where Rabbit is slower", () => {
    const slow = threeTimes(1000, 400, 100);
    const result = madeUpTimes({ typescript: slow, "c-o2": slow });
    const { outcome, evidence } = finding(result, HKDF);
    assert.equal(outcome, "not-reproduced");
    assert.match(evidence, /0\.400 \(TypeScript\), 0\.400 \(C at -O2\)/);
    assert.match(evidence, /Rabbit is faster in no software implementation/);
    assert.equal(finding(result, SLOWEST).outcome, "not-reproduced");
    assert.match(finding(result, SLOWEST).evidence, /slowest of the three in none/);
    assert.equal(finding(result, RATIOS).outcome, "not-reproduced");
  });

  it("say that it depends where implementations differ, and on which", () => {
    const result = madeUpTimes({
      typescript: threeTimes(1000, 400, 100),
      "c-o2": threeTimes(1000, 5000, 9000),
    });
    const hkdf = finding(result, HKDF);
    assert.equal(hkdf.outcome, "undecidable");
    assert.match(hkdf.evidence, /Rabbit is faster in C at -O2 only: it depends/);
    assert.equal(finding(result, SLOWEST).outcome, "undecidable");
    assert.match(finding(result, SLOWEST).evidence, /slowest of the three in C at -O2\./);
  });

  it("decide nothing by times that the spread does not tell apart", () => {
    const close = threeTimes(1000, 1005, 1000);
    const result = madeUpTimes({ typescript: close });
    assert.equal(finding(result, HKDF).outcome, "undecidable");
    assert.equal(finding(result, SLOWEST).outcome, "undecidable");
    const withOneSlower = madeUpTimes({ typescript: close, "c-o2": threeTimes(1000, 2000, 3000) });
    assert.equal(finding(withOneSlower, HKDF).outcome, "undecidable");
    const withOneFaster = madeUpTimes({ typescript: close, "c-o2": threeTimes(1000, 500, 100) });
    assert.equal(finding(withOneFaster, HKDF).outcome, "not-reproduced");
    assert.equal(finding(withOneFaster, SLOWEST).outcome, "not-reproduced");
  });

  it("judge HKDF by software alone and name the rest", () => {
    const result = madeUpTimes({
      typescript: threeTimes(1000, 4000, 500),
      "c-aes-sha-ni": threeTimes(1000, 700, 60),
    });
    assert.equal(finding(result, HKDF).outcome, "reproduced");
    assert.match(finding(result, HKDF).evidence, /0\.700 \(C, AES-NI, SHA-NI\)/);
  });

  it("compare a key of AES-ECB with half of the others' output", () => {
    const result = madeUpTimes({ typescript: threeTimes(1000, 1400, 800) });
    assert.equal(finding(result, SLOWEST).outcome, "not-reproduced");
    assert.equal(finding(result, SLOWEST_KEY).outcome, "reproduced");
    assert.match(finding(result, SLOWEST_KEY).evidence, /1\.60 \(TypeScript\)/);
  });

  it("take node:crypto beside the Rabbit KDF in TypeScript", () => {
    const result = madeUpTimes({
      typescript: threeTimes(1000, 4000, 500),
      "node-crypto": { "hkdf-sha1": 3120, "aes-ecb": 900 },
    });
    assert.match(
      finding(result, HKDF).evidence,
      /instructions: 3\.12 \(node:crypto\); that is no part/,
    );
    assert.match(finding(result, SLOWEST).evidence, /0\.900 \(node:crypto\)/);
  });

  it("decide nothing without times", () => {
    const result = madeUpTimes({});
    for (const words of [HKDF, SLOWEST, SLOWEST_KEY, RATIOS, UNITS, "Suite 1"]) {
      assert.equal(finding(result, words).outcome, "undecidable", words);
    }
  });
});

describe("findings about this program", () => {
  it("hold suite 1 to a tenth more than the paper's derivation", () => {
    const times = (suite1: number) =>
      madeUpTimes({ "c-o2": { "rabbit-split-80": 1000, "rabbit-80": suite1 } });
    assert.equal(finding(times(1050), "Suite 1").outcome, "shown");
    assert.equal(finding(times(1200), "Suite 1").outcome, "refuted");
  });

  it("judge AES-CMAC only where the processor has AES", () => {
    const words = "with AES in the processor";
    const times = { "rabbit-split-80": 1000, "aes-cmac-80": 300, "aes-cmac-sp800-108": 200 };
    assert.equal(finding(madeUpTimes({ "c-aes-ni": times }), words).outcome, "shown");
    const slower = { ...times, "aes-cmac-80": 1300 };
    assert.equal(finding(madeUpTimes({ "c-aes-ni": slower }), words).outcome, "refuted");
    const claims = findingsOf(madeUpTimes({ "c-o2": times })).map(({ claim }) => claim);
    assert.ok(!claims.some((claim) => claim.includes(words)));
  });

  it("tell of octets that differed", () => {
    const times = { typescript: threeTimes(1, 2, 3) };
    const words = "same octets";
    assert.equal(finding(madeUpTimes(times), words).outcome, "shown");
    const refusals = ["C at -O2: HKDF-SHA1 gave other octets than the reference."];
    const refused = finding(madeUpTimes(times, { refusals }), words);
    assert.equal(refused.outcome, "refuted");
    assert.match(refused.evidence, /C at -O2: HKDF-SHA1 gave other octets/);
  });
});

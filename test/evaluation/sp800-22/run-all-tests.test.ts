import assert from "node:assert/strict";
import { test } from "node:test";
import { BitSequence } from "../../../src/evaluation/sp800-22/bit-sequence.ts";
import { runAllTests } from "../../../src/evaluation/sp800-22/run-all-tests.ts";
import { RANDOMNESS_TESTS } from "../../../src/evaluation/sp800-22/tests.ts";
import { assertClose } from "./support/assert-close.ts";
import { expansion } from "./support/expansions.ts";
import { EXCURSIONS_OF_E, MILLION_BIT_ROWS } from "./support/reference-values.ts";

/** Rows of the reference values that are one of several p-values of a test. */
const PLACES: Readonly<Record<string, [test: string, variant: string]>> = {
  cumulativeSumsForward: ["cumulativeSums", "forward"],
  cumulativeSumsBackward: ["cumulativeSums", "backward"],
  nonOverlappingTemplate: ["nonOverlappingTemplate", "000000001"],
  serialFirst: ["serial", "first difference"],
  serialSecond: ["serial", "second difference"],
  randomExcursions: ["randomExcursions", "x = 1"],
  randomExcursionsVariant: ["randomExcursionsVariant", "x = -1"],
};

test("all tests of e: 188 p-values, with those of the reference values under their names", () => {
  const pValues = runAllTests(expansion("e"));
  assert.equal(pValues.length, 188);
  assert.equal(new Set(pValues.map(({ test: id, variant }) => `${id}/${variant}`)).size, 188);
  for (const { p } of pValues) assert.ok(p !== null && p >= 0 && p <= 1);
  for (const row of MILLION_BIT_ROWS) {
    const [id, chosen] = PLACES[row.test] ?? [row.test, ""];
    const found = pValues.find((value) => value.test === id && value.variant === chosen);
    assertClose(found?.p ?? Number.NaN, row.p.e, row.test);
  }
  for (const id of ["randomExcursions", "randomExcursionsVariant"] as const) {
    const ofTest = pValues.filter((value) => value.test === id);
    assertClose(
      ofTest.map(({ p }) => p ?? Number.NaN),
      EXCURSIONS_OF_E[id].p,
      id,
    );
    assert.deepEqual(
      ofTest.map(({ variant }) => variant),
      EXCURSIONS_OF_E[id].x.map((x) => `x = ${x}`),
    );
  }
});

test("the parameters of the table are those of the reference values", () => {
  for (const { id, parameters } of RANDOMNESS_TESTS) {
    const row = MILLION_BIT_ROWS.find(
      (candidate) => (PLACES[candidate.test]?.[0] ?? candidate.test) === id,
    );
    for (const [name, value] of Object.entries(parameters)) {
      assert.equal(row?.parameters[name], value, `${id} ${name}`);
    }
  }
});

test("the fifteen tests are those of sections 2.1 to 2.15", () => {
  const sections = RANDOMNESS_TESTS.map(({ section }) => Number(section.split(".")[1]));
  assert.deepEqual(
    sections.sort((a, b) => a - b),
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  );
});

test("whatever the sequence is, all p-values are probabilities; of too few cycles there are none", () => {
  // The first two go half their length one way and come back once; the others return all the time.
  for (const octet of [0x00, 0xff, 0x0f, 0x55]) {
    const octets = new Uint8Array(48_480).fill(octet, 0, 24_240).fill(~octet & 0xff, 24_240);
    const isOneCycle = octet === 0x00 || octet === 0xff;
    for (const { test: id, variant, p } of runAllTests(BitSequence.fromOctets(octets))) {
      if (isOneCycle && id.startsWith("randomExcursions")) assert.equal(p, null);
      else assert.ok(p !== null && p >= 0 && p <= 1, `${id} ${variant} of ${octet}: ${p}`);
    }
  }
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findKeyStreamSource } from "../../../src/evaluation/key-streams/key-stream-sources.ts";
import {
  measureRandomness,
  planOf,
  summariseSet,
} from "../../../src/evaluation/randomness/measure.ts";
import { testSequence } from "../../../src/evaluation/randomness/test-sequence.ts";
import { BitSequence } from "../../../src/evaluation/sp800-22/bit-sequence.ts";
import { runAllTests } from "../../../src/evaluation/sp800-22/run-all-tests.ts";
import type { EvaluationContext } from "../../../src/evaluation/topic.ts";

function contextWith(changes: Partial<EvaluationContext>): EvaluationContext {
  return {
    scale: "short",
    seed: "randomness",
    workers: 2,
    progress: { begin: () => undefined, advance: () => undefined },
    signal: new AbortController().signal,
    ...changes,
  };
}

const SMALL_PLAN = {
  sequences: 3,
  lengthBits: 20_000,
  sources: ["hkdf-sha256-counter", "rabbit-ratchet", "ansi-c-lcg"].map(findKeyStreamSource),
};

function setsInThisThread(seed: string) {
  return SMALL_PLAN.sources.map((source) =>
    summariseSet(
      source,
      [0, 1, 2].map((sequence) =>
        testSequence({ source: source.id, seed, sequence, lengthBits: SMALL_PLAN.lengthBits }),
      ),
    ),
  );
}

describe("a sequence of keys", () => {
  it("of 10^6 bits has the P-values of all tests, in the order of STS", () => {
    const task = { source: "rabbit-counter", seed: "a", sequence: 5, lengthBits: 1_000_000 };
    const stream = findKeyStreamSource("rabbit-counter").open({ seed: "a", sequence: 5 });
    const keys = Array.from({ length: 7813 }, () => stream.next());
    const expected = runAllTests(BitSequence.fromOctets(Buffer.concat(keys), 1_000_000));
    assert.deepEqual(
      testSequence(task),
      expected.map(({ p }) => p),
    );
    assert.equal(expected.length, 188);
  });

  it("has none of the tests that it is too short for", () => {
    const task = { source: "aes-ctr", seed: "a", sequence: 0, lengthBits: 100_000 };
    const pValues = testSequence(task);
    const { rows } = summariseSet(findKeyStreamSource("aes-ctr"), [pValues]);
    const left = new Set(rows.filter(({ applied }) => applied === 0).map(({ test }) => test));
    const tooLong = ["overlappingTemplate", "universal", "randomExcursions"];
    tooLong.push("randomExcursionsVariant", "serial", "linearComplexity");
    assert.deepEqual([...left], tooLong);
  });
});

describe("a set", () => {
  it("counts what applied, what passed, and the bins", () => {
    const pValues = Array.from({ length: 188 }, () => 0.5);
    const others = [0.01, 0.0099, 1, null];
    const { rows } = summariseSet(
      findKeyStreamSource("weyl"),
      others.map((p) => [p, ...pValues.slice(1)]),
    );
    assert.deepEqual(rows[0], {
      test: "frequency",
      variant: "",
      applied: 3,
      passed: 2,
      bins: [2, 0, 0, 0, 0, 0, 0, 0, 0, 1],
    });
    assert.equal(rows.at(-1)?.test, "linearComplexity");
    assert.equal(rows.at(-1)?.applied, 4);
  });
});

describe("the measurement", () => {
  it("does not depend on the number of workers, and tells every sequence", async () => {
    const told: number[] = [];
    const progress = {
      begin: (_: string, steps: number) => told.push(-steps),
      advance: (steps: number) => told.push(steps),
    };
    const one = await measureRandomness(SMALL_PLAN, contextWith({ workers: 1, progress }));
    assert.deepEqual(told, [-9, ...new Array(9).fill(1)]);
    const three = await measureRandomness(SMALL_PLAN, contextWith({ workers: 3 }));
    assert.deepEqual(one, three);
    assert.deepEqual(JSON.parse(JSON.stringify(one)), one);
    assert.deepEqual(one.sets, setsInThisThread("randomness"));
    assert.notDeepEqual(one.sets, setsInThisThread("other"));
  });

  it("ends when it is told to", async () => {
    const reason = new Error("enough");
    const controller = new AbortController();
    const progress = { begin: () => undefined, advance: () => controller.abort(reason) };
    const context = contextWith({ progress, signal: controller.signal });
    const longPlan = { ...SMALL_PLAN, sequences: 100_000 };
    await assert.rejects(measureRandomness(longPlan, context), reason);
  });

  it("has, in full, 100 sequences of 10^6 bits of 13 sources", () => {
    const { sequences, lengthBits, sources } = planOf("full");
    assert.deepEqual([sequences, lengthBits, sources.length], [100, 1_000_000, 13]);
  });
});

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { AvalancheResult } from "../../../src/evaluation/avalanche/avalanche-result.ts";
import { avalanche } from "../../../src/evaluation/avalanche/topic.ts";
import { checkSection } from "../../../src/evaluation/report/check-section.ts";
import type { EvaluationContext } from "../../../src/evaluation/topic.ts";

function contextOf(options: Partial<EvaluationContext> = {}): EvaluationContext {
  return {
    scale: "short",
    seed: "test",
    workers: 1,
    progress: { begin() {}, advance() {} },
    signal: new AbortController().signal,
    ...options,
  };
}

/** Whether a mean of changed bits is what it should be: 0 exactly, 64 within five standard errors of 200 trials. */
function isNear(mean: number, expected: number): boolean {
  return expected === 0 ? mean === 0 : Math.abs(mean - expected) < 5 * Math.sqrt(32 / 200);
}

describe("the avalanche topic", () => {
  let result: AvalancheResult;
  before(async () => {
    result = await avalanche.measure(contextOf());
  });

  it("finds the 64-bit split in suite 0 and no other pair of bits without effect in any suite", () => {
    assert.deepEqual(
      result.suites.map(({ neverFlipped }) => neverFlipped),
      [64 * 128, 0, 0, 0],
    );
    const [split] = result.suites;
    const highHalf = split?.keyBitFlips.slice(128 + 64) ?? [];
    assert.equal(highHalf.length, 64);
    assert.ok(highHalf.every((row) => row.slice(0, 128).every((count) => count === 0)));
    assert.ok(highHalf.every((row) => row.slice(128).every((count) => count > 0)));
  });

  it("has the means of the four readings that were measured independently", () => {
    // Bits of NwkKey' and AppKey' by low and high half of kb, then of kkdk.
    const expected: Record<string, number[][]> = {
      E0: [
        [0, 64],
        [0, 64],
        [64, 64],
        [64, 64],
      ],
      E1: [
        [64, 64],
        [0, 64],
        [64, 64],
        [0, 64],
      ],
      E2: [
        [64, 0],
        [0, 64],
        [64, 0],
        [0, 64],
      ],
      E3: [
        [64, 64],
        [0, 0],
        [64, 64],
        [0, 0],
      ],
      rabbit: [
        [64, 64],
        [64, 64],
        [64, 64],
        [64, 64],
      ],
    };
    for (const [name, halves] of Object.entries(expected)) {
      const row = result.expanders.find(({ expander }) => expander === name);
      assert.ok(row);
      const measured = [row.kbLow, row.kbHigh, row.kdkLow, row.kdkHigh];
      for (const [index, [nwkKey = 0, appKey = 0]] of halves.entries()) {
        const change = measured[index];
        assert.ok(change && isNear(change.nwkKey, nwkKey), `${name} ${index} ${change?.nwkKey}`);
        assert.ok(isNear(change.appKey, appKey), `${name} ${index} ${change.appKey}`);
      }
    }
  });

  it("has the means of both new keys by part, and squared deviations as chance makes them", () => {
    const [split, ...others] = result.suites;
    const highHalf = split?.parts.find(({ part }) => part === "AppKey, octets 8 to 15");
    assert.equal(highHalf?.nwkKeyMean, 0);
    assert.ok(Math.abs((highHalf?.appKeyMean ?? 0) - 64) < 5 * Math.sqrt(32 / (64 * 32)));
    for (const { name, cells } of others) {
      const off = (cells.chiSquare - cells.cells) / Math.sqrt(2 * cells.cells);
      assert.ok(Math.abs(off) < 5, `${name} ${off}`);
    }
  });

  it("has shares of the key derivation key that change: a half, or none for what is no input", () => {
    const shares = result.extractors.map(({ nwkKey, appKey, context }) => [
      nwkKey,
      appKey,
      context,
    ]);
    const expected = [
      [0.5, 0, 0.5],
      [0.5, 0.5, 0],
      [0.5, 0.5, 0],
    ];
    for (const [row, values] of expected.entries()) {
      for (const [column, value] of values.entries()) {
        const share = shares[row]?.[column] ?? Number.NaN;
        // Five standard errors of 200 inputs and 128 bits.
        const allowed = value === 0 ? 0 : 5 * Math.sqrt(0.25 / (200 * 128));
        assert.ok(Math.abs(share - value) <= allowed, `${row} ${column} ${share}`);
      }
    }
  });

  it("gives the same numbers with any number of workers", async () => {
    assert.deepEqual(await avalanche.measure(contextOf({ workers: 2 })), result);
  });

  it("tells what the numbers bear out", () => {
    const throughJson = JSON.parse(JSON.stringify(result)) as AvalancheResult;
    const section = avalanche.describe(throughJson);
    checkSection(section, new Set());
    assert.deepEqual(
      section.findings.map(({ outcome }) => outcome),
      ["shown", "shown", "shown", "shown", "refuted"],
    );
    assert.match(
      section.findings[0]?.evidence ?? "",
      /^8192 of the 8192 .* in any of 32 random inputs/,
    );
    assert.match(section.findings[1]?.evidence ?? "", /352 of 1024 bits flipped/);
    for (const { claim, evidence } of section.findings)
      assert.match(claim + evidence, /\.[^.]*\.$/);
    assert.deepEqual(
      section.blocks.flatMap((block) => (block.kind === "text" ? block.paragraphs : [])),
      [
        "Table 2 of the paper can be read in 4 ways. In 4 of them some half of the old AppKey or of kkdk changes " +
          "no bit of one of the new keys; so it is in 0 of 3 expanders of the other suites.",
      ],
    );
  });

  it("tells the contrary when the numbers do", () => {
    const [split, rabbit, ...rest] = result.suites;
    assert.ok(split && rabbit);
    const healed = { ...split, keyBitFlips: rabbit.keyBitFlips, neverFlipped: 0 };
    const broken = { ...rabbit, neverFlipped: 1 };
    const section = avalanche.describe({ ...result, suites: [healed, broken, ...rest] });
    assert.deepEqual(
      section.findings.slice(0, 2).map(({ outcome }) => outcome),
      ["refuted", "refuted"],
    );
    assert.match(section.findings[0]?.evidence ?? "", /^0 of the/);
  });

  it("lets the event loop run while it looks at halves, and ends there too", async () => {
    const controller = new AbortController();
    const begun: string[] = [];
    const begin = (what: string) => {
      begun.push(what);
      if (what.startsWith("Halves")) setImmediate(() => controller.abort(new Error("enough")));
    };
    const context = contextOf({ signal: controller.signal, progress: { begin, advance() {} } });
    const measured = avalanche.measure(context);
    await assert.rejects(measured, /enough/);
    assert.match(begun.at(-1) ?? "", /^Halves/);
  });

  it("ends when it is told to", async () => {
    const controller = new AbortController();
    const progress = { begin() {}, advance: () => controller.abort(new Error("enough")) };
    const measured = avalanche.measure(contextOf({ signal: controller.signal, progress }));
    await assert.rejects(measured, /enough/);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { KEY_STREAM_SOURCES } from "../../../src/evaluation/key-streams/key-stream-sources.ts";
import { describeRandomness } from "../../../src/evaluation/randomness/describe.ts";
import { summariseSet } from "../../../src/evaluation/randomness/measure.ts";
import type { RandomnessResult } from "../../../src/evaluation/randomness/result.ts";
import { randomnessTests } from "../../../src/evaluation/randomness/topic.ts";
import { checkSection } from "../../../src/evaluation/report/check-section.ts";
import type { Section } from "../../../src/evaluation/report/section.ts";

const ROWS = 188;

/** Sets of evenly spread P-values, but for those of the sources that `pOf` changes. */
function resultWith(pOf: (source: string, sequence: number, row: number) => number | undefined) {
  const sets = KEY_STREAM_SOURCES.map((source) =>
    summariseSet(
      source,
      Array.from({ length: 100 }, (_, sequence) =>
        Array.from({ length: ROWS }, (_, row) => {
          const even = (((sequence * 37 + row * 11) % 100) + 0.5) / 100 + 0.006;
          return pOf(source.id, sequence, row) ?? Math.min(even, 1);
        }),
      ),
    ),
  );
  return { seed: "", lengthBits: 1_000_000, sequences: 100, sets } satisfies RandomnessResult;
}

const outcomes = ({ findings }: Section) => findings.map(({ outcome }) => outcome);
const tableOf = ({ blocks }: Section, id: string) => {
  const block = blocks.find((each) => each.kind === "table" && each.table.id === id);
  assert.ok(block?.kind === "table");
  return block.table;
};

describe("the section on randomness", () => {
  it("finds nothing in even P-values, and that the weak generators pass then", () => {
    const section = describeRandomness(resultWith(() => undefined));
    assert.deepEqual(outcomes(section), ["reproduced", "shown", "shown", "refuted"]);
    checkSection(section, new Set());
  });

  it("tells sets that fail, by their numbers", () => {
    const section = describeRandomness(
      resultWith((source, sequence, row) => {
        const isBad =
          (source === "rabbit-split-ratchet" && row === 7 && sequence < 30) ||
          (source === "hkdf-sha256-counter" && row < 40 && sequence < 4) ||
          source === "weyl";
        return isBad ? 0.001 : undefined;
      }),
    );
    assert.deepEqual(outcomes(section), ["not-reproduced", "refuted", "shown", "refuted"]);
    const [paper, suites, , weak] = section.findings;
    assert.match(paper?.evidence ?? "", /rabbit-split, ratchet: 1 of 188 .* lowest at 70\/100/);
    assert.match(suites?.evidence ?? "", /hkdf-sha256, counter: 40 of 188/);
    assert.match(weak?.evidence ?? "", /Failing: i × odd constant, 188 of 188/);
    assert.match(weak?.evidence ?? "", /Passing: ANSI C LCG, 0 of 188/);

    const ratchet = tableOf(section, "sp800-22-rabbit-split-ratchet");
    assert.equal(ratchet.rows.length, 15);
    const fft = ratchet.rows.find(([name]) => String(name).includes("Fourier"));
    assert.deepEqual(fft?.slice(2, 4), [1, "70/100"]);
    assert.deepEqual(
      ratchet.rows.map((cells) => cells[5]),
      ratchet.rows.map((cells) => (cells === fft ? 1 : 0)),
    );
    const rows = tableOf(section, "sp800-22-rabbit-split-ratchet-rows");
    assert.equal(rows.rows.length, ROWS);
    assert.equal(rows.isDataOnly, true);
    assert.equal(rows.rows.filter((cells) => cells.includes("yes")).length, 1);
  });

  it("does not put failing rows down to chance if the control fails", () => {
    const section = describeRandomness(
      resultWith((source, _, row) => (source === "aes-ctr" && row === 3 ? 0.001 : undefined)),
    );
    assert.deepEqual(outcomes(section), ["reproduced", "shown", "refuted", "refuted"]);
  });

  it("is written for what a test has time for, and judges nothing then", async () => {
    const result = await randomnessTests.measure({
      scale: "short",
      seed: "randomness",
      workers: 2,
      progress: { begin: () => undefined, advance: () => undefined },
      signal: new AbortController().signal,
    });
    const section = randomnessTests.describe(JSON.parse(JSON.stringify(result)));
    checkSection(section, new Set());
    assert.deepEqual(new Set(outcomes(section)), new Set(["undecidable"]));
    assert.match(section.introduction.join(), /too short.*: Overlapping Template Matching/);
    for (const block of section.blocks) {
      if (block.kind !== "figure") continue;
      assert.ok(block.figure.data.rows.length > 100 || block.figure.id.endsWith("p-values"));
      for (const { svg } of block.figure.drawings) assert.doesNotMatch(svg, /NaN|undefined/);
    }
  });
});

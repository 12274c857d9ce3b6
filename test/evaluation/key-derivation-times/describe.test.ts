import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { describeKeyDerivationTimes } from "../../../src/evaluation/key-derivation-times/describe.ts";
import type { KeyDerivationTimes } from "../../../src/evaluation/key-derivation-times/key-derivation-times.ts";
import { checkSection } from "../../../src/evaluation/report/check-section.ts";
import type { Section, Table } from "../../../src/evaluation/report/section.ts";
import { madeUpTimes, threeTimes } from "./made-up-times.ts";

const RESULT = madeUpTimes({
  typescript: { ...threeTimes(2000, 8000, 3000), "session-keys": 4000 },
  "node-crypto": { "hkdf-sha1": 10_000, "aes-ecb": 2500 },
  "c-o2": threeTimes(800, 4800, 400),
});

function tableOf(section: Section, id: string): Table {
  const block = section.blocks.find((block) => block.kind === "table" && block.table.id === id);
  assert.ok(block?.kind === "table", id);
  return block.table;
}

/** Rows as objects by the names of the columns. */
function rowsOf(result: KeyDerivationTimes, id: string) {
  const { columns, rows } = tableOf(describeKeyDerivationTimes(result), id);
  return rows.map((row) =>
    Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])),
  );
}

describe("telling of key derivation times", () => {
  it("makes a section that a report can hold", () => {
    assert.doesNotThrow(() => checkSection(describeKeyDerivationTimes(RESULT), new Set()));
    assert.doesNotThrow(() => checkSection(describeKeyDerivationTimes(madeUpTimes({})), new Set()));
  });

  it("sets the paper's Table 3 before ours", () => {
    const rows = rowsOf(RESULT, "table-3");
    assert.deepEqual(
      rows.slice(0, 3).map((row) => [row["pl"], row["kl"], row["ul"], row["t"]]),
      [
        [80, 16, 32, 0.0092],
        [80, 80, 32, 0.1215],
        [16, 16, 16, 0.1313],
      ],
    );
    const aes = rows.find(
      (row) => row["Implementation"] === "C at -O2" && String(row["Algorithm"]).startsWith("AES"),
    );
    assert.equal(aes?.["Median"], 400);
    assert.equal(aes?.["Ratio to Rabbit KDF"], 0.5);
  });

  it("has ratios per call and per 32 octets", () => {
    const rows = rowsOf(RESULT, "derivation-times");
    const ratios = (implementation: string, derivation: string) => {
      const row = rows.find(
        (row) => row["Implementation"] === implementation && row["Derivation"] === derivation,
      );
      return [row?.["Median per 32 octets"], row?.["Ratio per call"], row?.["Ratio per 32 octets"]];
    };
    assert.deepEqual(ratios("TypeScript", "AES-ECB, one session key"), [6000, 1.5, 3]);
    assert.deepEqual(ratios("TypeScript", "AES-ECB, four session keys"), [2000, 2, 1]);
    assert.deepEqual(ratios("node:crypto", "HKDF-SHA1, 80 to 32 octets"), [10_000, 5, 5]);
  });

  it("draws a panel for each implementation, with the numbers as data", () => {
    const block = describeKeyDerivationTimes(RESULT).blocks.find(({ kind }) => kind === "figure");
    assert.ok(block?.kind === "figure");
    const { drawings, data } = block.figure;
    const svg = drawings[0]!.svg;
    assert.ok(svg.startsWith("<svg"));
    for (const name of ["TypeScript", "node:crypto", "C at -O2", "HKDF-SHA1, 80 to 32 octets"]) {
      assert.ok(svg.includes(`>${name}<`), name);
    }
    // Three of TypeScript without the Rabbit KDF itself, two, two.
    assert.equal(data.rows.length, 7);
  });

  it("says in a line what was not measured", () => {
    const omissions = ["C was not measured: no compiler (gcc, cc or clang) was found."];
    const section = describeKeyDerivationTimes(
      madeUpTimes({ typescript: threeTimes(1, 2, 3) }, { compiler: null, omissions }),
    );
    assert.ok(section.introduction.some((text) => text.includes(omissions[0]!)));
  });
});

import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { checkSection } from "../../../src/evaluation/report/check-section.ts";
import { removeReport, writeReport } from "../../../src/evaluation/report/write-report.ts";
import type { ToldTopic } from "../../../src/evaluation/tell-topics.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { SAMPLE_PROVENANCE } from "./sample-provenance.ts";
import { SAMPLE_FIGURE, SAMPLE_SECTION, SAMPLE_TABLE } from "./sample-section.ts";

const topics: ToldTopic[] = [{ id: "one", title: "One", seconds: 1, section: SAMPLE_SECTION }];

describe("the files of a report", () => {
  const folder = temporaryFolder();
  const page = writeReport(folder, topics, SAMPLE_PROVENANCE);

  it("are the page, its README and a CSV file for each table and figure", () => {
    assert.equal(page, join(folder, "index.html"));
    assert.deepEqual(readdirSync(folder).sort(), ["README.md", "figures", "index.html", "tables"]);
    assert.deepEqual(readdirSync(join(folder, "tables")).sort(), [
      "sample-data.csv",
      "sample-table.csv",
    ]);
    assert.equal(
      readFileSync(join(folder, "figures/sample-figure.csv"), "utf8"),
      "x\r\n1\r\n2\r\n",
    );
  });

  it("are those that the page links to and the README lists", () => {
    const html = readFileSync(page, "utf8");
    const readme = readFileSync(join(folder, "README.md"), "utf8");
    for (const path of [
      "tables/sample-table.csv",
      "tables/sample-data.csv",
      "figures/sample-figure.csv",
    ]) {
      assert.ok(html.includes(`href="${path}"`), path);
      assert.ok(readme.includes(`| \`${path}\` |`), path);
    }
    assert.match(
      readme,
      /## tables\/sample-table\.csv\n\n3 rows:\n\n- what\n- time \(ns\)\n- remark/,
    );
  });

  it("are renewed, without those of an earlier report", () => {
    writeFileSync(join(folder, "tables/old.csv"), "");
    writeReport(folder, topics, SAMPLE_PROVENANCE);
    assert.ok(!readdirSync(join(folder, "tables")).includes("old.csv"));
  });

  it("are taken away, and nothing else", () => {
    const other = temporaryFolder();
    writeReport(other, topics, SAMPLE_PROVENANCE);
    for (const name of ["evaluation.json", "tables/mine.txt"]) writeFileSync(join(other, name), "");
    removeReport(other);
    assert.deepEqual(readdirSync(other).sort(), ["evaluation.json", "figures", "tables"]);
    assert.deepEqual(readdirSync(join(other, "tables")), ["mine.txt"]);
    assert.deepEqual(readdirSync(join(other, "figures")), []);
    removeReport(join(other, "figures"));
  });
});

describe("checkSection", () => {
  const withBlocks = (...tables: (typeof SAMPLE_TABLE)[]) => ({
    ...SAMPLE_SECTION,
    blocks: tables.map((table) => ({ kind: "table", table }) as const),
  });

  it("takes a section in order", () => {
    const ids = new Set<string>();
    checkSection(SAMPLE_SECTION, ids);
    assert.deepEqual([...ids], ["sample-table", "sample-figure", "sample-data"]);
  });

  it("refuses an id that is used", () => {
    const check = () => checkSection(withBlocks(SAMPLE_TABLE), new Set(["sample-table"]));
    assert.throws(check, /^Error: sample-table is the name of something else/);
    assert.throws(
      () => checkSection(withBlocks(SAMPLE_TABLE, SAMPLE_TABLE), new Set()),
      /something else/,
    );
  });

  it("refuses an id that is no name of a file", () => {
    const table = { ...SAMPLE_TABLE, id: "../x" };
    assert.throws(() => checkSection(withBlocks(table), new Set()), /cannot be the name of a file/);
  });

  it("refuses rows that do not fit the columns, in the data of figures too", () => {
    const table = { ...SAMPLE_TABLE, rows: [["a", 1, "b"], ["c"]] };
    assert.throws(
      () => checkSection(withBlocks(table), new Set()),
      /row 1 of sample-table has 1 cells/,
    );
    const figure = { ...SAMPLE_FIGURE, data: { ...SAMPLE_FIGURE.data, rows: [[1, 2]] } };
    const section = { ...SAMPLE_SECTION, blocks: [{ kind: "figure", figure } as const] };
    assert.throws(() => checkSection(section, new Set()), /row 0 of sample-figure has 2 cells/);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { JSDOM } from "jsdom";
import { pageHtml } from "../../../src/evaluation/report/html/page.ts";
import type { Section } from "../../../src/evaluation/report/section.ts";
import type { ToldTopic } from "../../../src/evaluation/tell-topics.ts";
import { ALL_SUITES, formatSuite } from "../../../src/root-key/suite.ts";
import { SAMPLE_PROVENANCE } from "./sample-provenance.ts";
import { SAMPLE_FIGURE, SAMPLE_SECTION, SAMPLE_TABLE } from "./sample-section.ts";

const other: Section = {
  introduction: [],
  findings: [{ outcome: "shown", claim: "Another", evidence: "" }],
  blocks: [
    { kind: "table", table: { ...SAMPLE_TABLE, id: "other-table" } },
    { kind: "figure", figure: { ...SAMPLE_FIGURE, id: "other-figure" } },
  ],
};
const topics: ToldTopic[] = [
  {
    id: "first",
    title: "The <first>",
    seconds: 1,
    section: SAMPLE_SECTION,
    tools: { Compiler: "gcc 12" },
  },
  { id: "broken", title: "Broken", seconds: 2, failure: "Error: <it> broke" },
  { id: "last", title: "Last", seconds: 3, section: other },
];
const text = pageHtml(topics, SAMPLE_PROVENANCE);
const body = JSDOM.fragment(text.slice(text.indexOf("<body>"), text.indexOf("</body>")));
const all = (selector: string) => [...body.querySelectorAll(selector)];
const textOf = (selector: string) => all(selector).map(({ textContent }) => textContent?.trim());
const line = (text: string | null | undefined) => text?.replace(/\s+/g, " ").trim() ?? "";

describe("the page of a report", () => {
  it("escapes whatever is not its own", () => {
    assert.doesNotMatch(text, /<script|<it>|<seed>|<of>|<first>/);
    assert.match(text, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/);
    assert.equal(all("tbody th")[0]?.textContent, 'a <b> & "c"');
  });

  it("asks nobody for anything", () => {
    assert.doesNotMatch(text, /<(link rel="(?!icon)|img|iframe|object)|@import|url\((?!#)/);
    assert.doesNotMatch(text, /\bsrc="/);
  });

  it("numbers sections, and headings, tables and figures within them, as the paper does not", () => {
    assert.deepEqual(textOf("main > section[id] > h2 > .section-number"), ["1", "2", "3"]);
    assert.deepEqual(textOf("h3 > .section-number"), ["1.1"]);
    const captions = all("figcaption b, .data-only b").map(({ textContent }) => textContent);
    assert.deepEqual(captions, [
      "Table 1.1.",
      "Figure 1.1.",
      "Table 1.2.",
      "Table 3.1.",
      "Figure 3.1.",
    ]);
  });

  it("has headings in order", () => {
    const levels = all("h1, h2, h3, h4, h5, h6").map(({ tagName }) => Number(tagName.slice(1)));
    assert.equal(levels.filter((level) => level === 1).length, 1);
    for (const [index, level] of levels.entries()) {
      assert.ok(level <= (levels[index - 1] ?? 0) + 1, `h${level} at ${index}`);
    }
    assert.match(text, /<html lang="en">/);
  });

  it("lists every finding under its outcome, with a link to where it is told", () => {
    assert.deepEqual(textOf("#summary h3"), ["Reproduced", "Cannot be decided", "Shown"]);
    const links = all(".claims a").map((link) => link.getAttribute("href"));
    assert.deepEqual(links, ["#first-finding-1", "#first-finding-2", "#last-finding-1"]);
    assert.deepEqual(textOf(".claims a"), ["Section 1", "Section 1", "Section 3"]);
  });

  it("begins with what was found, and says of a short run that it decides nothing", () => {
    const ids = all("main > section").map(({ id }) => id);
    assert.deepEqual(ids, [
      ...["summary", "terms", "first", "broken", "last"],
      ...["provenance", "citation"],
    ]);
    for (const id of ids) assert.equal(all(`nav a[href="#${id}"]`).length, 1, id);
    assert.match(line(all("header .caution")[0]?.textContent), /^A short run\./);
    const full = pageHtml(topics, { ...SAMPLE_PROVENANCE, scale: "full" });
    assert.doesNotMatch(full, /class="caution"/);
  });

  it("explains every suite by its number and its name", () => {
    const terms = line(all("#terms")[0]?.textContent);
    for (const suite of ALL_SUITES) {
      assert.ok(terms.includes(`Suite ${suite}, ${formatSuite(suite)}: `), formatSuite(suite));
    }
  });

  it("is cited by the title that it has", () => {
    const [title = ""] = textOf("h1");
    const [cited, ofPaper] = textOf("#citation cite");
    assert.equal(cited, title);
    assert.equal(ofPaper, "An Enhanced Key Management Scheme for LoRaWAN");
    assert.ok(textOf("#citation pre")[0]?.includes(title.replace("LoRaWAN", "{LoRaWAN}")));
  });

  it("says which part failed, above and in its place", () => {
    assert.match(line(all("#summary .failure")[0]?.textContent), /Section 2, Broken/);
    assert.match(line(all("#broken .failure")[0]?.textContent), /Error: <it> broke/);
  });

  it("turns references into links, but not what is none", () => {
    const [introduction] = textOf("#first > p");
    assert.match(introduction ?? "", /see Table\u00a01\.1 and \[no-such-thing\]\.$/);
    assert.equal(all('#first > p a[href="#sample-table"]').length, 1);
  });

  it("raises powers, lowers indices and writes minus signs", () => {
    assert.match(text, /the P-value<sub>T<\/sub> of a_b_C/);
    assert.match(text, /It is 2<sup>−32<\/sup>/);
    assert.match(text, /It was −7 of 10/);
    assert.match(text, /1\.23 × 10<sup>−5<\/sup>/);
  });

  it("has no id twice and no link to an id that is not there", () => {
    const ids = all("[id]").map(({ id }) => id);
    assert.deepEqual(
      ids.filter((id, index) => ids.indexOf(id) !== index),
      [],
    );
    const targets = [...text.matchAll(/(?:href="|url\()#([\w-]+)/g)].map(([, id]) => id ?? "");
    assert.ok(targets.some((id) => /plot-clip/.test(id)));
    assert.deepEqual(
      targets.filter((id) => !ids.includes(id)),
      [],
    );
  });

  it("names every drawing for those who cannot see it", () => {
    const images = all('svg[role="img"]');
    assert.equal(images.length, 4);
    for (const image of images) {
      const [titleId = "", descriptionId = ""] =
        image.getAttribute("aria-labelledby")?.split(" ") ?? [];
      assert.match(textOf(`#${titleId}`)[0] ?? "", /^Points: (one|two)$/);
      assert.equal(textOf(`#${descriptionId}`)[0], SAMPLE_FIGURE.description);
    }
  });

  it("tells the scope of header cells, and aligns numbers", () => {
    const heads = all("#sample-table thead th");
    assert.deepEqual(
      heads.map((th) => th.getAttribute("scope")),
      ["col", "col", "col"],
    );
    assert.equal(heads[1]?.getAttribute("class"), "number");
    assert.equal(line(heads[1]?.textContent), "time ns");
    assert.ok(all("#sample-table tbody th").every((th) => th.getAttribute("scope") === "row"));
    assert.deepEqual(textOf("#sample-table td.number"), ["1235", "1.23 × 10−5", "−7"]);
  });

  it("says under a figure what it was made with", () => {
    const made = line(all("#sample-figure .made")[0]?.textContent);
    assert.match(made, /^keys: 1000 · share: 0\.01 · suite: rabbit · seed “a <seed>”, short · /);
    assert.match(
      made,
      /Warren 0\.1\.0, commit 0123456789ab.*Node 24\.1\.2, OpenSSL 3\.5\.1 · A processor/,
    );
  });

  it("has seed, versions, machine and tools in its provenance", () => {
    const rows = new Map(
      all(".provenance div").map((row) => {
        const [name, value] = [...row.querySelectorAll("dt, dd")].map(
          ({ textContent }) => textContent,
        );
        return [name, value] as const;
      }),
    );
    assert.equal(rows.get("Measured"), "2026-10-03 12:34 UTC, in 6 s");
    assert.equal(rows.get("Memory"), "8 GiB");
    assert.equal(rows.get("Compiler"), "gcc 12");
    assert.match(
      rows.get("Versions") ?? "",
      /Node 24\.1\.2, V8 13\.1, OpenSSL 3\.5\.1, cephes 3\.3\.3/,
    );
  });
});

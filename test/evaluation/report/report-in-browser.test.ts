import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { OUTCOMES } from "../../../src/evaluation/report/html/outcomes.ts";
import { TOPICS } from "../../../src/evaluation/topics.ts";
import { spawnWarren } from "../../cli/support/warren.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { type FigureInPage, measureFigures } from "./text-boxes.ts";

const CHROMIUM = "/usr/bin/chromium";
const PHONE = { width: 390, height: 844 };
/** A4 within its margins, CSS pixels. */
const PAPER = { width: 672, height: 987 };
const DESK = { width: 1280, height: 900 };
/** The program, the compiler and the browser on a machine that has other things to do. */
const PATIENCE_MS = 600_000;

interface FindingInJson {
  readonly claim: string;
  readonly evidence: string;
  readonly outcome: keyof typeof OUTCOMES;
}

/** Why nothing is checked, or false. With CI set it is a failure. */
function skip(): string | false {
  if (existsSync(CHROMIUM)) return false;
  const reason = `${CHROMIUM} is not there`;
  if (process.env["CI"]) throw new Error(reason);
  return reason;
}

describe("the report of a short run, in a browser", { skip: skip(), timeout: PATIENCE_MS }, () => {
  const report = join(temporaryFolder(), "report");
  const said: string[] = [];
  const requests: string[] = [];
  const findings: FindingInJson[] = [];
  let browser: Browser;
  let page: Page;

  before(async () => {
    const run = await spawnWarren("evaluate", "--short", "--out", report, "--json");
    assert.equal(run.status, 0, run.stderr);
    findings.push(...JSON.parse(run.stdout).findings);
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
    page = await browser.newPage({ viewport: DESK });
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(error.message));
    page.on("request", (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(join(report, "index.html")).href);
  });
  after(() => browser?.close());

  it("has a section for every topic and a line for every finding", async () => {
    const sections = await page.locator("main > section[id]").evaluateAll(idsOf);
    assert.deepEqual(sections, [
      "summary",
      "terms",
      ...TOPICS.map(({ id }) => id),
      "provenance",
      "citation",
    ]);
    assert.equal(await page.locator(".failure").count(), 0);
    assert.ok(findings.length > 0);
    assert.equal(await page.locator(".claims li").count(), findings.length);
    for (const [outcome, text] of Object.entries(OUTCOMES)) {
      const count = findings.filter((finding) => finding.outcome === outcome).length;
      const tally = page.locator(".tally li").filter({ has: page.locator(`.${outcome}`) });
      assert.equal(await tally.count(), count === 0 ? 0 : 1, text);
      if (count > 0) assert.equal(await tally.locator("b").textContent(), String(count));
    }
  });

  it("says nothing on the console and asks nobody for anything", () => {
    assert.deepEqual(said, []);
    const others = requests.filter((url) => !/^(file:.*\/index\.html$|data:)/.test(url));
    assert.deepEqual(others, []);
  });

  it("links only to what is there", async () => {
    const files = await page.locator("a.file").evaluateAll(hrefsOf);
    for (const file of files) assert.ok(existsSync(join(report, file)), file);
    const written = ["tables", "figures"].flatMap((folder) => readdirSync(join(report, folder)));
    assert.equal(new Set(files).size, written.length);
    for (const anchor of await page.locator('a[href^="#"]').evaluateAll(hrefsOf)) {
      assert.equal(await page.locator(anchor).count(), 1, anchor);
    }
  });

  it("has whole sentences as findings, and column heads that begin alike", async () => {
    for (const { claim, evidence } of findings) {
      for (const text of [claim, evidence]) assert.match(text, /[.?]$/);
    }
    const heads = await page.locator("thead th").evaluateAll(textsOf);
    // What the paper or a formula calls by a small letter or two is called so: pl, p, kkdk.
    const small = heads.filter((head) => /^(?!kkdk)[a-z]{3}/.test(head));
    assert.deepEqual([...new Set(small)], []);
  });

  it("has tables that need no scrolling on a desk", async () => {
    await page.setViewportSize(DESK);
    const cut = await page.evaluate<string[]>(
      `[...document.querySelectorAll("figure.table .scroll")]
        .filter((box) => box.scrollWidth > box.clientWidth)
        .map((box) => box.closest("figure").id)`,
    );
    assert.deepEqual(cut, []);
  });

  for (const [name, size] of Object.entries({ "a desk": DESK, "a phone": PHONE })) {
    for (const colorScheme of ["light", "dark"] as const) {
      it(`has figures that can be read on ${name}, ${colorScheme}`, async () => {
        await page.setViewportSize(size);
        await page.emulateMedia({ colorScheme });
        checkFigures(await measureFigures(page));
        assert.equal(await overflowOf(page), 0, "the page can be scrolled sideways");
      });
    }
  }

  it("has texts that stand out from the page, in the light and in the dark", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      const worst = await page.evaluate<{ contrast: number; text: string }>(LEAST_CONTRAST);
      assert.ok(worst.contrast >= 4.5, `${colorScheme}: ${worst.contrast} of "${worst.text}"`);
    }
  });

  it("is light on paper whatever the screen is, and cuts no figure and no table", async () => {
    await page.setViewportSize(PAPER);
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    const colour = await page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
    assert.equal(colour, "rgb(255, 255, 255)");
    const breaks = await page.evaluate<string[]>(
      `[...document.querySelectorAll(".drawing")].map((box) => getComputedStyle(box).breakInside)`,
    );
    assert.ok(breaks.length > 0 && breaks.every((value) => value === "avoid"));
    const tooWide = await page.evaluate<string[]>(
      `[...document.querySelectorAll("figure.table, .drawing")]
        .filter((box) => [...box.querySelectorAll("table, svg")]
          .some((inner) => inner.getBoundingClientRect().width > box.clientWidth + 1))
        .map((box) => box.id || box.closest("figure").id)`,
    );
    assert.deepEqual(tooWide, []);
    const pdf = await page.pdf({ format: "A4" });
    assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
    const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    assert.ok(pages > 5, `${pages} pages`);
    await page.emulateMedia({ media: "screen" });
  });
});

function checkFigures(figures: readonly FigureInPage[]): void {
  assert.ok(figures.length > 0);
  for (const { id, width, height, marks, overlaps, cut } of figures) {
    assert.ok(width >= 100 && height >= 40, `${id} is ${width} by ${height}`);
    assert.ok(marks > 0, `nothing is drawn in ${id}`);
    assert.deepEqual(overlaps, [], `texts of ${id} lie on one another`);
    assert.deepEqual(cut, [], `texts of ${id} leave their box`);
  }
}

function overflowOf(page: Page): Promise<number> {
  return page.evaluate(
    "document.documentElement.scrollWidth - document.documentElement.clientWidth",
  );
}

const idsOf = (elements: { readonly id: string }[]) => elements.map(({ id }) => id);
const textsOf = (elements: { readonly textContent: string | null }[]) =>
  elements.map(({ textContent }) => textContent?.trim() ?? "");
const hrefsOf = (links: { getAttribute(name: string): string | null }[]) =>
  links.map((link) => link.getAttribute("href") ?? "");

/** Of all texts outside of drawings against the page, as WCAG 2.1 reckons it. */
const LEAST_CONTRAST = `(() => {
  const luminance = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map((value) => {
      const share = value / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const page = luminance(getComputedStyle(document.body).backgroundColor);
  const contrast = (text) => {
    const own = luminance(getComputedStyle(text).color);
    return (Math.max(own, page) + 0.05) / (Math.min(own, page) + 0.05);
  };
  const texts = [...document.querySelectorAll("h1, h2, h3, p, li, a, td, th, dt, dd, span, summary")];
  return texts
    .map((text) => ({ contrast: contrast(text), text: text.textContent.slice(0, 40) }))
    .sort((one, other) => one.contrast - other.contrast)[0];
})()`;

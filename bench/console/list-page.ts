import { type Browser, chromium, type Page } from "playwright-core";

const CHROMIUM = "/usr/bin/chromium";
/** A machine that does other things besides takes its time. */
const PATIENCE_MS = 60_000;
const MB = 1_048_576;

/** Runs in the page before anything else: when the first row of the list was on the screen. */
const WATCH_FIRST_ROW = `(() => {
  const look = () => {
    if (document.querySelector("tr[data-index]") === null) return requestAnimationFrame(look);
    // The frame with the row is on the screen when the next one begins.
    requestAnimationFrame(() => { globalThis.firstRowMs = performance.now(); });
  };
  requestAnimationFrame(look);
})()`;

/**
 * Runs in the page: scrolls so many pixels in each frame until the list has all its rows and stands at its
 * end. What a frame took is told only where there was something to scroll, so that waiting for the server is
 * not taken for smoothness; how long the list stood and waited is told besides.
 */
const scrollToEnd = (pxPerFrame: number, rows: number): string => `new Promise((resolve) => {
  const box = document.querySelector('table[aria-label="Devices"]').parentElement;
  const table = box.firstElementChild;
  const frames = [];
  let [before, mostRows, waitedMs, last] = [performance.now(), 0, 0, undefined];
  const step = (now) => {
    const took = now - before;
    before = now;
    if (last === undefined || box.scrollTop > last) frames.push(took);
    else waitedMs += took;
    mostRows = Math.max(mostRows, table.querySelectorAll("tr[data-index]").length);
    last = box.scrollTop;
    box.scrollTop += ${pxPerFrame};
    const isAtEnd = box.scrollTop + box.clientHeight >= box.scrollHeight - 1;
    const isWhole = table.getAttribute("aria-rowcount") === "${rows + 1}";
    if (isAtEnd && isWhole) requestAnimationFrame(() => resolve({ frames, mostRows, waitedMs }));
    else requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})`;

/** Frames of a list that was scrolled to its end. */
export interface Scrolled {
  /** Milliseconds from one frame to the next. */
  readonly frames: readonly number[];
  /** Most rows in the document at a time. */
  readonly mostRows: number;
  /** How long the list stood still because its next rows had not come yet. */
  readonly waitedMs: number;
}

/** The console's list of devices in Chromium, of somebody who is signed in. */
export class ListPage {
  readonly #browser: Browser;
  readonly #page: Page;

  /** @param origin of the administration port */
  static async open(origin: string, token: string): Promise<ListPage> {
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
    const context = await browser.newContext({
      baseURL: origin,
      viewport: { width: 1280, height: 900 },
    });
    context.setDefaultTimeout(PATIENCE_MS);
    const answer = await context.request.post("/api/v1/session", { data: { token } });
    if (!answer.ok()) throw new Error(`sign-in: ${answer.status()} ${await answer.text()}`);
    return new ListPage(browser, await context.newPage());
  }

  private constructor(browser: Browser, page: Page) {
    this.#browser = browser;
    this.#page = page;
  }

  /** Opens the list. @returns milliseconds from the start of the navigation to the first row on the screen */
  async firstRows(): Promise<number> {
    await this.#page.addInitScript(WATCH_FIRST_ROW);
    await this.#page.goto("/console/devices");
    return await this.#until<number>("globalThis.firstRowMs");
  }

  /** @param rows that the list has in the end */
  scrollToEnd(pxPerFrame: number, rows: number): Promise<Scrolled> {
    return this.#page.evaluate<Scrolled>(scrollToEnd(pxPerFrame, rows));
  }

  /** The DevEUI of the last row that is drawn. */
  async lastRow(): Promise<string> {
    return (await this.#page.locator("tr[data-index] a").last().innerText()).trim();
  }

  /**
   * Gives a filter a value, takes it away again and waits for the list as it was.
   *
   * @returns milliseconds from the last key to a list of just these rows
   */
  async filter(label: string, value: string, expected: readonly string[]): Promise<number> {
    const field = this.#page.getByLabel(label, { exact: true });
    const isChoice = await field.evaluate(
      ({ tagName }: { tagName: string }) => tagName === "SELECT",
    );
    const start = performance.now();
    if (isChoice) await field.selectOption(value);
    else await field.fill(value);
    await this.#until(`((links) =>
      document.querySelector('[aria-label="Loading devices"]') === null &&
      ${JSON.stringify(expected)}.every((devEui, index) => links[index]?.textContent === devEui)
    )([...document.querySelectorAll("tr[data-index] a")])`);
    const tookMs = performance.now() - start;
    if (isChoice) await field.selectOption("");
    else await field.fill("");
    await this.#until(`!location.search.includes("=")`);
    return tookMs;
  }

  /** Megabytes of JavaScript objects, with what nobody refers to any more and after it is collected. */
  async heapMB(): Promise<{ before: number; after: number }> {
    const devTools = await this.#page.context().newCDPSession(this.#page);
    const used = async () => (await devTools.send("Runtime.getHeapUsage")).usedSize / MB;
    const before = await used();
    await devTools.send("HeapProfiler.collectGarbage");
    return { before, after: await used() };
  }

  /** Looks in every frame until an expression is true, whose value it gives. */
  #until<T>(expression: string): Promise<T> {
    // As one evaluation: what Playwright polls with is refused by the page's Content-Security-Policy.
    return this.#page.evaluate<T>(`new Promise((resolve) => {
      const look = () => {
        const value = ${expression};
        if (value) resolve(value);
        else requestAnimationFrame(look);
      };
      look();
    })`);
  }

  close(): Promise<void> {
    return this.#browser.close();
  }
}

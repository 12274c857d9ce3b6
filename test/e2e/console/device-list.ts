import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { before, describe, it } from "node:test";
import type { Page } from "playwright-core";
import { AS_ID, JOIN_EUI, NET_ID } from "../../../src/cli/run/local-network.ts";
import type { ConsoleRig } from "./support/console-rig.ts";
import { visit } from "./support/pages.ts";

/** More than a page of the server. */
const DEVICES = 2_000;
const A_BATCH = 1_000;
const PREFIX = "0a0b0c";
const ROW_PX = 38;
/** Fewer than are drawn at a time, so that each is seen in some frame. */
const ROWS_PER_FRAME = 18;
/** Those on the screen, and some before and after. */
const ROWS_OF_A_WINDOW = { atLeast: 15, atMost: 60 };

interface Summary {
  readonly devEui: string;
  readonly name: string;
  readonly macVersion: string;
  readonly generation: number;
  readonly isDisabled: boolean;
}

interface Seen {
  /** Cells by DevEUI. */
  readonly rows: Readonly<Record<string, readonly string[]>>;
  readonly mostRows: number;
}

/** Runs in the page: scrolls to the end of the whole list and notes every row that is drawn meanwhile. */
const SCROLL_TO_END = `new Promise((resolve) => {
  const table = document.querySelector('table[aria-label="Devices"]');
  const box = table.parentElement;
  const rows = {};
  let mostRows = 0;
  const step = () => {
    const drawn = [...table.querySelectorAll("tr[data-index]")];
    mostRows = Math.max(mostRows, drawn.length);
    for (const { cells } of drawn) {
      const texts = [...cells].slice(1, 5).map((cell) => cell.textContent.trim());
      rows[texts[0]] = texts.slice(1);
    }
    const isAtEnd = box.scrollTop + box.clientHeight >= box.scrollHeight - 1;
    if (isAtEnd && table.getAttribute("aria-rowcount") !== "-1") return resolve({ rows, mostRows });
    const [view, first, last] = [box, drawn[0], drawn.at(-1)].map((one) => one.getBoundingClientRect());
    // Under load a frame may come before the rows of the one before it.
    const isDrawn = first.top <= view.top + ${2 * ROW_PX} && last.bottom >= view.bottom - 1;
    if (isDrawn) box.scrollTop += ${ROWS_PER_FRAME * ROW_PX};
    requestAnimationFrame(step);
  };
  step();
})`;

export function testDeviceList(rig: ConsoleRig): void {
  describe("the list of devices", () => {
    let page: Page;
    const urls: string[] = [];
    before(async () => {
      await addDevices(rig);
      page = await rig.openPage("operator");
      page.on("request", (request) => urls.push(new URL(request.url()).pathname));
      await visit(page, `/devices?devEuiPrefix=${PREFIX}`);
    });

    it("draws a window of its rows, and in it what the server has", async () => {
      const { rows, mostRows } = await page.evaluate<Seen>(SCROLL_TO_END);
      const { atLeast, atMost } = ROWS_OF_A_WINDOW;
      assert.ok(mostRows >= atLeast && mostRows <= atMost, `${mostRows} rows at a time`);
      const expected = await summaries(rig);
      assert.equal(expected.length, DEVICES);
      for (const { devEui, name, macVersion, generation, isDisabled } of expected) {
        const shownName = isDisabled ? `${name} disabled` : name;
        assert.deepEqual(rows[devEui], [shownName, macVersion, String(generation)], devEui);
      }
      assert.equal(Object.keys(rows).length, DEVICES);
    });

    it("asks for summaries alone", () => {
      assert.ok(urls.includes("/api/v1/device-summaries"));
      assert.ok(!urls.includes("/api/v1/devices"));
    });

    it("is gone through with keys, and the focus is on no row that nobody went to", async () => {
      await page.evaluate(scrollTo(0));
      const link = (index: number) => page.locator(`tr[data-index="${index}"] a`);
      await link(0).focus();
      for (const [key, index] of [
        ["PageDown", undefined],
        ["ArrowUp", undefined],
        ["End", DEVICES - 1],
        ["Home", 0],
        ["ArrowDown", 1],
      ] as const) {
        await page.keyboard.press(key);
        await page.locator("tr[data-index] a:focus").waitFor();
        if (index !== undefined) await link(index).and(page.locator(":focus")).waitFor();
      }
      await page.evaluate(scrollTo(DEVICES * ROW_PX));
      await link(DEVICES - 1).waitFor();
      assert.equal(await page.locator("tr[data-index] :focus").count(), 0);
      await page.context().close();
    });
  });
}

/** Runs in the page. */
function scrollTo(px: number): string {
  return `document.querySelector('table[aria-label="Devices"]').parentElement.scrollTop = ${px}`;
}

async function addDevices(rig: ConsoleRig): Promise<void> {
  const devices = Array.from({ length: DEVICES }, (_, index) => ({
    devEui: `${PREFIX}${index.toString(16).padStart(10, "0")}`,
    joinEui: JOIN_EUI,
    macVersion: index % 3 === 0 ? "1.0.3" : "1.0.4",
    nwkKey: randomBytes(16).toString("hex"),
    ...{ homeNetId: NET_ID, asId: AS_ID },
    name: index % 5 === 0 ? `meter ${index}` : `lamp ${index}`,
    isDisabled: index % 7 === 0,
  }));
  for (let start = 0; start < DEVICES; start += A_BATCH) {
    const batch = devices.slice(start, start + A_BATCH);
    rig.sought(`NwkKey of ${batch[0]?.devEui}`, batch[0]?.nwkKey ?? "");
    await rig.joinServer.request("POST", "/devices/batch", { devices: batch });
  }
}

/** As the server has them, page by page. */
async function summaries(rig: ConsoleRig): Promise<Summary[]> {
  const found: Summary[] = [];
  let after: string | null = null;
  do {
    const place: string = after === null ? "" : `&after=${after}`;
    const page: { devices: Summary[]; next: string | null } = await rig.joinServer.get(
      `/device-summaries?devEuiPrefix=${PREFIX}&limit=${A_BATCH}${place}`,
    );
    found.push(...page.devices);
    after = page.next;
  } while (after !== null);
  return found;
}

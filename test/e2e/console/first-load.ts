import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import type { ConsoleRig } from "./support/console-rig.ts";
import { settled } from "./support/pages.ts";

const MOST_OCTETS = 250_000;

const ROOT = join(import.meta.dirname, "../../..");
/** Class names of the component library, which are the same in its styles and its scripts. */
const CLASS = /\bm_[0-9a-f]{6,8}\b/g;

function textsOfBuild(extension: string): string {
  const folder = join(ROOT, "web/dist/assets");
  return readdirSync(folder)
    .filter((name) => name.endsWith(extension))
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("\n");
}

export function testFirstLoad(rig: ConsoleRig): void {
  it("has the styles of every component that the console uses", () => {
    const all = readFileSync(join(ROOT, "node_modules/@mantine/core/styles.css"), "utf8");
    const styled = new Set(all.match(CLASS));
    const used = [...new Set(textsOfBuild(".js").match(CLASS))].filter((name) => styled.has(name));
    const built = new Set(textsOfBuild(".css").match(CLASS));
    assert.ok(used.length > 100, `${used.length} class names`);
    assert.deepEqual(
      used.filter((name) => !built.has(name)),
      [],
      "look for them in node_modules/@mantine/core/styles, and add those files to mantine-styles.ts",
    );
  });

  it("is under 250 kB on the wire, from the sign-in link to the overview with its figures", async (t) => {
    const context = await rig.openContext();
    const page = await context.newPage();
    const devTools = await context.newCDPSession(page);
    const urls = new Map<string, string>();
    const octets = new Map<string, number>();
    devTools.on("Network.requestWillBeSent", ({ requestId, request }) => {
      urls.set(requestId, request.url);
    });
    devTools.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      octets.set(urls.get(requestId) ?? requestId, encodedDataLength);
    });
    await devTools.send("Network.enable");
    await page.goto(await rig.network.consoleLink());
    await page.getByRole("heading", { name: "Overview", level: 2 }).waitFor();
    await settled(page);
    // Charts come in a file of their own, after the page.
    await page.locator("main canvas").first().waitFor();
    await page.waitForLoadState("load");
    const total = octets.values().reduce((sum, length) => sum + length, 0);
    t.diagnostic(`${total} octets in ${octets.size} answers`);
    assert.ok([...octets.keys()].some((url) => url.endsWith(".css")));
    assert.ok([...octets.keys()].some((url) => url.endsWith("/api/v1/overview")));
    assert.ok(total < MOST_OCTETS, JSON.stringify([...octets], null, 1));
    await context.close();
  });
}

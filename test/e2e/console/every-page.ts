import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Page } from "playwright-core";
import { axeFindings } from "./support/axe.ts";
import type { ConsoleRig } from "./support/console-rig.ts";
import { settled, sidewaysScroll, visit } from "./support/pages.ts";

/** A window and a narrow phone. */
const LOOKS = [
  { colourScheme: "light", width: 1280 },
  { colourScheme: "dark", width: 360 },
] as const;

const UNKNOWN_DEVICE = "/devices/70b3d57ed00fffff";

async function addressesOf(rig: ConsoleRig): Promise<string[]> {
  const { campaigns } = await rig.joinServer.get<{ campaigns: { id: string }[] }>("/campaigns");
  const [campaign] = campaigns;
  assert.ok(campaign, "a campaign was made before");
  return [
    ...["/", "/devices", `/devices/${rig.devices[0]?.devEui}`, UNKNOWN_DEVICE],
    ...["/campaigns", "/campaigns/new", `/campaigns/${campaign.id}`, "/policies"],
    ...["/peers", "/peers?tab=application-servers", "/peers?tab=join-eui-ranges", "/import"],
    ...["/audit", "/tokens", "/settings", "/evaluation", "/no-such-page"],
  ];
}

/** 0 is black, 255 white. */
async function brightness(page: Page): Promise<number> {
  const colour = await page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
  const [red = 0, green = 0, blue = 0] = (colour.match(/\d+/g) ?? []).map(Number);
  return (red + green + blue) / 3;
}

export function testEveryPage(rig: ConsoleRig): void {
  describe("every page", { concurrency: 2 }, () => {
    before(() => rig.watch.expectRefusal(404, `/api/v1${UNKNOWN_DEVICE}`));

    for (const look of LOOKS) {
      const { colourScheme, width } = look;
      it(`suits everybody in ${colourScheme} colours, ${width} px wide`, async () => {
        const page = await rig.openPage("administrator", look);
        const findings: string[] = [];
        for (const path of await addressesOf(rig)) {
          await visit(page, path);
          const found = await axeFindings(page);
          findings.push(...found.map((finding) => `${path}: ${finding}`));
          const sideways = await sidewaysScroll(page);
          if (sideways > 0) findings.push(`${path}: scrolls ${sideways} px sideways`);
        }
        assert.deepEqual(findings, []);
        assert.equal((await brightness(page)) > 128, colourScheme === "light");
        await page.context().close();
      });
    }

    it("and the sign-in page does", async () => {
      for (const look of LOOKS) {
        const context = await rig.openContext(look);
        const page = await context.newPage();
        await visit(page, "/sign-in");
        assert.deepEqual(await axeFindings(page), []);
        assert.ok((await sidewaysScroll(page)) <= 0);
        await context.close();
      }
    });

    it("keeps the colours that were chosen, and is reached by keyboard alone", async () => {
      const page = await rig.openPage("administrator");
      await visit(page, "/");
      await page.getByRole("button", { name: "Use dark colours" }).click();
      await page.reload();
      await settled(page);
      assert.ok((await brightness(page)) < 128);
      await page.keyboard.press("Tab");
      const focused = () => page.evaluate("document.activeElement.textContent");
      assert.equal(await focused(), "Skip to the content");
      const menu = page.getByRole("navigation", { name: "Pages" });
      await menu.getByRole("link", { name: "Devices" }).focus();
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Devices", level: 2 }).waitFor();
      await page.context().close();
    });
  });
}

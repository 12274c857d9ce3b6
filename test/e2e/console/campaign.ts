import assert from "node:assert/strict";
import { it } from "node:test";
import type { ConsoleRig } from "./support/console-rig.ts";
import { visit } from "./support/pages.ts";

const CAMPAIGN_MS = 90_000;

export function testCampaign(rig: ConsoleRig): void {
  it("a campaign is made after its preview, and watched until all its devices have new keys", async () => {
    const page = await rig.openPage("operator");
    const devEuis = rig.devices.map(({ devEui }) => devEui);
    await visit(page, "/campaigns/new");
    await page.getByRole("textbox", { name: "Name" }).first().fill("all of the test");
    await page.getByRole("radiogroup", { name: "Which devices" }).getByText("A list").click();
    await page.getByRole("textbox", { name: "DevEUIs" }).fill(devEuis.join("\n"));
    // Both devices at once: the one gateway would take some starts a minute.
    for (const [name, value] of [
      ["Canaries", "0"],
      ["Starts a minute", "600"],
      ["Per gateway", "600"],
    ] as const) {
      await page.getByRole("textbox", { name }).fill(value);
    }
    await page.getByText("2 devices get new root keys").waitFor();
    await page.getByRole("button", { name: "Start the campaign" }).click();
    const dialog = page.getByRole("dialog", { name: "New root keys for 2 devices?" });
    await dialog.getByRole("button", { name: "Start the campaign" }).click();
    await page.getByRole("heading", { name: "all of the test" }).waitFor();
    await page.evaluate("globalThis.wasNeverReloaded = true");
    await page.getByText("finished", { exact: true }).waitFor({ timeout: CAMPAIGN_MS });
    await page.getByText("2 of 2 through (100 %)").waitFor();
    assert.equal(await page.evaluate("globalThis.wasNeverReloaded"), true);
    for (const devEui of devEuis) {
      await page.getByRole("row", { name: new RegExp(`${devEui}.*Updated`) }).waitFor();
      const { generation } = await rig.joinServer.get<{ generation: number }>(`/devices/${devEui}`);
      assert.equal(generation, 1);
    }
    await visit(page, "/campaigns");
    await page.getByRole("link", { name: "all of the test" }).waitFor();
    await page.context().close();
  });
}

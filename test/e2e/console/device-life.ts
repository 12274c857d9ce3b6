import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import type { Page } from "playwright-core";
import { AS_ID, JOIN_EUI, NET_ID } from "../../../src/cli/run/local-network.ts";
import type { SimulatorDevice } from "../../../src/cli/run/role-answers.ts";
import type { ConsoleRig } from "./support/console-rig.ts";
import { visit } from "./support/pages.ts";

const DEV_EUI = "70b3d57ed00209aa";
const MAC_VERSION = "1.1.0";
/** Device time; the network of the test lives ten times as fast. */
const UPLINK_INTERVAL_MS = 20_000;
/** An update takes some uplinks of the device and a join. */
const UPDATE_MS = 60_000;

/** Runs in the page: notes each stage that an update waits for, as it is shown. */
const WATCH_STAGES = `(() => {
  const seen = (globalThis.stagesWaitedFor = []);
  const look = () => {
    const stage = document.querySelector('li[aria-current="step"]');
    const name = /[a-z]+/.exec(stage?.textContent ?? "")?.[0];
    if (name !== undefined && seen.at(-1) !== name) seen.push(name);
  };
  const all = { subtree: true, childList: true, attributes: true, characterData: true };
  new MutationObserver(look).observe(document.body, all);
})()`;

export function testDeviceLife(rig: ConsoleRig): void {
  describe("the life of a device", () => {
    let page: Page;
    const keys = { NwkKey: drawKey(rig, "NwkKey"), AppKey: drawKey(rig, "AppKey") };

    it("begins with a form, and its root keys are not on the page again", async () => {
      page = await rig.openPage("operator");
      await visit(page, "/devices");
      await page.getByRole("button", { name: "Add a device" }).first().click();
      const form = page.getByRole("dialog", { name: "Add a device" });
      await form.getByLabel("DevEUI").fill(DEV_EUI);
      await form.getByLabel("LoRaWAN version").selectOption(MAC_VERSION);
      await form.getByLabel("JoinEUI").fill(JOIN_EUI);
      for (const [name, hex] of Object.entries(keys)) {
        await form.getByRole("textbox", { name }).fill(hex);
      }
      await form.getByRole("combobox", { name: "Home NetID" }).fill(NET_ID);
      await form.getByRole("combobox", { name: "AS-ID" }).fill(AS_ID);
      await form.getByRole("textbox", { name: "Name", exact: true }).fill("meter of the test");
      await form.locator('button[type="submit"]').click();
      await form.waitFor({ state: "detached" });
      await visit(page, `/devices/${DEV_EUI}`);
      await page.getByRole("heading", { name: "meter of the test" }).waitFor();
      const html = (await page.content()).toLowerCase();
      for (const hex of Object.values(keys)) assert.ok(!html.includes(hex));
    });

    it("is watched from its first join to new root keys, without a reload", async () => {
      await page.evaluate("globalThis.wasNeverReloaded = true");
      const common = { joinEui: JOIN_EUI, macVersion: MAC_VERSION };
      const path = `/devices/${DEV_EUI}`;
      const { network } = rig;
      await network.api("network-server").request("PUT", path, { ...common, asId: AS_ID });
      await network.api("simulator").request("PUT", path, {
        ...common,
        nwkKey: keys.NwkKey,
        appKey: keys.AppKey,
        uplinkIntervalMs: UPLINK_INTERVAL_MS,
      });
      const sessions = page.getByRole("region", { name: /session/i });
      await sessions
        .getByText(/JoinNonce|[0-9a-f]{8}/)
        .first()
        .waitFor({ timeout: UPDATE_MS });

      await page.evaluate(WATCH_STAGES);
      await page.getByRole("button", { name: "Start an update" }).click();
      await page.getByRole("button", { name: "Start the update" }).click();
      await page
        .getByText("Committed: the device is at generation 1.")
        .waitFor({ timeout: UPDATE_MS });
      assert.equal(await page.evaluate("globalThis.wasNeverReloaded"), true);
      const seen = (await page.evaluate("globalThis.stagesWaitedFor")) as string[];
      // Those that take less than a second may be passed over.
      assert.ok(seen.length >= 1, `stages that were waited for on the page: ${seen}`);
      const inOrder = ["accepted", "confirmed", "committed"].filter((name) => seen.includes(name));
      assert.deepEqual(seen, inOrder);

      const simulated = await network.api("simulator").get<SimulatorDevice>(path);
      assert.equal(simulated.generation, 1);
      const fingerprint = simulated.rootKeys?.nwkKey ?? "none";
      await page.getByText(fingerprint).first().waitFor();
    });

    it("ends when its DevEUI is typed", async () => {
      await page.getByRole("button", { name: "More" }).click();
      await page.getByRole("menuitem", { name: "Delete…" }).click();
      const dialog = page.getByRole("dialog", { name: "Delete the device" });
      const button = dialog.getByRole("button", { name: `Delete ${DEV_EUI}` });
      assert.equal(await button.isDisabled(), true);
      await dialog.getByLabel(`Type ${DEV_EUI} to go on`).fill(DEV_EUI);
      await button.click();
      await page.waitForURL(/\/console\/devices$/);
      await assert.rejects(rig.joinServer.get(`/devices/${DEV_EUI}`), /404/);
      await page.context().close();
    });
  });
}

function drawKey(rig: ConsoleRig, name: string): string {
  const hex = randomBytes(16).toString("hex");
  rig.sought(`typed ${name}`, hex);
  return hex;
}

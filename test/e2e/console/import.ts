import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import type { Page } from "playwright-core";
import { JOIN_EUI } from "../../../src/cli/run/local-network.ts";
import type { ConsoleRig } from "./support/console-rig.ts";
import { visit } from "./support/pages.ts";

const HEADING = "dev_eui;join_eui;lorawan_version;app_key;name";
const euiOf = (index: number) => `70b3d57ed0030${index.toString(16).padStart(3, "0")}`;

/** Runs in the page: pastes a text where the focus is. */
const PASTE = `(text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  const paste = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
  document.activeElement.dispatchEvent(paste);
}`;

/** A row of The Things Stack's CSV with a new key, which no browser may show. */
function rowOf(rig: ConsoleRig, index: number): string {
  const key = randomBytes(16).toString("hex");
  rig.sought(`imported key ${index}`, key);
  return `${euiOf(index)};${JOIN_EUI};1.0.3;${key};imported ${index}`;
}

async function chooseFile(page: Page, text: string): Promise<void> {
  const file = { name: "devices.csv", mimeType: "text/csv", buffer: Buffer.from(text) };
  await page.getByLabel("File of devices").setInputFiles(file);
}

function cellsOf(page: Page): Promise<string[][]> {
  const rows = page.getByRole("region", { name: "Records of the file" }).locator("tbody tr");
  return rows.evaluateAll((found) =>
    found.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent ?? "")),
  );
}

export function testImport(rig: ConsoleRig): void {
  describe("an import", () => {
    it("says by line what is wrong before anything is added, and leaves that out", async () => {
      const [first, second, third] = [1, 2, 3].map((index) => rowOf(rig, index));
      const bad = rowOf(rig, 4).replace(/;[0-9a-f]{32};/, ";0123;");
      const text = [HEADING, first, bad, second, first, third].join("\n");
      const page = await rig.openPage("operator");
      await visit(page, "/import");
      // The only Network Server and the only Application Server are the devices' unless it is said.
      assert.notEqual(await page.getByRole("combobox", { name: "Home NetID" }).inputValue(), "");
      await chooseFile(page, text);
      await page.getByText("Read as CSV of The Things Stack.").waitFor();
      const button = page.getByRole("button", { name: "Import 3 devices" });
      await button.waitFor();
      assert.equal(await button.isDisabled(), true);
      const [malformed, again] = await cellsOf(page);
      assert.deepEqual(malformed?.slice(0, 3), ["3", euiOf(4), "error"]);
      assert.match(malformed?.[3] ?? "", /app_key must have 32 hex digits.*text-malformed/);
      assert.deepEqual(again?.slice(0, 3), ["5", euiOf(1), "error"]);
      assert.match(again?.[3] ?? "", /line 2 has the same DevEUI/);
      await assert.rejects(rig.joinServer.get(`/devices/${euiOf(1)}`), /404/);
      await page.getByRole("button", { name: "3 new" }).click();
      assert.deepEqual(
        (await cellsOf(page)).map(([line, , outcome]) => [line, outcome]),
        [
          ["2", "new"],
          ["4", "new"],
          ["6", "new"],
        ],
      );
      await page.getByLabel("Leave out the 2 with an error").check();
      await button.click();
      await page.getByText("3 devices added").waitFor();
      for (const index of [1, 2, 3]) await rig.joinServer.get(`/devices/${euiOf(index)}`);
      await assert.rejects(rig.joinServer.get(`/devices/${euiOf(4)}`), /404/);
      await page.getByRole("link", { name: "See the devices" }).click();
      await page.getByText(euiOf(3)).first().waitFor();
      await page.context().close();
    });

    it("goes in parts with progress, can be stopped, and takes pasted text that it does not show", async () => {
      const rows = Array.from({ length: 3000 }, (_, index) => rowOf(rig, 100 + index));
      const text = [HEADING, ...rows].join("\n");
      const page = await rig.openPage("operator");
      await visit(page, "/import");
      const requests: number[] = [];
      page.on("requestfinished", (request) => {
        if (request.url().includes("/imports?")) requests.push(request.postData()?.length ?? 0);
      });
      await page.getByLabel("Or paste it").focus();
      await page.evaluate(`(${PASTE})(${JSON.stringify(text)})`);
      await page.getByText(/^pasted text, 2\d\d KiB$/).waitFor();
      await page.getByRole("button", { name: "Import 3,000 devices" }).waitFor();
      assert.ok(requests.length > 1 && Math.max(...requests) < text.length, `${requests}`);
      assert.ok(!(await page.content()).includes(rows[7]?.split(";")[3] as string));
      assert.equal(await page.getByText("Show 100 more of 2,900").isVisible(), true);

      await page.route("**/api/v1/imports?*dryRun=false*", async (route) => {
        // While the first part is on its way.
        await page.getByRole("button", { name: "Stop" }).click();
        await route.continue();
      });
      await page.getByRole("button", { name: "Import 3,000 devices" }).click();
      await page.getByText("What is listed as added is in the database").waitFor();
      await rig.joinServer.get(`/devices/${euiOf(100)}`);
      await assert.rejects(rig.joinServer.get(`/devices/${euiOf(3099)}`), /404/);
      await page.context().close();
    });

    it("of something that is no devices says what to do", async () => {
      const page = await rig.openPage("operator");
      await visit(page, "/import");
      rig.watch.expectRefusal(400, "/api/v1/imports");
      await chooseFile(page, "LW:D0:70B3D57ED0000001:0102030405060708:00FA0001\n");
      await page.getByText(/QR codes have no keys; .*warren import --keys/).waitFor();
      await page.getByRole("button", { name: "Another file" }).click();
      await chooseFile(page, "x".repeat(8 * 1024 * 1024 + 1));
      await page.getByText(/The console takes files of up to 8 MiB/).waitFor();
      await page.context().close();
    });
  });
}

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ConsoleRig } from "./support/console-rig.ts";
import { visit } from "./support/pages.ts";

export function testSignIn(rig: ConsoleRig): void {
  describe("signing in", () => {
    it("by a link works once, and leaves no code in the address", async () => {
      const context = await rig.openContext();
      const page = await context.newPage();
      const link = await rig.network.consoleLink();
      const [, code = ""] = link.split("#");
      assert.ok(code.length > 20, link);
      await page.goto(link);
      await page.getByRole("heading", { name: "Overview", level: 2 }).waitFor();
      assert.match(page.url(), /\/console\/?$/);
      assert.ok(!rig.watch.urls.some((url) => url.split("#")[0]?.includes(code)));
      await context.close();

      const other = await rig.openContext();
      const second = await other.newPage();
      const refused = await other.request.post("/api/v1/session", { data: { code } });
      assert.equal(refused.status(), 401);
      await visit(second, "/");
      assert.match(second.url(), /\/console\/sign-in$/);
      await other.close();
    });

    it("by token leads to the page that was asked for, and out again", async () => {
      const context = await rig.openContext();
      const page = await context.newPage();
      await page.goto("/console/policies");
      await page.getByLabel("API token").fill(rig.tokens.get("operator") ?? "");
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("heading", { level: 2 }).first().waitFor();
      assert.match(page.url(), /\/console\/policies$/);
      const cookies = await context.cookies();
      assert.deepEqual(
        cookies.map(({ name, httpOnly, sameSite }) => [name, httpOnly, sameSite]),
        [["warren-session", true, "Strict"]],
      );
      await page.getByRole("button", { name: "operator", exact: true }).click();
      await page.getByRole("menuitem", { name: "Sign out" }).click();
      await page.getByLabel("API token").waitFor();
      assert.equal((await context.request.get("/api/v1/session")).status(), 401);
      await context.close();
    });

    it("goes on after a reload, and follows the server without one", async () => {
      const page = await rig.openPage("administrator");
      await visit(page, "/");
      await page.reload();
      await page.getByRole("status", { name: "Live updates: live" }).waitFor();
      await page.context().close();
    });
  });
}

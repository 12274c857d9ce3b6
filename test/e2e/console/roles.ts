import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ConsoleRig, QUIET_DEVICE, type Role } from "./support/console-rig.ts";
import { visit } from "./support/pages.ts";

const FOR_ALL = ["Overview", "Devices", "Campaigns", "Policies"];
/** What each role finds in the menu, and what it may set off. */
const VIEWS: Readonly<
  Record<Role, { readonly links: readonly string[]; readonly mayChangeDevices: boolean }>
> = {
  administrator: {
    links: [
      ...[...FOR_ALL, "Peers", "Import", "Audit log", "API tokens", "Settings and vault"],
      "Evaluation",
    ],
    mayChangeDevices: true,
  },
  operator: { links: [...FOR_ALL, "Peers", "Import", "Evaluation"], mayChangeDevices: true },
  "key-officer": { links: [...FOR_ALL, "Evaluation"], mayChangeDevices: false },
  auditor: {
    links: [
      ...[...FOR_ALL, "Peers", "Audit log", "API tokens", "Settings and vault"],
      "Evaluation",
    ],
    mayChangeDevices: false,
  },
};

/** What only an administrator may do, and what neither a key officer nor an auditor may. */
const FOR_ADMINISTRATORS = ["POST", "/tokens", { name: "mine", role: "administrator" }] as const;

export function testRoles(rig: ConsoleRig): void {
  describe("a role", () => {
    for (const [role, { links, mayChangeDevices }] of Object.entries(VIEWS) as [
      Role,
      (typeof VIEWS)[Role],
    ][]) {
      it(`${role} sees what it may do, and is refused the rest`, async () => {
        const page = await rig.openPage(role);
        const devEui = QUIET_DEVICE;
        await visit(page, "/");
        const menu = page.getByRole("navigation", { name: "Pages" }).getByRole("link");
        assert.deepEqual(await menu.allTextContents(), links);
        await visit(page, `/devices/${devEui}`);
        for (const name of ["Start an update", "Change settings", "More"]) {
          const isThere = (await page.getByRole("button", { name, exact: true }).count()) > 0;
          assert.equal(isThere, mayChangeDevices, name);
        }
        await visit(page, "/import");
        const takesFiles = (await page.getByLabel("File of devices").count()) > 0;
        assert.equal(takesFiles, mayChangeDevices);

        const [, tokens, body] = FOR_ADMINISTRATORS;
        const refusals = [
          ...(role === "administrator" ? [] : [[tokens, body] as const]),
          ...(mayChangeDevices
            ? []
            : ([
                [`/devices/${devEui}/root-key-update`, {}],
                [`/devices/${devEui}/nonce-reset`, { reason: "test" }],
                ["/imports?dryRun=true", "dev_eui\n"],
              ] as const)),
        ];
        const session = await (await page.request.get("/api/v1/session")).json();
        const headers = { "x-csrf-token": session.csrfToken as string };
        for (const [path, data] of refusals) {
          const answer = await page.request.post(`/api/v1${path}`, { headers, data });
          const { title } = (await answer.json()) as { title: string };
          assert.deepEqual([path, answer.status(), title], [path, 403, "forbidden"]);
        }
        await page.context().close();
      });
    }

    it("may do nothing without the CSRF token of its session", async () => {
      const page = await rig.openPage("administrator");
      const path = `/api/v1/devices/${QUIET_DEVICE}`;
      const answer = await page.request.delete(path);
      const { title } = (await answer.json()) as { title: string };
      assert.deepEqual([answer.status(), title], [403, "csrf-token-missing"]);
      await page.context().close();
    });
  });
}

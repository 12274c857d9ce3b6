import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { findSelected } from "../../../src/join-server/campaigns/members/selected-devices.ts";
import { listSelection } from "../../../src/join-server/campaigns/new-campaign.ts";
import type { Eui64 } from "../../../src/lorawan/identifiers.ts";
import { devEuiOf, Fleet } from "./support/fleet.ts";

describe("the devices that a campaign selects", () => {
  it("are found page by page, each once, of a list as of a query", async () => {
    const some = fc.uniqueArray(fc.nat({ max: 99 }), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(some, fc.integer({ min: 1, max: 45 }), async (indices, limit) => {
        const fleet = new Fleet(0);
        for (const index of indices) fleet.add(index);
        const all = indices.map(devEuiOf);
        for (const selection of [listSelection(all), { kind: "query", query: {} } as const]) {
          const found: Eui64[] = [];
          let after: Eui64 | undefined;
          do {
            const page = await findSelected(fleet.store, selection, limit, after);
            found.push(...page.devEuis);
            after = page.next;
            assert.ok(page.devEuis.length <= limit && found.length <= all.length);
          } while (after !== undefined);
          assert.deepEqual(found, all.toSorted());
        }
      }),
    );
  });
});

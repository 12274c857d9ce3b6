import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Registry } from "prom-client";
import type { Campaign } from "../../src/join-server/campaigns/campaign.ts";
import type { MemberCounts } from "../../src/join-server/ports/campaign-store.ts";
import { campaignGauges } from "../../src/metrics/campaign-gauges.ts";

const NONE: MemberCounts = { waiting: 0, "under-way": 0, updated: 0, failed: 0, skipped: 0 };
const campaignOf = (id: string, state: Campaign["state"], endedAt?: number) =>
  ({ id, state, endedAt }) as Campaign;

describe("gauges of campaigns", () => {
  it("count those that have not ended and their devices, at most every ten seconds", async (t) => {
    const counts = new Map([
      ["1", { ...NONE, waiting: 5, updated: 2 }],
      ["2", { ...NONE, waiting: 7, failed: 1 }],
      ["3", { ...NONE, updated: 1_000 }],
      ["4", { ...NONE, "under-way": 3 }],
    ]);
    const asked: string[] = [];
    let isAway = false;
    const registry = new Registry();
    campaignGauges(registry, {
      listCampaigns: () =>
        isAway
          ? Promise.reject(new Error("away"))
          : Promise.resolve([
              campaignOf("1", "running"),
              campaignOf("2", "running"),
              campaignOf("3", "finished", 1),
              campaignOf("4", "aborted"),
            ]),
      countMembers: (id) => {
        asked.push(id);
        return Promise.resolve(counts.get(id) ?? NONE);
      },
    });
    let now = 0;
    t.mock.method(performance, "now", () => now);
    const shown = async () =>
      (await registry.metrics())
        .split("\n")
        .filter((line) => /^warren_campaign.* [1-9]/.test(line));
    const expected = [
      'warren_campaigns{state="running"} 2',
      'warren_campaigns{state="aborted"} 1',
      'warren_campaign_devices{state="waiting"} 12',
      'warren_campaign_devices{state="under-way"} 3',
      'warren_campaign_devices{state="updated"} 2',
      'warren_campaign_devices{state="failed"} 1',
    ];
    assert.deepEqual(await shown(), expected);
    now = 9_999;
    assert.deepEqual(await shown(), expected);
    assert.deepEqual(asked, ["1", "2", "4"]);
    now = 10_000;
    assert.deepEqual(await shown(), expected);
    assert.equal(asked.length, 6);
    now = 20_000;
    isAway = true;
    assert.deepEqual(await shown(), [], "what is not known is not shown");
  });
});

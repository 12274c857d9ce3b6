import assert from "node:assert/strict";
import { test } from "node:test";
import type { Campaign } from "../../../src/join-server/campaigns/campaign.ts";
import { ProgressReader } from "../../../src/join-server/campaigns/campaign-progress.ts";
import { newCampaign } from "../../../src/join-server/campaigns/new-campaign.ts";
import { reviewCampaign } from "../../../src/join-server/campaigns/review-campaign.ts";
import { settingsOf } from "./support/fleet.ts";

function readerOf(total: number) {
  let countings = 0;
  const reader = new ProgressReader({
    countMembers: () => {
      countings += 1;
      return Promise.resolve({
        waiting: total,
        "under-way": 0,
        updated: 0,
        failed: 0,
        skipped: 0,
      });
    },
    countReasons: () => Promise.resolve([]),
  });
  return { reader, countings: () => countings };
}

const campaign = newCampaign(settingsOf(), { id: "aa", createdBy: "me", createdAt: 0 });

test("a large campaign is counted every ten seconds at most, whoever watches", async () => {
  const { reader, countings } = readerOf(100_000);
  for (const now of [0, 1_000, 9_999]) await reader.read(campaign, now);
  assert.equal(countings(), 1);
  await reader.read(campaign, 10_000);
  assert.equal(countings(), 2);
  await reader.read({ ...campaign, version: 1, state: "finished" }, 10_001);
  assert.equal(countings(), 3, "at its end at once");
});

test("a small campaign is counted each time", async () => {
  const { reader, countings } = readerOf(500);
  for (const now of [0, 0, 1]) await reader.read(campaign, now);
  assert.equal(countings(), 3);
});

test("a rate is not told over a time in which nothing may be started", () => {
  const counts = { waiting: 5, "under-way": 1, updated: 4, failed: 0, skipped: 0 };
  const windows = [{ fromMinute: 0, toMinute: 10, weekdays: [] }];
  const running = {
    ...newCampaign(settingsOf({ windows }), { id: "aa", createdBy: "me", createdAt: 0 }),
    state: "running",
    isCanaryOver: true,
  } as const;
  const after = (from: Campaign, now: number) =>
    reviewCampaign(from, { counts, now, isCanaryLeft: false }).campaign;
  const sampled = after(running, 9 * 60_000);
  assert.deepEqual(sampled.samples, [{ at: 9 * 60_000, through: 4 }]);
  const closed = after(sampled, 10 * 60_000);
  assert.deepEqual(closed.samples, []);
  assert.equal(after(closed, 11 * 60_000), closed, "it is not saved again and again");
});

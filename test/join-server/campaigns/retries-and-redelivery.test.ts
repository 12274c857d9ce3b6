import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { CampaignSettings } from "../../../src/join-server/campaigns/campaign.ts";
import { ACTOR, CampaignRig } from "./support/campaign-rig.ts";
import { devEuiOf, Fleet } from "./support/fleet.ts";

const MINUTE = 60_000;
const WEEK = 7 * 24 * 60 * MINUTE;
const FAST = { startsPerMinute: 6_000, startsPerMinutePerGateway: 6_000, canaryShare: 0 } as const;

async function started(count: number, settings: Partial<CampaignSettings> = {}) {
  const rig = new CampaignRig(new Fleet(count));
  const { id } = await rig.create({ ...FAST, ...settings });
  await rig.ticks(3);
  assert.equal(rig.fleet.starts.length, count);
  return { rig, id };
}

describe("an attempt of a campaign that failed", () => {
  it("is not made again when an operator has ended it", async () => {
    const { rig, id } = await started(1, { retryAfterMs: 1_000 });
    rig.fleet.end(devEuiOf(0), "aborted");
    await rig.ticks(5);
    const [member] = rig.members(id);
    assert.deepEqual([member?.state, member?.reason, member?.attempts], ["failed", "aborted", 1]);
    assert.equal(rig.fleet.starts.length, 1);
  });

  it("is made again after a week at the latest, however often it has failed", async () => {
    const { rig, id } = await started(1, { retryAfterMs: WEEK / 2, maxAttempts: 100 });
    for (const waitMs of [WEEK / 2, WEEK, WEEK, WEEK]) {
      rig.fleet.end(devEuiOf(0), "busy");
      await rig.ticks(1);
      assert.equal((rig.members(id)[0]?.nextAttemptAt ?? 0) - rig.fleet.clock.time, waitMs);
      rig.fleet.clock.time += waitMs;
      await rig.ticks(1);
    }
    assert.equal(rig.fleet.starts.length, 5);
  });

  it("does not count when there was no time to make it", async () => {
    const rig = new CampaignRig(new Fleet(3));
    const { id } = await rig.create({ ...FAST });
    await rig.ticks(2);
    const { store, clock } = rig.fleet;
    const saveMembers = store.saveMembers.bind(store);
    store.saveMembers = (...args) => {
      store.saveMembers = saveMembers;
      // Nearly as long as the lease of the campaign.
      clock.time += 20_000;
      return saveMembers(...args);
    };
    await rig.ticks(1);
    const standing = () => rig.members(id).map(({ state, attempts }) => `${state} ${attempts}`);
    assert.deepEqual(standing(), ["waiting 0", "waiting 0", "waiting 0"]);
    assert.equal(store.saveMembers, saveMembers, "they were about to be started");
    await rig.ticks(1);
    assert.deepEqual(standing(), ["under-way 1", "under-way 1", "under-way 1"]);
  });
});

describe("a request that no carrier takes", () => {
  it("is not handed over while the campaign is paused, or outside its windows", async () => {
    const rig = new CampaignRig(new Fleet(1));
    rig.fleet.isReachable = false;
    // The clock of the fleet is at noon.
    const windows = [{ fromMinute: 12 * 60, toMinute: 12 * 60 + 10, weekdays: [] }];
    const { id } = await rig.create({ ...FAST, windows });
    await rig.ticks(2);
    await rig.administration.pause(id, ACTOR);
    await rig.ticks(300);
    assert.equal(rig.fleet.deliveries.length, 0);
    await rig.administration.resume(id, ACTOR);
    await rig.ticks(200);
    assert.ok(rig.fleet.deliveries.length > 0);
    rig.fleet.clock.time += 10 * MINUTE;
    const { length } = rig.fleet.deliveries;
    await rig.ticks(600);
    assert.equal(rig.fleet.deliveries.length, length);
  });

  it("counts as a start does: together they keep to the rate", async () => {
    const rig = new CampaignRig(new Fleet(60));
    rig.fleet.isReachable = false;
    await rig.create({ ...FAST, startsPerMinute: 60 });
    await rig.ticks(25);
    assert.ok(rig.fleet.starts.length > 20);
    // As after a process that was held up: all of them are due.
    rig.fleet.clock.time += 10 * MINUTE;
    const before = rig.fleet.starts.length + rig.fleet.deliveries.length;
    for (let tick = 1; tick <= 30; tick++) {
      await rig.ticks(1);
      const since = rig.fleet.starts.length + rig.fleet.deliveries.length - before;
      // Five seconds' worth at once, and one a second.
      assert.ok(since <= 5 + tick, `${since} in ${tick} s`);
    }
    assert.ok(rig.fleet.deliveries.length > 20);
  });
});

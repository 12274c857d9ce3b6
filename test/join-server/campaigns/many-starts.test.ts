import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ACTOR, CampaignRig } from "./support/campaign-rig.ts";
import { Fleet } from "./support/fleet.ts";

const A_THOUSAND_A_SECOND = {
  startsPerMinute: 60_000,
  startsPerMinutePerGateway: 60_000,
  maxUnderWay: 100_000,
  canaryShare: 0,
} as const;

function rigOf(count: number): CampaignRig {
  return new CampaignRig(new Fleet(count));
}

/** Ticks until everything is prepared and the time of the rate has begun. */
async function begun(rig: CampaignRig, count: number): Promise<string> {
  const { id } = await rig.create(A_THOUSAND_A_SECOND);
  for (let tick = 0; rig.members(id).length < count; tick++) {
    assert.ok(tick < 100, "it is not prepared");
    await rig.ticks(1);
  }
  await rig.runner.tick();
  assert.equal(rig.fleet.starts.length, 0);
  return id;
}

describe("a campaign of thousands a minute", () => {
  it("starts in one tick what its rate allows, and no more", async () => {
    const rig = rigOf(2_500);
    await begun(rig, 2_500);
    await rig.ticks(1);
    assert.equal(rig.fleet.starts.length, 1_000);
    await rig.ticks(1);
    assert.equal(rig.fleet.starts.length, 2_000);
    await rig.ticks(1);
    assert.equal(rig.fleet.starts.length, 2_500);
  });

  it("ends with what is under way when somebody pauses it amid a tick", async () => {
    const rig = rigOf(1_000);
    const id = await begun(rig, 1_000);
    let paused: Promise<unknown> | undefined;
    rig.fleet.aroundStart = (_, start) => {
      start();
      if (rig.fleet.starts.length === 250) paused = rig.administration.pause(id, ACTOR);
    };
    await rig.ticks(1);
    await paused;
    assert.equal(rig.campaign(id).state, "paused");
    assert.equal(rig.fleet.starts.length, 400);
    assert.equal(rig.fleet.doubleStarts, 0);
  });

  it("looks at those under way a part at a time, and comes to the last ones too", async () => {
    const rig = rigOf(2_500);
    const id = await begun(rig, 2_500);
    await rig.ticks(3);
    rig.fleet.store.mostLookedAt = 100;
    for (const devEui of rig.fleet.underWay().toSorted().slice(-5)) rig.fleet.end(devEui);
    const updated = () => rig.members(id).filter(({ state }) => state === "updated").length;
    await rig.ticks(2);
    assert.equal(updated(), 0);
    await rig.ticks(1);
    assert.equal(updated(), 5);
    for (const devEui of rig.fleet.underWay().toSorted().slice(0, 5)) rig.fleet.end(devEui);
    await rig.ticks(1);
    assert.equal(updated(), 10);
  });

  it("takes note of all that end, more than one tick looks at", async () => {
    const rig = rigOf(2_500);
    const id = await begun(rig, 2_500);
    await rig.ticks(3);
    const underWay = rig.fleet.underWay();
    assert.equal(underWay.length, 2_500);
    for (const devEui of underWay) rig.fleet.end(devEui);
    await rig.ticks(1);
    const updated = () => rig.members(id).filter(({ state }) => state === "updated").length;
    assert.equal(updated(), 2_000);
    await rig.ticks(1);
    assert.equal(updated(), 2_500);
    await rig.ticks(1);
    assert.equal(rig.campaign(id).state, "finished");
  });
});

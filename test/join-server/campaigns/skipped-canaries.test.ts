import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Device } from "../../../src/join-server/device.ts";
import type { Eui64 } from "../../../src/lorawan/identifiers.ts";
import { ACTOR, CampaignRig } from "./support/campaign-rig.ts";
import { Fleet } from "./support/fleet.ts";

const FAST = { startsPerMinute: 6_000, startsPerMinutePerGateway: 6_000, canaryShare: 0 } as const;

function rigOf(count: number, change?: (index: number) => Partial<Device>): CampaignRig {
  return new CampaignRig(new Fleet(count, change));
}

describe("canaries that are skipped", () => {
  const disableCanaries = (rig: CampaignRig, id: string) => {
    for (const { devEui, isCanary, state } of rig.members(id)) {
      const device = rig.fleet.devices.get(devEui) as Device;
      if (isCanary && state === "waiting") {
        rig.fleet.devices.set(devEui, { ...device, isDisabled: true });
      }
    }
  };

  it("are no canaries: others go first in their place", async () => {
    const rig = rigOf(20);
    const { id } = await rig.create({ ...FAST, canaryShare: 0.0001, startsPaused: true });
    await rig.ticks(2);
    disableCanaries(rig, id);
    await rig.administration.resume(id, ACTOR);
    await rig.ticks(5);
    assert.equal(rig.fleet.starts.length, 1);
    rig.fleet.end(rig.fleet.underWay()[0] as Eui64, "suite-not-supported");
    await rig.ticks(5);
    assert.equal(rig.fleet.starts.length, 1, "the attempt is made again in an hour");
    assert.deepEqual(rig.errors, []);
  });

  it("are replaced by twice as many each time, so that many of them cost little time", async () => {
    const rig = rigOf(500, () => ({ isDisabled: true }));
    const { id } = await rig.create({ ...FAST, canaryShare: 0.0001 });
    await rig.ticks(15);
    assert.equal(rig.campaign(id).state, "finished");
  });

  it("do not hold up a campaign of none but such devices", async () => {
    const rig = rigOf(5, () => ({ isDisabled: true }));
    const { id } = await rig.create({ ...FAST, canaryShare: 0.0001 });
    await rig.ticks(20);
    assert.equal(rig.campaign(id).state, "finished");
    assert.equal(rig.fleet.starts.length, 0);
  });
});

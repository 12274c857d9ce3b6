import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { LEASE_MS } from "../../../src/join-server/campaigns/campaign-runner.ts";
import { listSelection } from "../../../src/join-server/campaigns/new-campaign.ts";
import type { Device } from "../../../src/join-server/device.ts";
import type { Eui64 } from "../../../src/lorawan/identifiers.ts";
import { ACTOR, CampaignRig, SHORTEST_PERIOD_MS } from "./support/campaign-rig.ts";
import { devEuiOf, Fleet } from "./support/fleet.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const FAST = { startsPerMinute: 6_000, startsPerMinutePerGateway: 6_000, canaryShare: 0 } as const;

function rigOf(count: number, change?: (index: number) => Partial<Device>): CampaignRig {
  return new CampaignRig(new Fleet(count, change));
}

describe("canaries", () => {
  it("are drawn from all DevEUIs, about as many as asked for, the same each time", async () => {
    const rig = rigOf(2_000);
    const { id } = await rig.create({ canaryShare: 0.05, startsPaused: true });
    await rig.ticks(2);
    const canaries = rig.members(id).filter(({ isCanary }) => isCanary);
    assert.ok(canaries.length > 60 && canaries.length < 140, `${canaries.length}`);
    const quarters = canaries.map(({ devEui }) =>
      Math.floor((Number(`0x${devEui.slice(8)}`) * 4) / 2_000),
    );
    assert.deepEqual([...new Set(quarters)].toSorted(), [0, 1, 2, 3]);
  });

  it("are one at least", async () => {
    const rig = rigOf(3);
    const { id } = await rig.create({ canaryShare: 0.0001 });
    await rig.ticks(3);
    assert.equal(rig.members(id).filter(({ isCanary }) => isCanary).length, 1);
  });

  it("pause the campaign when they fail, however few they are; resuming lets the others follow", async () => {
    const rig = rigOf(20);
    const { id } = await rig.create({ ...FAST, canaryShare: 0.0001, maxAttempts: 1 });
    await rig.ticks(3);
    const [canary] = rig.fleet.underWay();
    assert.equal(rig.fleet.starts.length, 1);
    rig.fleet.end(canary as Eui64, "busy");
    await rig.ticks(3);
    assert.equal(rig.campaign(id).state, "paused");
    assert.match(rig.campaign(id).pauseReason ?? "", /canaries, 1 of 1 devices have failed/);
    assert.equal(rig.fleet.starts.length, 1);
    await rig.administration.resume(id, ACTOR);
    await rig.ticks(5);
    assert.equal(rig.fleet.starts.length, 20);
    assert.deepEqual(rig.kinds(), ["campaign-started", "campaign-paused", "campaign-resumed"]);
  });
});

describe("a campaign", () => {
  it("is not touched by a process that was held up until another one had brought it to its end", async () => {
    const rig = rigOf(1);
    const { id } = await rig.create({ ...FAST });
    await rig.ticks(2);
    const { store, clock } = rig.fleet;
    const loadDevice = store.loadDevice.bind(store);
    const held = Promise.withResolvers<void>();
    store.loadDevice = async (devEui) => {
      store.loadDevice = loadDevice;
      const device = await loadDevice(devEui);
      await held.promise;
      return device;
    };
    clock.time += 1_000;
    const slowTick = rig.runner.tick();
    for (let turn = 0; turn < 100 && store.loadDevice !== loadDevice; turn++) await nextTurn();
    assert.equal(store.loadDevice, loadDevice, "it is held up");
    clock.time += 31_000;
    rig.runner = rig.newRunner();
    await rig.ticks(3);
    rig.fleet.end(devEuiOf(0));
    await rig.ticks(3);
    assert.equal(rig.campaign(id).state, "finished");
    held.resolve();
    await slowTick;
    assert.equal(rig.members(id)[0]?.state, "updated");
    assert.equal(rig.fleet.starts.length, 1);
  });

  it("goes on at once after a process of the same name, after the lease of another", async () => {
    for (const [first, second, startsAtOnce] of [
      ["data-folder", "data-folder", 1],
      [undefined, undefined, 0],
    ] as const) {
      const rig = rigOf(3);
      rig.runner = rig.newRunner(first);
      await rig.create({ ...FAST, startsPerMinute: 60 });
      await rig.ticks(2);
      const before = rig.fleet.starts.length;
      assert.notEqual(before, 3);
      // The first was killed: it has not given its lease back.
      rig.runner = rig.newRunner(second);
      await rig.ticks(5);
      assert.equal(rig.fleet.starts.length > before ? 1 : 0, startsAtOnce);
      rig.fleet.clock.time += LEASE_MS;
      await rig.ticks(5);
      assert.equal(rig.fleet.starts.length, 3);
    }
  });

  it("starts nothing after the answer to a pause, also when the one before it takes long", async () => {
    const rig = rigOf(10);
    const second = await rig.create({ ...FAST, startsPerMinute: 60 });
    await rig.ticks(1);
    assert.equal(rig.campaign(second.id).state, "running");
    const first = await rig.create({ ...FAST, selection: listSelection([devEuiOf(0)]) });
    await rig.ticks(1);
    // While the one that is looked after first starts its device, somebody pauses the other.
    const saveMembers = rig.fleet.store.saveMembers.bind(rig.fleet.store);
    let pausedAt: number | undefined;
    rig.fleet.store.saveMembers = async (id, members, owner) => {
      if (id === first.id && pausedAt === undefined) {
        await rig.administration.pause(second.id, ACTOR);
        pausedAt = rig.fleet.starts.length;
      }
      return saveMembers(id, members, owner);
    };
    await rig.ticks(5);
    assert.notEqual(pausedAt, undefined);
    const requested = rig.fleet.starts.slice(pausedAt).map(({ requestedBy }) => requestedBy);
    assert.equal(requested.includes(`campaign:${second.id}`), false);
  });

  it("pauses when too many have failed, of enough that are through", async () => {
    const rig = rigOf(100);
    const settings = { maxFailureShare: 0.2, minSettledForPause: 10, maxAttempts: 1 };
    const { id } = await rig.create({ ...FAST, ...settings, maxUnderWay: 5 });
    let ended = 0;
    await rig.ticks(20, () => {
      for (const devEui of rig.fleet.underWay()) {
        ended += 1;
        rig.fleet.end(devEui, ended % 2 === 0 ? "wrong-mics" : undefined);
      }
    });
    assert.equal(rig.campaign(id).state, "paused");
    assert.equal(rig.campaign(id).pauseReason, "5 of 10 devices have failed, more than 20 %");
    assert.equal(rig.fleet.starts.length, 10);
  });

  it("starts nothing outside its windows", async () => {
    const rig = rigOf(3);
    // The clock of the fleet is at noon.
    await rig.create({
      ...FAST,
      windows: [{ fromMinute: 13 * 60, toMinute: 14 * 60, weekdays: [] }],
    });
    await rig.ticks(5);
    assert.equal(rig.fleet.starts.length, 0);
    rig.fleet.clock.time += HOUR;
    await rig.ticks(5);
    assert.equal(rig.fleet.starts.length, 3);
  });

  it("tries again later and twice as late each time, and then says why it has given up", async () => {
    const rig = rigOf(1);
    const { id } = await rig.create({ ...FAST, maxAttempts: 3, retryAfterMs: 10 * MINUTE });
    const begins: number[] = [];
    for (let minute = 0; minute < 60; minute++) {
      await rig.ticks(1);
      for (const devEui of rig.fleet.underWay()) {
        begins.push(minute);
        rig.fleet.end(devEui, "busy");
      }
      rig.fleet.clock.time += MINUTE - 1_000;
    }
    assert.equal(begins.length, 3);
    const [first = 0, second = 0, third = 0] = begins;
    assert.ok(second - first >= 10 && second - first <= 13, `${begins}`);
    assert.ok(third - second >= 20 && third - second <= 23, `${begins}`);
    const [member] = rig.members(id);
    assert.deepEqual([member?.state, member?.reason, member?.attempts], ["failed", "busy", 3]);
  });

  it("gives up an attempt that takes too long, and hands its request over again before that", async () => {
    const rig = rigOf(1);
    const { id } = await rig.create({ ...FAST, maxAttempts: 1, attemptTimeoutMs: HOUR });
    for (let minute = 0; minute < 70; minute++) {
      await rig.ticks(1);
      rig.fleet.clock.time += MINUTE - 1_000;
    }
    const [member] = rig.members(id);
    assert.deepEqual([member?.state, member?.reason], ["failed", "attempt-timeout"]);
    assert.equal(rig.fleet.devices.get(devEuiOf(0))?.rootKeys.update?.reason, "aborted");
    assert.ok(rig.fleet.deliveries.length >= 3 && rig.fleet.deliveries.length <= 6);
  });

  it("hands a request over again soon when no carrier took it", async () => {
    const rig = rigOf(1);
    rig.fleet.isReachable = false;
    await rig.create({ ...FAST });
    await rig.ticks(40);
    assert.equal(rig.fleet.deliveries.length, 1);
  });

  it("waits for the floor of the minimum period, and for no more", async () => {
    const rig = rigOf(1);
    const device = rig.fleet.devices.get(devEuiOf(0)) as Device;
    const updateCommittedAt = rig.fleet.clock.time - MINUTE;
    rig.fleet.devices.set(devEuiOf(0), { ...device, updateCommittedAt });
    await rig.create({ ...FAST });
    await rig.ticks(10);
    assert.equal(rig.fleet.starts.length, 0);
    rig.fleet.clock.time = updateCommittedAt + SHORTEST_PERIOD_MS;
    await rig.ticks(2);
    assert.equal(rig.fleet.starts.length, 1);
  });

  it("takes the update of somebody else for its own when it is of the kind wanted", async () => {
    const rig = rigOf(2);
    rig.fleet.begin(devEuiOf(0), { requestedBy: "operator:somebody", isHealing: true });
    rig.fleet.begin(devEuiOf(1), { requestedBy: "operator:somebody", isHealing: false });
    const { id } = await rig.create({ ...FAST, isHealing: true });
    await rig.ticks(3);
    for (const devEui of rig.fleet.underWay()) rig.fleet.end(devEui);
    await rig.ticks(3);
    assert.deepEqual(
      rig.members(id).map(({ state }) => state),
      ["updated", "waiting"],
    );
  });

  it("lists what it leaves out: unknown, disabled and newer devices", async () => {
    const rig = rigOf(3, (index) => ({ isDisabled: index === 1 }));
    const newer = rig.fleet.devices.get(devEuiOf(2)) as Device;
    rig.fleet.devices.set(devEuiOf(2), {
      ...newer,
      rootKeys: { ...newer.rootKeys, generation: 4 },
    });
    const selection = listSelection([0, 1, 2, 3, 0].map(devEuiOf));
    const { id } = await rig.create({ ...FAST, selection, generationAtMost: 3 });
    await rig.ticks(3);
    assert.deepEqual(
      rig.members(id).map(({ state, reason }) => reason ?? state),
      ["under-way", "device-disabled", "generation-newer", "device-unknown"],
    );
    const kept = rig.campaign(id).settings.selection;
    assert.deepEqual(kept.kind === "list" && [kept.count, kept.devEuis], [4, []]);
  });

  it("that is aborted starts no more and waits for what is under way, or ends it", async () => {
    for (const abortsUpdates of [false, true]) {
      const rig = rigOf(10);
      const { id } = await rig.create({ ...FAST, maxUnderWay: 4 });
      await rig.ticks(3);
      await rig.administration.abort(id, { abortsUpdates }, ACTOR);
      await rig.ticks(3);
      const states = rig.members(id).map(({ state }) => state);
      assert.equal(states.filter((state) => state === "skipped").length, 6);
      assert.equal(rig.fleet.underWay().length, abortsUpdates ? 0 : 4);
      for (const devEui of rig.fleet.underWay()) rig.fleet.end(devEui);
      await rig.ticks(2);
      assert.notEqual(rig.campaign(id).endedAt, undefined);
      assert.equal(rig.fleet.starts.length, 4);
    }
  });

  it("is run by one process at a time, and taken over when that has stopped", async () => {
    const rig = rigOf(4);
    const { id } = await rig.create({ ...FAST, maxUnderWay: 1 });
    await rig.ticks(3);
    const second = rig.newRunner();
    for (const devEui of rig.fleet.underWay()) rig.fleet.end(devEui);
    await second.tick();
    assert.equal(rig.fleet.starts.length, 1, "the first one has it");
    await rig.runner.close();
    rig.runner = second;
    await rig.ticks(4);
    assert.equal(rig.fleet.starts.length, 2);
    assert.equal(rig.campaign(id).state, "running");
  });

  it("estimates its end from its rate", async () => {
    const rig = rigOf(120);
    const { id } = await rig.create({ ...FAST, startsPerMinute: 12 });
    await rig.ticks(300, () => {
      for (const devEui of rig.fleet.underWay()) rig.fleet.end(devEui);
    });
    const progress = await rig.administration.progress(rig.campaign(id));
    const { ratePerMinute = 0, estimatedEndAt = 0, counts, total } = progress;
    assert.equal(total, 120);
    assert.ok(ratePerMinute > 10 && ratePerMinute < 14, `${ratePerMinute}`);
    const leftMinutes = (estimatedEndAt - rig.fleet.clock.time) / MINUTE;
    assert.ok(Math.abs(leftMinutes - counts.waiting / 12) < 2, `${leftMinutes}`);
  });
});

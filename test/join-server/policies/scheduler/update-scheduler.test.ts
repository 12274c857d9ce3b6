import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { systemRandomBytes } from "../../../../src/crypto/random.ts";
import { WarrenError } from "../../../../src/errors.ts";
import { type Device, generationSince } from "../../../../src/join-server/device.ts";
import { PolicyBook } from "../../../../src/join-server/policies/policy-book.ts";
import { UpdateScheduler } from "../../../../src/join-server/policies/scheduler/update-scheduler.ts";
import type { UpdatePolicySettings } from "../../../../src/join-server/policies/update-policy-settings.ts";
import type { DevEuiPage, DueQuery } from "../../../../src/join-server/ports/device-store.ts";
import type { DeviceProfile } from "../../../../src/join-server/ports/policy-store.ts";
import type { UpdateAttempt } from "../../../../src/join-server/root-key-updates/update-attempt.ts";
import { isUnderWay } from "../../../../src/join-server/root-key-updates/update-policy.ts";
import type {
  StartedUpdate,
  UpdateOrder,
  UpdateStarter,
} from "../../../../src/join-server/root-key-updates/update-starter.ts";
import { type Eui64, parseEui64 } from "../../../../src/lorawan/identifiers.ts";
import { startUpdate } from "../../../../src/root-key/server-update.ts";
import { captureLog } from "../../../support/log-capture.ts";
import { deviceForPolicies } from "../support.ts";

const DAY_MS = 86_400_000;
const SWEEP_MS = 300_000;

/** Devices in memory, found as the port says, and a starter that takes note. */
class World implements UpdateStarter {
  now = Date.parse("2026-06-01T00:00:00Z");
  readonly devices = new Map<Eui64, Device>();
  allDevices: UpdatePolicySettings = {};
  profiles: DeviceProfile[] = [];
  readonly starts: { devEui: Eui64; at: number; order: UpdateOrder }[] = [];
  readonly delivered: Eui64[] = [];
  readonly log = captureLog();
  /** Error codes of devices that cannot be started. */
  readonly refusals = new Map<Eui64, "update-not-deliverable" | "storage-failed">();
  slept = 0;
  readonly #sleepers: { readonly until: number; readonly wake: () => void }[] = [];

  readonly clock = { now: () => this.now };

  add(count: number, members: Partial<Device> = {}): Eui64[] {
    return Array.from({ length: count }, () => {
      const devEui = parseEui64((this.devices.size + 1).toString(16).padStart(16, "0"));
      this.devices.set(devEui, { ...deviceForPolicies(members), devEui });
      return devEui;
    });
  }

  scheduler(startsPerMinute = 1_000_000): UpdateScheduler {
    const policies = new PolicyBook({
      store: {
        loadUpdatePolicy: () => Promise.resolve(this.allDevices),
        listDeviceProfiles: () => Promise.resolve(this.profiles),
      },
      clock: this.clock,
      logger: this.log.logger,
    });
    return new UpdateScheduler({
      store: {
        findDueDevices: (query, limit, after) => Promise.resolve(this.#due(query, limit, after)),
        findStuckDevices: ({ startedAtMost = -1 }) => Promise.resolve(this.#stuck(startedAtMost)),
        loadDevice: (devEui) => Promise.resolve(this.devices.get(devEui)),
      },
      policies,
      starter: this,
      clock: this.clock,
      logger: this.log.logger,
      sweepMs: SWEEP_MS,
      startsPerMinute,
      sleep: (ms) => this.#sleep(ms),
    });
  }

  start(devEui: Eui64, order: UpdateOrder): Promise<StartedUpdate> {
    const refusal = this.refusals.get(devEui);
    if (refusal !== undefined) return Promise.reject(new WarrenError(refusal, "refused"));
    const stored = this.devices.get(devEui) as Device;
    const isNew = !isUnderWay(stored);
    this.starts.push({ devEui, at: this.now, order });
    const options = {
      suite: stored.suite,
      isHealing: false,
      random: systemRandomBytes,
      allowRabbitSplit: false,
    };
    const device = isNew
      ? {
          ...stored,
          rootKeys: startUpdate(stored.rootKeys, options).state,
          updateStartedAt: this.now,
        }
      : stored;
    this.devices.set(devEui, device);
    return Promise.resolve({ device, updateId: 1, isNew, isDelivered: true });
  }

  deliver(devEui: Eui64): Promise<boolean> {
    this.delivered.push(devEui);
    return Promise.resolve(true);
  }

  abort(): Promise<Device> {
    throw new TypeError("no policy aborts");
  }

  /** Who sleeps shortest wakes first, and it is that time then. */
  async #sleep(ms: number): Promise<void> {
    await new Promise<void>((wake) => {
      this.#sleepers.push({ until: this.now + ms, wake });
      this.#sleepers.sort((one, other) => one.until - other.until);
      setImmediate(() => {
        const first = this.#sleepers.shift();
        if (first === undefined) return;
        this.slept += Math.max(0, first.until - this.now);
        this.now = Math.max(this.now, first.until);
        first.wake();
      });
    });
  }

  #due(query: DueQuery, limit: number, after = ""): Eui64[] {
    const { deviceProfile, hasOwnPolicy } = query;
    return [...this.devices.values()]
      .filter((device) => device.devEui > after && !device.isDisabled && !isUnderWay(device))
      .filter(
        (device) =>
          (typeof deviceProfile === "string"
            ? device.deviceProfile === deviceProfile
            : !deviceProfile.noneOf.includes(device.deviceProfile)) &&
          Object.keys(device.updatePolicy).length > 0 === hasOwnPolicy &&
          (device.updateNotBefore ?? 0) <= query.now,
      )
      .filter(
        (device) =>
          hasOwnPolicy ||
          generationSince(device) <= (query.generationSinceAtMost ?? -1) ||
          device.generationSessions >= (query.generationSessionsAtLeast ?? Number.MAX_VALUE) ||
          (query.isUpdateWanted === true && device.updateWanted !== undefined),
      )
      .slice(0, limit)
      .map(({ devEui }) => devEui);
  }

  #stuck(startedAtMost: number): DevEuiPage {
    const devices = [...this.devices.values()].filter(
      (device) => isUnderWay(device) && (device.updateStartedAt ?? 0) <= startedAtMost,
    );
    return { devEuis: devices.map(({ devEui }) => devEui), next: undefined };
  }

  startedBy(devEui: Eui64): string | undefined {
    return this.starts.find((start) => start.devEui === devEui)?.order.requestedBy;
  }
}

describe("the scheduler of update policies", () => {
  it("starts what the policy of each level wants, and says why", async () => {
    const world = new World();
    world.allDevices = { maxAgeMs: 90 * DAY_MS };
    world.profiles = [
      { name: "meters", description: "", updatePolicy: { maxAgeMs: null, maxSessions: 10 } },
    ];
    const [byAge] = world.add(1);
    const [unknownProfile] = world.add(1, { deviceProfile: "gone" });
    const [meter] = world.add(1, { deviceProfile: "meters" });
    const [busyMeter] = world.add(1, { deviceProfile: "meters", generationSessions: 10 });
    const [own] = world.add(1, { updatePolicy: { triggers: ["tampering"] } });
    const [never] = world.add(1, { updatePolicy: { maxAgeMs: null } });
    const [ownTampered] = world.add(1, {
      updatePolicy: { maxAgeMs: null, triggers: ["tampering"] },
      updateWanted: "tampering",
    });
    const [young] = world.add(1, { updateCommittedAt: world.now - DAY_MS });
    await world.scheduler().sweep();
    assert.deepEqual(
      [byAge, unknownProfile, meter, busyMeter, own, never, ownTampered, young].map((devEui) =>
        world.startedBy(devEui as Eui64),
      ),
      [
        ...["policy:age", "policy:age", undefined, "policy:sessions"],
        ...["policy:age", undefined, "policy:tampering", undefined],
      ],
    );
    assert.ok(world.starts.every(({ order }) => order.respectsMinimumPeriod));
  });

  it("starts none before its time, and none that is switched off", async () => {
    const world = new World();
    world.allDevices = { maxSessions: 1, minimumPeriodMs: 7 * DAY_MS };
    const many = { generationSessions: 5 };
    const [recent] = world.add(1, { ...many, updateCommittedAt: world.now - 7 * DAY_MS + 1 });
    world.add(1, { ...many, isDisabled: true });
    const [backedOff] = world.add(1, { ...many, updateNotBefore: world.now + DAY_MS });
    const scheduler = world.scheduler();
    await scheduler.sweep();
    assert.deepEqual(world.starts, []);
    world.now += DAY_MS;
    await scheduler.sweep();
    assert.deepEqual(
      new Set(world.starts.map(({ devEui }) => devEui)),
      new Set([recent, backedOff]),
    );
  });

  it("looks at the same devices again after a while only", async () => {
    const world = new World();
    world.allDevices = { maxAgeMs: DAY_MS };
    const scheduler = world.scheduler();
    await scheduler.sweep();
    world.add(1);
    await scheduler.sweep();
    assert.equal(world.starts.length, 0);
    world.now += SWEEP_MS;
    await scheduler.sweep();
    assert.equal(world.starts.length, 1);
  });

  it("starts every device of many pages once, evenly and not more in a minute than it may", async () => {
    const world = new World();
    world.allDevices = { maxAgeMs: DAY_MS };
    const all = world.add(300);
    await world.scheduler(60).sweep();
    assert.equal(new Set(world.starts.map(({ devEui }) => devEui)).size, all.length);
    assert.equal(world.starts.length, all.length);
    for (const { at } of world.starts) {
      const inMinute = world.starts.filter((start) => start.at >= at && start.at < at + 60_000);
      assert.ok(inMinute.length <= 61, `${inMinute.length} in a minute`);
    }
  });

  it("does not let many devices of one kind hold up a tampered one", async () => {
    const world = new World();
    world.allDevices = { maxAgeMs: DAY_MS };
    world.profiles = [
      { name: "locks", description: "", updatePolicy: { triggers: ["tampering"] } },
    ];
    world.add(1_000);
    const [lock] = world.add(1, {
      deviceProfile: "locks",
      updateWanted: "tampering",
      createdAt: world.now,
    });
    await world.scheduler(60).sweep();
    assert.equal(world.starts.length, 1_001);
    assert.ok(world.starts.findIndex(({ devEui }) => devEui === lock) < 100);
  });

  it("goes on behind devices that cannot be started, and tells how many", async () => {
    const world = new World();
    world.allDevices = { maxAgeMs: DAY_MS };
    for (const devEui of world.add(100)) world.refusals.set(devEui, "update-not-deliverable");
    const [last] = world.add(1);
    await world.scheduler(60).sweep();
    assert.equal(world.startedBy(last as Eui64), "policy:age");
    // Refusals cost no starts.
    assert.ok(world.slept < 30_000, `${world.slept} ms`);
    const told = world.log.lines.find((line) => line.includes("policy-sweep")) ?? "";
    assert.match(told, /"started":1,"refused":\{"update-not-deliverable":100\}/);
  });

  it("goes on after the database was away", async () => {
    const world = new World();
    world.allDevices = { maxAgeMs: DAY_MS };
    const [devEui] = world.add(1);
    world.refusals.set(devEui as Eui64, "storage-failed");
    const scheduler = world.scheduler();
    await assert.rejects(scheduler.sweep(), /refused/);
    world.refusals.clear();
    await scheduler.sweep();
    assert.equal(world.starts.length, 1);
  });

  it("starts no more once the policy has been taken back, also of a page that waits for its turn", async () => {
    const world = new World();
    world.allDevices = { maxAgeMs: DAY_MS };
    world.add(60);
    const sweeping = world.scheduler(1).sweep();
    while (world.starts.length < 3) await nextTurn();
    world.allDevices = {};
    await sweeping;
    // Those whose turn came at the same moment had begun.
    assert.ok(world.starts.length <= 16, `${world.starts.length} starts`);
  });

  it("goes on when the clock was years ahead and is set right", async () => {
    const world = new World();
    world.allDevices = { maxAgeMs: DAY_MS };
    world.add(10);
    const scheduler = world.scheduler(60);
    await scheduler.sweep();
    world.now -= 1_000 * DAY_MS;
    const [later] = world.add(1);
    const [waiting] = world.add(1, { createdAt: world.now - 5 * DAY_MS });
    await scheduler.sweep();
    assert.equal(world.startedBy(waiting as Eui64), "policy:age");
    assert.equal(world.startedBy(later as Eui64), undefined);
    assert.ok(world.slept < 120_000, `${world.slept} ms`);
  });

  it("starts none at all with 0 per minute", async () => {
    const world = new World();
    world.allDevices = { maxAgeMs: DAY_MS };
    world.add(1);
    await world.scheduler(0).sweep();
    assert.equal(world.starts.length, 0);
  });
});

describe("requests that wait for their carrier", () => {
  const attemptOf = (requestedBy: string, last: UpdateAttempt["steps"][number]["kind"]) =>
    ({ requestedBy, steps: [{ at: 0, kind: last }] }) as unknown as UpdateAttempt;

  it("are handed over again, but not those of campaigns and those that were taken", async () => {
    const world = new World();
    const devEuis = world.add(5);
    const attempts = [
      attemptOf("policy:age", "request-not-delivered"),
      attemptOf("operator:cli", "started"),
      attemptOf("campaign:1", "request-not-delivered"),
      attemptOf("policy:age", "request-handed-over"),
      attemptOf("policy:age", "accepted"),
    ];
    for (const [index, devEui] of devEuis.entries()) {
      await world.start(devEui, { requestedBy: "policy:age", respectsMinimumPeriod: true });
      const device = world.devices.get(devEui) as Device;
      world.devices.set(devEui, { ...device, attempt: attempts[index] });
    }
    const scheduler = world.scheduler();
    await scheduler.sweep();
    assert.deepEqual(world.delivered, [], "just started");
    world.now += SWEEP_MS;
    await scheduler.sweep();
    assert.deepEqual(world.delivered, devEuis.slice(0, 2));
    world.now -= 1_000 * SWEEP_MS;
    for (const devEui of devEuis) {
      const device = world.devices.get(devEui) as Device;
      world.devices.set(devEui, { ...device, updateStartedAt: world.now - SWEEP_MS });
    }
    await scheduler.sweep();
    assert.equal(world.delivered.length, 4, "the clock was set back");
  });
});

describe("the scheduler as a task", () => {
  it("works by itself and stops at once", async () => {
    const world = new World();
    world.allDevices = { maxAgeMs: DAY_MS };
    world.add(3);
    const scheduler = world.scheduler();
    scheduler.start();
    while (world.starts.length < 3) await nextTurn();
    await scheduler.close();
    const { slept } = world;
    for (let turn = 0; turn < 10; turn++) await nextTurn();
    assert.equal(world.slept, slept);
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { WarrenError } from "../../../src/errors.ts";
import { LEASE_MS } from "../../../src/join-server/campaigns/campaign-runner.ts";
import type { Eui64 } from "../../../src/lorawan/identifiers.ts";
import type { UpdateFailure } from "../../../src/root-key/server-state.ts";
import { ACTOR, CampaignRig } from "./support/campaign-rig.ts";
import { Fleet } from "./support/fleet.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** The process is gone. */
class Killed extends Error {}

type Step =
  | { readonly kind: "tick"; readonly seconds: number }
  /** A process that is killed at its n-th write, before it or after it. */
  | {
      readonly kind: "kill";
      readonly atWrite: number;
      readonly isAfter: boolean;
      readonly seconds: number;
    }
  | { readonly kind: "storage-fails"; readonly atWrite: number }
  | { readonly kind: "ends"; readonly which: number; readonly reason: UpdateFailure | undefined }
  | { readonly kind: "foreign-start"; readonly which: number }
  | { readonly kind: "disable" | "delete"; readonly which: number }
  | { readonly kind: "unreachable"; readonly isReachable: boolean }
  | { readonly kind: "pause" | "resume" };

const which = fc.nat(1_000);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant("tick" as const),
      seconds: fc.integer({ min: 1, max: 120 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("kill" as const),
      atWrite: fc.nat(4),
      isAfter: fc.boolean(),
      seconds: fc.integer({ min: 1, max: 120 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("storage-fails" as const), atWrite: fc.nat(4) }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant("ends" as const),
      which,
      reason: fc.constantFrom<UpdateFailure | undefined>(
        undefined,
        undefined,
        "busy",
        "expired",
        "wrong-mics",
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("foreign-start" as const), which }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom("disable" as const, "delete" as const), which }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("unreachable" as const), isReachable: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom("pause" as const, "resume" as const) }),
  },
);

const world = fc.record({
  count: fc.integer({ min: 1, max: 30 }),
  gateways: fc.integer({ min: 0, max: 3 }),
  startsPerMinute: fc.constantFrom(1, 7, 60, 600),
  startsPerMinutePerGateway: fc.constantFrom(1, 6, 60),
  maxUnderWay: fc.constantFrom(1, 5, 100),
  canaryShare: fc.constantFrom(0, 0.01, 0.2, 1),
  maxFailureShare: fc.constantFrom(0.1, 1),
  maxAttempts: fc.integer({ min: 1, max: 3 }),
  steps: fc.array(step, { maxLength: 60 }),
});
type World = typeof world extends fc.Arbitrary<infer W> ? W : never;

class Model {
  readonly fleet: Fleet;
  readonly rig: CampaignRig;
  readonly #world: World;
  readonly #deleted = new Set<Eui64>();
  id = "";
  #writes = 0;
  #isEndUntold = false;
  #failAt:
    | { readonly write: number; readonly isAfter: boolean; readonly error: () => Error }
    | undefined;

  constructor(given: World) {
    this.#world = given;
    this.fleet = new Fleet(given.count, (index) => ({
      ...(given.gateways > 0 &&
        index % 4 !== 0 && { lastGatewayId: `aa${index % given.gateways}` as Eui64 }),
    }));
    this.rig = new CampaignRig(this.fleet);
    this.fleet.store.around = (write) => this.#guarded(write);
    this.fleet.aroundStart = (_, start) => {
      this.#checkCanaryOrder(_);
      this.#guarded(start);
    };
  }

  async run(): Promise<void> {
    const { count: _, gateways: __, steps, ...settings } = this.#world;
    this.id = (
      await this.rig.create({
        ...settings,
        minSettledForPause: 3,
        retryAfterMs: MINUTE,
        attemptTimeoutMs: 30 * MINUTE,
      })
    ).id;
    for (const one of steps) {
      await this.#step(one);
      this.#checkAlways();
    }
    await this.#toTheEnd();
    this.#checkEnd();
  }

  async #step(one: Step): Promise<void> {
    switch (one.kind) {
      case "tick":
        return this.#tick(one.seconds * SECOND);
      case "kill":
        return this.#kill(one);
      case "storage-fails": {
        const error = () => new WarrenError("storage-failed", "the disk is full");
        this.#failAt = { write: this.#writes + one.atWrite, isAfter: false, error };
        await this.#tick(SECOND);
        this.#failAt = undefined;
        return;
      }
      case "pause":
      case "resume":
        await this.rig.administration[one.kind](this.id, ACTOR).catch(ignoreEnded);
        return;
      default:
        return this.#outside(one);
    }
  }

  async #kill({ atWrite, isAfter, seconds }: Extract<Step, { kind: "kill" }>): Promise<void> {
    this.#failAt = { write: this.#writes + atWrite, isAfter, error: () => new Killed() };
    await this.#tick(seconds * SECOND);
    // Events are told after the write that they are of: who is killed in between has not told the end.
    this.#isEndUntold ||= this.#campaign().endedAt !== undefined && this.#endsTold() === 0;
    // A killed process writes nothing more, and another one waits for its lease.
    this.#failAt = undefined;
    this.rig.runner = this.rig.newRunner();
    await this.#tick(SECOND);
    this.fleet.clock.time += LEASE_MS;
  }

  #outside(
    one: Exclude<Step, { kind: "tick" | "kill" | "storage-fails" | "pause" | "resume" }>,
  ): void {
    if (one.kind === "unreachable") {
      this.fleet.isReachable = one.isReachable;
      return;
    }
    const candidates = one.kind === "ends" ? this.fleet.underWay() : [...this.fleet.devices.keys()];
    const devEui = candidates[one.which % Math.max(1, candidates.length)];
    if (devEui === undefined) return;
    if (one.kind === "ends") this.fleet.end(devEui, one.reason);
    else if (one.kind === "foreign-start") {
      if (!this.fleet.underWay().includes(devEui)) {
        this.fleet.begin(devEui, { requestedBy: "operator:somebody" });
      }
    } else if (one.kind === "delete") {
      this.fleet.devices.delete(devEui);
      this.#deleted.add(devEui);
    } else {
      const device = this.fleet.devices.get(devEui);
      if (device) this.fleet.devices.set(devEui, { ...device, isDisabled: true });
    }
  }

  async #tick(ms: number): Promise<void> {
    this.fleet.clock.time += ms;
    await this.rig.runner.tick().catch((error: unknown) => {
      if (!(error instanceof Killed) && !(error instanceof WarrenError)) throw error;
    });
  }

  /** From now on the network is fair, and an operator lets the campaign go on whenever it pauses. */
  async #toTheEnd(): Promise<void> {
    this.fleet.isReachable = true;
    for (let round = 0; round < 3_000 && this.#campaign().endedAt === undefined; round++) {
      await this.rig.administration.resume(this.id, ACTOR).catch(ignoreEnded);
      for (const devEui of this.fleet.underWay()) this.fleet.end(devEui);
      await this.#tick(5 * MINUTE);
      this.#checkAlways();
    }
  }

  #guarded(write: () => void): void {
    const failure = this.#failAt;
    const isReached = failure !== undefined && this.#writes >= failure.write;
    this.#writes += 1;
    if (!isReached) {
      write();
      return;
    }
    // Once dead, always dead; only the first write may still have come through.
    if (failure.isAfter && this.#writes - 1 === failure.write) write();
    throw failure.error();
  }

  #checkCanaryOrder(devEui: Eui64): void {
    const members = this.rig.members(this.id);
    const member = members.find((one) => one.devEui === devEui);
    if (member === undefined || member.isCanary) return;
    const open = members.filter(
      ({ isCanary, state }) => isCanary && (state === "waiting" || state === "under-way"),
    );
    assert.deepEqual(open, [], `${devEui} before the canaries are through`);
  }

  #checkAlways(): void {
    const { maxUnderWay, startsPerMinute, startsPerMinutePerGateway } = this.#world;
    const members = this.rig.members(this.id);
    const underWay = members.filter(({ state }) => state === "under-way");
    assert.ok(underWay.length <= maxUnderWay, `${underWay.length} under way`);
    assert.equal(this.fleet.doubleStarts, 0);
    const ours = this.fleet.starts.filter(({ requestedBy }) => requestedBy.startsWith("campaign:"));
    checkRate(ours, startsPerMinute);
    for (const gatewayId of new Set(ours.map((start) => start.gatewayId))) {
      if (gatewayId === undefined) continue;
      checkRate(
        ours.filter((start) => start.gatewayId === gatewayId),
        startsPerMinutePerGateway,
      );
    }
  }

  #checkEnd(): void {
    const campaign = this.#campaign();
    assert.equal(campaign.state, "finished", JSON.stringify([campaign, this.rig.members(this.id)]));
    const members = this.rig.members(this.id);
    // Whoever was deleted before the set was fixed is not in it.
    const expected = [...this.fleet.devices.keys()].filter((devEui) => !this.#deleted.has(devEui));
    for (const devEui of expected) assert.ok(members.some((member) => member.devEui === devEui));
    for (const { devEui, state, reason, attempts, endedAt } of members) {
      assert.ok(["updated", "failed", "skipped"].includes(state), state);
      assert.notEqual(endedAt, undefined);
      assert.ok(attempts <= this.#world.maxAttempts, `${attempts} attempts`);
      if (state !== "updated") assert.notEqual(reason, undefined);
      const device = this.fleet.devices.get(devEui);
      if (state === "updated" && device)
        assert.ok((device.updateCommittedAt ?? 0) >= campaign.createdAt);
      const ended = this.fleet.history.get(devEui) ?? [];
      if (state === "failed") assert.ok(ended.length >= this.#world.maxAttempts, "given up early");
      const committed = ended.filter(
        ({ outcome, requestedBy }) =>
          outcome === "committed" && requestedBy.startsWith("campaign:"),
      );
      assert.ok(committed.length <= 1, "updated twice");
      if (state === "skipped") assert.ok(device === undefined || device.isDisabled, reason);
    }
    assert.equal(this.#endsTold(), this.#isEndUntold ? 0 : 1);
  }

  #endsTold(): number {
    return this.rig.kinds().filter((kind) => kind === "campaign-finished").length;
  }

  #campaign() {
    return this.rig.campaign(this.id);
  }
}

function checkRate(starts: readonly { readonly at: number }[], perMinute: number): void {
  const burst = Math.max(1, Math.floor((perMinute * 5) / 60));
  for (const { at } of starts) {
    const inMinute = starts.filter((other) => other.at > at - MINUTE && other.at <= at).length;
    assert.ok(inMinute <= perMinute + burst, `${inMinute} starts in a minute of ${perMinute}`);
  }
}

function ignoreEnded(error: unknown): void {
  if (!(error instanceof WarrenError) || error.code !== "campaign-not-allowed") throw error;
}

test("who is killed between the last write and its event has not told the end", async () => {
  const kill = { kind: "kill", atWrite: 0, isAfter: true, seconds: 1 } as const;
  await new Model({
    ...{ count: 1, gateways: 0, startsPerMinute: 1, startsPerMinutePerGateway: 1, maxUnderWay: 1 },
    ...{ canaryShare: 0, maxFailureShare: 0.1, maxAttempts: 1 },
    steps: [{ kind: "delete", which: 0 }, kill, kill],
  }).run();
});

test("whatever happens and whoever is killed when, each device is started once at a time and listed at the end", async () => {
  await fc.assert(
    fc.asyncProperty(world, (given) => new Model(given).run()),
    { numRuns: 300 },
  );
});

import assert from "node:assert/strict";
import { env } from "node:process";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { formatHex } from "../../../src/lorawan/hex.ts";
import { equalRootKeys } from "../../../src/root-key/root-keys.ts";
import { type Json, NET_ID, useJoinServer } from "../../support/join-server-rig.ts";
import { findKey } from "../../support/key-search.ts";
import { HostileNetworkServer, mutate } from "./hostile-network-server.ts";
import { type Kind, Victim } from "./victim.ts";

/** More for a longer search: `WARREN_HOSTILE_RUNS=500 WARREN_HOSTILE_SEED=$RANDOM`. */
const RUNS = Number(env["WARREN_HOSTILE_RUNS"] ?? 6);
const SEED = Number(env["WARREN_HOSTILE_SEED"] ?? 2018);
const EXPIRY_MS = 86_400_000;
const ATTEMPT_PERIOD_MS = 2_048_000;

const KINDS: Record<string, Kind> = {
  // Join-accepts are not bound to what they answer, and JoinNonce is a random number to the device.
  "1.0.3": { macVersion: "1.0.3", optNeg: false },
  "1.0.4": { macVersion: "1.0.4", optNeg: false },
  "1.1 in a 1.0 network": { macVersion: "1.1.0", optNeg: false },
  "1.1": { macVersion: "1.1.0", optNeg: true },
};

const rig = useJoinServer({
  updatePolicy: {
    expiryMs: EXPIRY_MS,
    attemptPeriodMs: ATTEMPT_PERIOD_MS,
    allowRabbitSplit: false,
    shortestPeriodMs: 0,
  },
});
let url = "";
before(async () => {
  url = await rig.backend.listen({ host: "127.0.0.1", port: 0 });
  const kek = formatHex(new Uint8Array(rig.nsKek.export()));
  const relay = { url: "http://127.0.0.1:9", relaysRootKeyUpdates: true };
  await rig.put(`network-servers/${NET_ID}`, { ...relay, kekLabel: "ns:kek", kek });
});
after(() => rig.backend.close());

/** What has come about in all runs of a kind: a search that reaches nothing shows nothing. */
interface Reached {
  commits: number;
  failures: number;
  replaysTaken: number;
  rejoinsForged: number;
}

/** One device and its Network Server. */
class World {
  readonly victim: Victim;
  readonly hostile: HostileNetworkServer;
  readonly bornAt = rig.clock.time;
  ordersGiven = 0;

  constructor(kind: Kind) {
    this.victim = new Victim(kind);
    this.hostile = new HostileNetworkServer(url, rig, this.victim);
  }

  async stored() {
    const device = await rig.store.loadDevice(this.victim.device.devEui);
    assert.ok(device !== undefined);
    return device;
  }

  async order(isHealing: boolean): Promise<void> {
    const { devEui } = this.victim.device;
    const { status, body } = await rig.call("POST", `devices/${devEui}/root-key-update`, {
      isHealing,
    });
    if (status !== 202) return;
    if (body["isNew"] === true) this.ordersGiven++;
    const handedOver = rig.deliveries.findLast((delivery) => delivery.devEui === devEui);
    this.hostile.take(handedOver?.macCommand);
  }

  /** The Join Server's keys are the device's current ones or those it is ready to join with. */
  async checkInvariant(): Promise<void> {
    const { rootKeys } = await this.stored();
    const { currentKeys, candidate } = this.victim.device.update;
    const isCurrent = equalRootKeys(rootKeys.currentKeys, currentKeys);
    const isConfirmed =
      candidate?.isConfirmed === true && equalRootKeys(rootKeys.currentKeys, candidate.keys);
    assert.ok(isCurrent || isConfirmed, "the device is lost");
  }

  /** What it can use up is bounded by what the device and people do, and by time. */
  async checkCosts(): Promise<void> {
    const { rootKeys, joinNonce } = await this.stored();
    const attempts = Math.floor((rig.clock.time - this.bornAt) / ATTEMPT_PERIOD_MS) + 1;
    assert.ok(rootKeys.lastUpdateId <= this.ordersGiven + attempts);
    assert.ok(joinNonce <= this.victim.joinsAsked + this.hostile.rejoinsForged);
  }

  checkSecrets(): void {
    const given = this.hostile.given.join(" ");
    assert.equal(findKey(given, this.victim.secrets), undefined);
    const { session } = this.victim.device;
    // A search that finds nothing must be able to find: its own session keys it has.
    if (session !== undefined) assert.ok(findKey(given, [session.fNwkSIntKey]) !== undefined);
  }
}

type Act = (world: World, a: number, b: number) => unknown;

const pick = <T>(list: readonly T[], a: number): T | undefined => list[a % list.length];
const newest = <T>(list: readonly T[], a: number): T | undefined => list.at(-1 - (a % 3));

/** What can happen, in any order: the device's own doing, that of operators, and the Network Server's. */
const ACTS: Record<string, Act> = {
  join: ({ victim, hostile }) => hostile.hear(victim.askToJoin()),
  rejoin: ({ victim, hostile }, a) => {
    if (!victim.kind.optNeg || victim.device.session === undefined) return;
    hostile.hear(victim.askToRejoin((a % 3) as 0 | 1 | 2));
  },
  giveUpJoining: ({ victim }) => {
    victim.outstanding = undefined;
  },
  uplink: ({ victim, hostile }, a) => hostile.hearUp(victim.nextUp(a % 2 === 0 ? 222 : 11)),
  order: (world, a) => world.order(a % 2 === 0),
  wait: (_world, a) => {
    rig.clock.time += 1_000 * (a % 1_200);
  },
  forward: ({ hostile }) => forward(hostile, hostile.joinRequests.at(-1)),
  replayRequest: ({ hostile }, a) => forward(hostile, pick(hostile.joinRequests, a)),
  forgeRequest: ({ hostile }, a, b) => {
    const request = pick(hostile.joinRequests, a);
    if (request === undefined) return;
    const phyPayload = Buffer.from(mutate(formatHex(request.phyPayload), b, a), "hex");
    return hostile.forwardJoin({ ...request, phyPayload });
  },
  forgeRejoin: ({ hostile }, a, b) => {
    const key = newest(hostile.sNwkSIntKeys, a);
    return key && hostile.forgeRejoin(a % 2 === 0 ? 0 : 2, key, b % 8);
  },
  accept: ({ victim, hostile }, a) => deliver(newest(hostile.accepts, a), victim),
  replayAccept: ({ victim, hostile }, a) => deliver(pick(hostile.accepts, a), victim),
  askUpdate: ({ hostile }) => hostile.askUpdate(),
  sendDown: ({ victim, hostile }, a) => sendDown(victim, hostile, newest(hostile.down, a)),
  replayDown: ({ victim, hostile }, a) => sendDown(victim, hostile, pick(hostile.down, a)),
  forgeDown: ({ victim, hostile }, a, b) => {
    const command = pick(hostile.down, a);
    sendDown(victim, hostile, command && mutate(command, b, a));
  },
  sendUp: ({ hostile }, a) => sendUp(hostile, newest(hostile.up, a)),
  replayUp: ({ hostile }, a) => sendUp(hostile, pick(hostile.up, a)),
  forgeUp: ({ hostile }, a, b) => {
    const command = pick(hostile.up, a);
    return sendUp(hostile, command && mutate(command, b, a));
  },
  inventAnswer: (world, a, b) => inventAnswer(world, a, b),
  // As an honest one does it, up to a point: what comes after is withheld.
  carryJoin: (world, a) =>
    inTurn(world, [ACTS["join"], ACTS["forward"], deliverNewest], 1 + (a % 6)),
  carryUpdate: (world, a, b) =>
    inTurn(
      world,
      [() => world.order(b % 2 === 0), sendNewest, ACTS["sendUp"], sendNewest],
      1 + (a % 8),
    ),
};

/** Those that updates get on by come more often, or hardly any would get anywhere. */
const USUAL = ["carryJoin", "carryJoin", "carryUpdate", "carryUpdate", "sendDown", "forgeRejoin"];
const STEPS = fc.array(
  fc.tuple(
    fc.constantFrom(...Object.keys(ACTS), ...USUAL, ...USUAL),
    fc.nat({ max: 999 }),
    fc.nat({ max: 999 }),
  ),
  { minLength: 40, maxLength: 80, size: "max" },
);

/** The first `count` of some acts. */
async function inTurn(world: World, acts: (Act | undefined)[], count: number): Promise<void> {
  for (const act of acts.slice(0, count)) {
    await act?.(world, 0, 0);
    await world.checkInvariant();
  }
}

const deliverNewest: Act = ({ victim, hostile }) => deliver(hostile.accepts.at(-1), victim);
const sendNewest: Act = ({ victim, hostile }) => {
  // Not its fragments, which come after it.
  sendDown(
    victim,
    hostile,
    hostile.down.findLast((each) => !each.startsWith("82")),
  );
};

async function forward(
  hostile: HostileNetworkServer,
  request: Parameters<HostileNetworkServer["forwardJoin"]>[0] | undefined,
): Promise<void> {
  if (request !== undefined) await hostile.forwardJoin(request);
}

function deliver(accept: string | undefined, victim: Victim): void {
  if (accept !== undefined) victim.receiveAccept(accept);
}

function sendDown(
  victim: Victim,
  hostile: HostileNetworkServer,
  command: string | undefined,
): void {
  if (command !== undefined) hostile.hearUp(victim.receiveDown(command));
}

async function sendUp(hostile: HostileNetworkServer, command: string | undefined): Promise<void> {
  if (command !== undefined) await hostile.sendUp(command);
}

/** RootKeyUpdateAns has no MIC: anybody on the way can make one. */
async function inventAnswer({ hostile }: World, a: number, b: number): Promise<void> {
  const updateId = (1 + (a % 4)).toString(16).padStart(2, "0");
  await hostile.sendUp(`80${updateId}00${(b % 4).toString(16).padStart(2, "0")}`);
}

/** From here on the way is honest: the device joins, is updated, and joins again. */
async function checkHonestEnd(world: World, isHealing: boolean): Promise<void> {
  const { victim, hostile } = world;
  const join = async () => {
    // Two of three requests may go to keys that the Join Server has given up.
    for (let attempt = 0; attempt < 6; attempt++) {
      const isAccepted = await hostile.forwardJoin(victim.askToJoin());
      if (isAccepted && victim.receiveAccept(hostile.accepts.at(-1) as string)) return;
    }
    assert.fail("the device cannot join any more");
  };
  await join();
  await world.checkInvariant();
  rig.clock.time += EXPIRY_MS;
  const { rootKeys: before } = await world.stored();
  await world.order(isHealing);
  const ready = victim.receiveDown(hostile.down.findLast((each) => /^8[03]/.test(each)) as string);
  assert.ok(ready !== undefined, "the device has refused a new request");
  await hostile.sendUp(ready);
  assert.equal(victim.receiveDown(hostile.down.at(-1) as string), undefined);
  await join();
  const { rootKeys } = await world.stored();
  assert.equal(rootKeys.generation, before.generation + 1);
  assert.ok(equalRootKeys(rootKeys.currentKeys, victim.device.currentKeys));
  await join();
}

async function run(kind: Kind, steps: [string, number, number][], reached: Reached): Promise<void> {
  const world = new World(kind);
  const { victim, hostile } = world;
  await rig.register(victim.device);
  for (const [name, a, b] of steps) {
    await (ACTS[name] as Act)(world, a, b);
    await world.checkInvariant();
  }
  await world.checkCosts();
  const { rootKeys } = await world.stored();
  reached.commits += rootKeys.generation;
  const timeline = await rig.call("GET", `devices/${victim.device.devEui}/root-key-updates`);
  const attempts = timeline.body["attempts"] as Json[];
  reached.failures += attempts.filter(({ outcome }) => outcome === "failed").length;
  reached.replaysTaken += victim.replaysTaken;
  reached.rejoinsForged += hostile.rejoinsForged;
  await checkHonestEnd(world, steps.length % 2 === 0);
  world.checkSecrets();
}

describe("a hostile Network Server", () => {
  for (const [name, kind] of Object.entries(KINDS)) {
    it(`can at worst delay updates of a device of LoRaWAN ${name}`, async (context) => {
      const reached: Reached = { commits: 0, failures: 0, replaysTaken: 0, rejoinsForged: 0 };
      await fc.assert(
        fc.asyncProperty(STEPS, (steps) => run(kind, steps, reached)),
        { numRuns: RUNS, seed: SEED },
      );
      context.diagnostic(JSON.stringify(reached));
      assert.ok(reached.commits > 0 && reached.failures > 0, JSON.stringify(reached));
      assert.equal(reached.replaysTaken > 0, kind.macVersion === "1.0.3", JSON.stringify(reached));
      assert.equal(reached.rejoinsForged > 0, kind.optNeg, JSON.stringify(reached));
    });
  }
});

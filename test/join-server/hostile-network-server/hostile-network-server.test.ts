import assert from "node:assert/strict";
import { env } from "node:process";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { formatHex } from "../../../src/lorawan/hex.ts";
import { equalRootKeys } from "../../../src/root-key/root-keys.ts";
import { type Json, NET_ID, useJoinServer } from "../../support/join-server-rig.ts";
import { ACTS, type Act, STEPS } from "./acts.ts";
import type { Kind } from "./victim.ts";
import { ATTEMPT_PERIOD_MS, World } from "./world.ts";

/** More for a longer search: `WARREN_HOSTILE_RUNS=500 WARREN_HOSTILE_SEED=$RANDOM`. */
const RUNS = Number(env["WARREN_HOSTILE_RUNS"] ?? 4);
const SEED = Number(env["WARREN_HOSTILE_SEED"] ?? 2018);
const EXPIRY_MS = 86_400_000;

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

const NOTHING: Reached = { commits: 0, failures: 0, replaysTaken: 0, rejoinsForged: 0 };

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
  const world = new World(rig, url, kind);
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
  // It withholds the accept that would have told of the commit, and replays one from before the update.
  const ATTACK: [string, number, number][] = [
    ["carryJoin", 2, 0],
    ["carryUpdate", 3, 0],
    ["carryJoin", 1, 0],
    ["join", 0, 0],
    ["join", 0, 0],
    ["replayAccept", 0, 0],
  ];
  const attack = (kind: Kind, reached = { ...NOTHING }) =>
    run(kind, ATTACK, reached).then(() => reached);

  it("takes a device back to its old keys, which it survives as it keeps the new ones", async () => {
    const { commits, replaysTaken } = await attack({ macVersion: "1.0.3", optNeg: false });
    assert.deepEqual([commits, replaysTaken], [1, 1]);
  });

  it("would lose it if it forgot them there: the checks here do tell", async () => {
    const forgetful = { macVersion: "1.0.3", optNeg: false, isForgetful: true } as const;
    await assert.rejects(attack(forgetful), /the device is lost/);
  });

  for (const [name, kind] of Object.entries(KINDS)) {
    it(`can at worst delay updates of a device of LoRaWAN ${name}`, async (context) => {
      const reached: Reached = { ...NOTHING };
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

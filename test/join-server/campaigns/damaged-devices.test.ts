import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DAMAGES, damageDevice } from "../../support/damage-device.ts";
import { JoinServerRig, type Json, NET_ID } from "../../support/join-server-rig.ts";
import type { TestDevice } from "../../support/test-device.ts";
import { joined } from "../root-key-updates/support.ts";

const FAST: Json = { startsPerMinute: 600, startsPerMinutePerGateway: 600, canaryShare: 0 };

async function create(rig: JoinServerRig, settings: Json): Promise<string> {
  const made = await rig.call("POST", "campaigns", { name: "a test", ...FAST, ...settings });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return made.body["id"] as string;
}

async function ticks(rig: JoinServerRig, count: number): Promise<void> {
  for (let tick = 0; tick < count; tick++) {
    rig.clock.time += 5_000;
    await rig.campaigns.tick();
  }
}

/** State and reason of each device. */
async function membersOf(rig: JoinServerRig, id: string): Promise<Record<string, Json>> {
  const { body } = await rig.call("GET", `campaigns/${id}/devices`);
  return Object.fromEntries(
    (body["devices"] as Json[]).map(({ devEui, ...member }) => [devEui, member]),
  );
}

/** One that gets on besides the damaged ones, wherever they stand in the order of DevEUIs. */
async function fleet(): Promise<{ rig: JoinServerRig; damaged: TestDevice; others: TestDevice[] }> {
  const rig = await JoinServerRig.start();
  await rig.call("PATCH", `network-servers/${NET_ID}`, { url: "http://127.0.0.1:9/" });
  const [first, damaged, last] = [await joined(rig), await joined(rig), await joined(rig)];
  return { rig, damaged, others: [first, last] };
}

function assertPassedOver(
  members: Record<string, Json>,
  { damaged, others }: { damaged: TestDevice; others: TestDevice[] },
  code: string,
): void {
  const { state, reason } = members[damaged.devEui] ?? {};
  assert.deepEqual({ state, reason }, { state: "failed", reason: code });
  for (const { devEui } of others) assert.equal(members[devEui]?.["state"], "under-way");
}

describe("a campaign with a device whose keys on record do not open", () => {
  for (const damage of DAMAGES) {
    it(`that waits for its turn lists it and goes on (${damage.code})`, async () => {
      for (const isList of [false, true]) {
        const { rig, damaged, others } = await fleet();
        damageDevice(rig.path, damaged.devEui, damage);
        const devEuis = [damaged, ...others].map(({ devEui }) => devEui);
        const selection = isList ? { devEuis } : { query: {} };
        const id = await create(rig, { ...selection, generationAtMost: 0 });
        await ticks(rig, 4);
        assertPassedOver(await membersOf(rig, id), { damaged, others }, damage.code);
        assert.equal(rig.deliveries.length, others.length);
        const told = rig.log.lines.filter((line) => line.includes("campaign-device-unreadable"));
        assert.equal(told.length, 1);
        assert.ok(told[0]?.includes(damaged.devEui) && told[0].includes(damage.code));
      }
    });

    it(`with its update under way, or over, does too (${damage.code})`, async () => {
      for (const isOver of [false, true]) {
        const { rig, damaged, others } = await fleet();
        const id = await create(rig, { query: {} });
        await ticks(rig, 4);
        if (isOver) await rig.call("DELETE", `devices/${damaged.devEui}/root-key-update`);
        damageDevice(rig.path, damaged.devEui, damage);
        rig.clock.time += 24 * 60 * 60 * 1000 - 60_000;
        await ticks(rig, 2);
        assertPassedOver(await membersOf(rig, id), { damaged, others }, damage.code);
        assert.equal(rig.deliveries.length, 3 + others.length, "handed over once more");
      }
    });
  }

  it("can be aborted with its updates", async () => {
    const { rig, damaged } = await fleet();
    const id = await create(rig, { query: {} });
    await ticks(rig, 4);
    damageDevice(rig.path, damaged.devEui);
    await rig.call("POST", `campaigns/${id}/abort`, { abortsUpdates: true });
    await ticks(rig, 2);
    const states = Object.values(await membersOf(rig, id)).map(({ state }) => state);
    assert.deepEqual(states, ["failed", "failed", "failed"]);
    assert.ok((await rig.call("GET", `campaigns/${id}`)).body["endedAt"]);
  });

  it("says before it is made that the device is left out", async () => {
    const { rig, damaged, others } = await fleet();
    damageDevice(rig.path, damaged.devEui);
    const devEuis = [damaged, ...others].map(({ devEui }) => devEui);
    for (const selection of [{ query: {} }, { devEuis }]) {
      const settings = { name: "a test", ...FAST, ...selection };
      const { status, body } = await rig.call("POST", "campaigns/preview", settings);
      assert.equal(status, 200, JSON.stringify(body));
      assert.deepEqual([body["devices"], body["skipped"]], [2, { "sealed-value-damaged": 1 }]);
    }
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { WarrenError } from "../../../src/errors.ts";
import { JoinServerRig, type Json, NET_ID } from "../../support/join-server-rig.ts";
import type { TestDevice } from "../../support/test-device.ts";
import { joined, sendUp, startByOperator, updateWhole } from "./support.ts";

const HOUR_MS = 3_600_000;
const NS_ROUTE = { kek: "11".repeat(16), url: "http://127.0.0.1:9", relaysRootKeyUpdates: true };

async function start(): Promise<JoinServerRig> {
  const rig = await JoinServerRig.start({
    updatePolicy: {
      expiryMs: 1_000 * HOUR_MS,
      attemptPeriodMs: 0,
      allowRabbitSplit: false,
      shortestPeriodMs: 0,
    },
  });
  await rig.put(`network-servers/${NET_ID}`, NS_ROUTE);
  return rig;
}

async function stuck(rig: JoinServerRig, query = ""): Promise<Json[]> {
  const { status, body } = await rig.call("GET", `reports/stuck-devices${query}`);
  assert.equal(status, 200, JSON.stringify(body));
  return body["devices"] as Json[];
}

/** The problems of one device, which must be the only stuck one, as `kind since`. */
async function problemsOf(rig: JoinServerRig, device: TestDevice): Promise<string[]> {
  const devices = await stuck(rig);
  assert.deepEqual(
    devices.map(({ devEui }) => devEui),
    devices.length === 0 ? [] : [device.devEui],
  );
  const problems = (devices[0]?.["problems"] ?? []) as Json[];
  assert.equal(problems.length > 0, devices.length > 0);
  for (const { why, remedy } of problems) {
    assert.match(why as string, /\w{4}/);
    assert.match(remedy as string, /\.$/);
  }
  return problems.map(({ kind, since }) => `${kind} ${since}`);
}

describe("stuck devices", () => {
  it("are those that rest in a step for too long, each with where it rests", async () => {
    const rig = await start();
    const device = await joined(rig);
    const ready = await startByOperator(rig, device);
    assert.deepEqual(await problemsOf(rig, device), []);
    rig.clock.time += 6 * HOUR_MS;
    assert.deepEqual(await problemsOf(rig, device), ["silent 2026-01-01T00:00:00.000Z"]);
    await sendUp(rig, device, "80010000");
    assert.deepEqual(await problemsOf(rig, device), [], "it has just got on");
    rig.clock.time += 6 * HOUR_MS;
    assert.deepEqual(await problemsOf(rig, device), ["no-proof 2026-01-01T06:00:00.000Z"]);
    const { MACCommand } = await sendUp(rig, device, ready);
    rig.clock.time += 6 * HOUR_MS;
    assert.deepEqual(await problemsOf(rig, device), ["not-joined 2026-01-01T12:00:00.000Z"]);
    assert.match(JSON.stringify(await stuck(rig)), /nothing is lost/);
    device.receiveCommand(MACCommand as string);
    await rig.join(device);
    assert.deepEqual(await problemsOf(rig, device), []);
  });

  it("are those whose request nobody has taken, or nobody could take", async () => {
    const rig = await JoinServerRig.start({
      networkServerLink: {
        sendRootKeyUpdateReq: () => Promise.reject(new WarrenError("peer-refused", "no")),
      },
    });
    await rig.put(`network-servers/${NET_ID}`, NS_ROUTE);
    const device = await joined(rig);
    await rig.call("POST", `devices/${device.devEui}/root-key-update`);
    rig.clock.time += 6 * HOUR_MS;
    assert.deepEqual(await problemsOf(rig, device), ["not-handed-over 2026-01-01T00:00:00.000Z"]);
    await rig.put(`network-servers/${NET_ID}`, { ...NS_ROUTE, relaysRootKeyUpdates: false });
    assert.deepEqual(await problemsOf(rig, device), ["no-carrier 2026-01-01T00:00:00.000Z"]);
    const other = await joined(rig);
    const refused = await rig.call("POST", `devices/${other.devEui}/root-key-update`);
    assert.deepEqual([refused.status, refused.body["title"]], [409, "update-not-deliverable"]);
    assert.equal((await rig.show(other))["lastUpdateId"], 0);
  });

  it("are those that fail again and again, until one is committed", async () => {
    const rig = await start();
    const device = await joined(rig);
    for (let count = 1; count <= 3; count++) {
      assert.deepEqual(await problemsOf(rig, device), []);
      await startByOperator(rig, device);
      await sendUp(rig, device, `80${count.toString(16).padStart(2, "0")}0002`);
    }
    assert.deepEqual(await problemsOf(rig, device), ["failing 2026-01-01T00:00:00.000Z"]);
    await updateWhole(rig, device);
    assert.deepEqual(await problemsOf(rig, device), []);
  });

  it("are those that have nearly used up their UpdateIDs", async () => {
    const rig = await start();
    const device = await joined(rig);
    // A twentieth of 65,535 is left.
    for (const [lastUpdateId, problems] of [
      [62_257, []],
      [62_258, ["update-ids-low null"]],
    ] as const) {
      const stored = await rig.store.loadDevice(device.devEui);
      assert.ok(stored !== undefined);
      const rootKeys = { ...stored.rootKeys, lastUpdateId };
      assert.equal(await rig.store.saveDevice({ ...stored, rootKeys }), "saved");
      assert.deepEqual(await problemsOf(rig, device), problems);
    }
  });

  it("are listed in pages, after as short a rest as one likes", async () => {
    const rig = await start();
    const devices = [await joined(rig), await joined(rig), await joined(rig)];
    for (const device of devices) await startByOperator(rig, device);
    const seen: unknown[] = [];
    let after = "";
    do {
      const path = `reports/stuck-devices?waitingSeconds=0&limit=2${after}`;
      const { body } = await rig.call("GET", path);
      seen.push(...(body["devices"] as Json[]).map(({ devEui }) => devEui));
      after = body["next"] === null ? "" : `&after=${body["next"]}`;
    } while (after !== "");
    assert.deepEqual(
      seen,
      devices.map(({ devEui }) => devEui),
    );
    assert.deepEqual(await stuck(rig, "?waitingSeconds=60"), []);
  });
});

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import {
  JoinServerRig,
  type Json,
  NET_ID,
  useJoinServer,
} from "../../../support/join-server-rig.ts";
import { TestDevice } from "../../../support/test-device.ts";
import { assertNoDefects, assertProblem, newestAudit } from "../admin/support.ts";

const rig = useJoinServer();

const FAST: Json = { startsPerMinute: 600, startsPerMinutePerGateway: 600, canaryShare: 0 };

async function relayOn(server: JoinServerRig): Promise<void> {
  const changed = await server.call("PATCH", `network-servers/${NET_ID}`, {
    relaysRootKeyUpdates: true,
    route: { url: "http://127.0.0.1:9" },
  });
  assert.equal(changed.status, 200, JSON.stringify(changed.body));
}

async function joinedDevices(server: JoinServerRig, count: number, text: string) {
  const devices = Array.from({ length: count }, () => new TestDevice("1.1.0"));
  for (const device of devices) {
    await server.register(device, { name: text });
    await server.join(device);
  }
  return devices;
}

async function create(server: JoinServerRig, body: Json): Promise<string> {
  const made = await server.call("POST", "campaigns", body);
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return made.body["id"] as string;
}

async function ticks(server: JoinServerRig, count: number): Promise<void> {
  for (let tick = 0; tick < count; tick++) {
    server.clock.time += 5_000;
    await server.campaigns.tick();
  }
}

/** What the device does with the requests handed over for it, up to its join under the new keys. */
async function answer(server: JoinServerRig, device: TestDevice): Promise<void> {
  const request = server.deliveries.findLast(({ devEui }) => devEui === device.devEui);
  const ready = device.receiveCommand(request?.macCommand as string);
  const confirmed = await server.ask("RootKeyCommandReq", {
    DevEUI: device.devEui,
    MACCommand: ready,
  });
  device.receiveCommand(confirmed["MACCommand"] as string);
  await server.join(device);
}

async function progress(server: JoinServerRig, id: string): Promise<Json> {
  const { body } = await server.call("GET", `campaigns/${id}`);
  return { state: body["state"], counts: (body["progress"] as Json)["counts"] as Json };
}

const counts = (changes: Json) => ({
  waiting: 0,
  "under-way": 0,
  updated: 0,
  failed: 0,
  skipped: 0,
  ...changes,
});

describe("a campaign of the real Join Server", () => {
  it("gives each device new keys by the protocol, and says which had to be left out", async () => {
    const server = await JoinServerRig.start();
    await relayOn(server);
    const devices = await joinedDevices(server, 3, "meters");
    const [disabled] = await joinedDevices(server, 1, "meters");
    await server.call("PATCH", `devices/${disabled?.devEui}`, { isDisabled: true });
    await joinedDevices(server, 1, "others");

    const id = await create(server, { ...FAST, name: "new keys", query: { text: "meters" } });
    await ticks(server, 3);
    assert.deepEqual(await progress(server, id), {
      state: "running",
      counts: counts({ "under-way": 3, skipped: 1 }),
    });
    for (const device of devices) await answer(server, device);
    await ticks(server, 2);
    assert.deepEqual(await progress(server, id), {
      state: "finished",
      counts: counts({ updated: 3, skipped: 1 }),
    });
    for (const device of devices) {
      const { generation } = await server.show(device);
      assert.equal(generation, 1);
      await server.join(device);
    }
    const { body } = await server.call("GET", `campaigns/${id}/devices?state=skipped`);
    const [left] = body["devices"] as Json[];
    assert.deepEqual([left?.["devEui"], left?.["reason"]], [disabled?.devEui, "device-disabled"]);
    assert.match(left?.["remedy"] as string, /isDisabled/);
    const told = server.events.filter(({ campaignId }) => campaignId === id);
    assert.deepEqual(
      told.map(({ kind }) => kind),
      ["campaign-started", "campaign-finished"],
    );
    assertNoDefects(server);
  });

  it("goes on after a restart of the Join Server where it was", async () => {
    const server = await JoinServerRig.start();
    await relayOn(server);
    const devices = await joinedDevices(server, 4, "meters");
    const id = await create(server, { ...FAST, query: {}, maxUnderWay: 2 });
    await ticks(server, 3);
    assert.deepEqual(
      (await progress(server, id))["counts"],
      counts({ waiting: 2, "under-way": 2 }),
    );
    server.restart();
    // The lease of the process that ended without giving it back.
    server.clock.time += 30_001;
    for (let round = 0; round < 4; round++) {
      const seen = new Set(server.deliveries.map(({ devEui }) => devEui));
      for (const device of devices.filter(({ devEui }) => seen.has(devEui))) {
        const { generation } = await server.show(device);
        if (generation === 0) await answer(server, device);
      }
      await ticks(server, 3);
    }
    assert.deepEqual(await progress(server, id), {
      state: "finished",
      counts: counts({ updated: 4 }),
    });
  });

  it("lists devices that no server relays updates to, and starts nothing for them", async () => {
    const server = await JoinServerRig.start();
    await server.call("PATCH", `network-servers/${NET_ID}`, { relaysRootKeyUpdates: false });
    const [device] = await joinedDevices(server, 1, "meters");
    const id = await create(server, { ...FAST, devEuis: [device?.devEui, "ffffffffffffff01"] });
    await ticks(server, 4);
    const { body } = await server.call("GET", `campaigns/${id}`);
    const reasons = (body["progress"] as Json)["reasons"] as Json[];
    assert.deepEqual(reasons.map(({ state, reason, count }) => [state, reason, count]).toSorted(), [
      ["skipped", "device-unknown", 1],
      ["skipped", "update-not-deliverable", 1],
    ]);
    assert.equal(body["state"], "finished");
  });
});

describe("the routes of campaigns", () => {
  let id = "";

  before(async () => {
    await joinedDevices(rig, 2, "routes");
    id = await create(rig, { name: "first", query: { text: "routes" }, startsPaused: true });
    await ticks(rig, 2);
  });

  it("make the same campaign once, and refuse another one of its id", async () => {
    const body = { id: "00000000000000AA", query: {}, windows: ["Mon-Fri 22:00-05:00"] };
    const made = await rig.call("POST", "campaigns", body);
    const again = await rig.call("POST", "campaigns", body);
    assert.deepEqual([made.status, again.status], [201, 200]);
    assert.equal(again.body["id"], "00000000000000aa");
    assert.deepEqual(again.body["windows"], ["Mon,Tue,Wed,Thu,Fri 22:00-05:00"]);
    await ticks(rig, 2);
    assert.equal((await rig.call("POST", "campaigns", body)).status, 200, "once it is prepared");
    const other = await rig.call("POST", "campaigns", { ...body, maxAttempts: 7 });
    assertProblem(other, 409, "campaign-not-allowed");
    const [created, ...rest] = (await newestAudit(rig, 3)).filter(
      ({ action, subject }) => action === "campaign.create" && subject === "00000000000000aa",
    );
    assert.equal(rest.length, 0);
    assert.ok(created);
  });

  it("pause, resume and abort; the same again changes nothing", async () => {
    const call = async (verb: string, payload?: Json) => {
      const { status, body } = await rig.call("POST", `campaigns/${id}/${verb}`, payload);
      assert.equal(status, 200, JSON.stringify(body));
      return body["state"];
    };
    assert.equal((await rig.call("GET", `campaigns/${id}`)).body["pauseReason"], "not started yet");
    assert.equal(await call("resume"), "running");
    assert.equal(await call("resume"), "running");
    assert.equal(await call("pause"), "paused");
    assert.equal(await call("pause"), "paused");
    assertProblem(await rig.call("DELETE", `campaigns/${id}`), 409, "campaign-not-allowed");
    assert.equal(await call("abort"), "aborted");
    assert.equal(await call("abort", { abortsUpdates: true }), "aborted");
    assertProblem(await rig.call("POST", `campaigns/${id}/resume`), 409, "campaign-not-allowed");
    await ticks(rig, 2);
    const { body } = await rig.call("GET", `campaigns/${id}`);
    assert.notEqual(body["endedAt"], null);
    assert.deepEqual((body["progress"] as Json)["counts"], counts({ skipped: 2 }));
    const actions = (await newestAudit(rig, 4)).map(({ action }) => action);
    assert.deepEqual(actions, [
      "campaign.resume",
      "campaign.pause",
      "campaign.abort",
      "campaign.abort",
    ]);
    assert.equal((await rig.call("DELETE", `campaigns/${id}`)).status, 204);
    assertProblem(await rig.call("GET", `campaigns/${id}`), 404, "resource-unknown");
  });

  it("preview what a campaign would do", async () => {
    const { status, body } = await rig.call("POST", "campaigns/preview", {
      query: { text: "routes" },
      startsPerMinute: 1,
    });
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual(
      [body["devices"], body["canaries"], body["generations"], body["startsMs"]],
      [2, 1, { 0: 2 }, 120_000],
    );
    const none = await rig.call("POST", "campaigns/preview", { devEuis: ["ffffffffffffff02"] });
    assert.deepEqual([none.body["devices"], none.body["skipped"]], [0, { "device-unknown": 1 }]);
  });

  for (const [what, body] of [
    ["no devices", {}],
    ["a query and a list", { query: {}, devEuis: ["ffffffffffffff01"] }],
    ["an empty list", { devEuis: [] }],
    ["a share above 1", { query: {}, canaryShare: 1.1 }],
    ["a rate of nothing", { query: {}, startsPerMinute: 0 }],
    ["a window that is none", { query: {}, windows: ["22:00-22:00"] }],
    ["a suite that is none", { query: {}, suite: "rot13" }],
    ["a member nobody knows", { query: {}, speed: 5 }],
  ] as const) {
    it(`refuse ${what}`, async () => {
      const answer = await rig.call("POST", "campaigns", body);
      assert.equal(answer.status, 400, JSON.stringify(answer.body));
    });
  }

  it("refuse a suite for research that is not switched on", async () => {
    const refused = await rig.call("POST", "campaigns", { query: {}, suite: "rabbit-split" });
    assertProblem(refused, 400, "suite-not-allowed");
  });

  it("list campaigns page by page, newest first", async () => {
    await rig.call("POST", "campaigns", { query: {}, name: "newest", startsPaused: true });
    const { body } = await rig.call("GET", "campaigns?limit=1");
    const [newest] = body["campaigns"] as Json[];
    assert.equal(newest?.["name"], "newest");
    const next = await rig.call("GET", `campaigns?limit=1&after=${body["next"]}`);
    assert.equal((next.body["campaigns"] as Json[]).length, 1);
    assertNoDefects(rig);
  });
});

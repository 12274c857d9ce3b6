import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
  AS_ID,
  JoinServerRig,
  type Json,
  NET_ID,
  OTHER_NET_ID,
} from "../../../support/join-server-rig.ts";
import { TestDevice } from "../../../support/test-device.ts";
import { assertNoDefects, assertProblem, newToken } from "../admin/support.ts";

const DAY_MS = 86_400_000;

describe("GET /overview", () => {
  it("counts devices, updates, what needs a hand, and peers", async () => {
    const now = Date.parse("2026-01-01T00:00:00Z");
    const rig = await JoinServerRig.start({
      certificateExpiries: [now - 1, now + 29 * DAY_MS, now + 31 * DAY_MS],
    });
    const [joined, updating, disabled] = [
      new TestDevice("1.1.0"),
      new TestDevice("1.1.0"),
      new TestDevice("1.0.3"),
    ];
    await rig.register(joined);
    await rig.register(updating);
    await rig.register(disabled, { isDisabled: true });
    await rig.join(joined);
    const started = await rig.call("POST", `devices/${updating.devEui}/root-key-update`, {});
    assert.equal(started.status, 202, JSON.stringify(started.body));
    rig.clock.time += 7 * 3_600_000;
    const { status, body } = await rig.call("GET", "overview");
    assert.equal(status, 200);
    assert.deepEqual(body["devices"], {
      total: 3,
      disabled: 1,
      neverJoined: 2,
      byGeneration: [{ generation: 0, count: 3 }],
      byMacVersion: [
        { macVersion: "1.0.3", count: 1 },
        { macVersion: "1.1.0", count: 2 },
      ],
      byUpdateStatus: [
        { updateStatus: "none", count: 2 },
        { updateStatus: "prepared", count: 1 },
        { updateStatus: "accepted", count: 0 },
        { updateStatus: "confirmed", count: 0 },
        { updateStatus: "committed", count: 0 },
        { updateStatus: "failed", count: 0 },
      ],
    });
    assert.deepEqual(body["updates"], { underWay: 1, waitingForDevice: 1, waitingForJoin: 0 });
    assert.deepEqual(body["needsAttention"], {
      stuckDevices: { count: 1, isCapped: false },
      failedUpdates: 0,
      pausedCampaigns: 0,
      expiringCertificates: 2,
    });
    assert.deepEqual(body["peers"], { networkServers: 2, applicationServers: 2 });
    assert.equal(body["countedAt"], "2026-01-01T07:00:00.000Z");
    const stuck = await rig.call("GET", "reports/stuck-devices");
    assert.equal((stuck.body["devices"] as Json[]).length, 1);
    assertNoDefects(rig);
  });
});

describe("GET /activity", () => {
  it("has what this process has seen, and why joins were refused", async () => {
    const rig = await JoinServerRig.start();
    const device = new TestDevice("1.0.3");
    await rig.register(device);
    const request = device.joinRequest();
    await rig.join(device, request);
    rig.clock.time += 60_000;
    await rig.askJoin(device, request);
    await rig.askJoin(new TestDevice("1.0.3"), new TestDevice("1.0.3").joinRequest());
    const { body } = await rig.call("GET", "activity");
    assert.equal(body["since"], "2026-01-01T00:00:00.000Z");
    const intervals = body["intervals"] as Json[];
    assert.deepEqual(
      intervals.map(({ startsAt, joinsAccepted, joinsRefused }) => [
        startsAt,
        joinsAccepted,
        joinsRefused,
      ]),
      [
        ["2026-01-01T00:00:00.000Z", 1, 0],
        ["2026-01-01T00:01:00.000Z", 0, 2],
      ],
    );
    assert.deepEqual(
      (body["refusals"] as Json[]).map(({ reason, count }) => [reason, count]),
      [
        ["dev-nonce-replayed", 1],
        ["device-unknown", 1],
      ],
    );
    assert.equal((await rig.call("GET", "activity?minutes=1440")).body["intervalSeconds"], 600);
    for (const query of ["minutes=0", "minutes=1441", "hours=1"]) {
      assertProblem(await rig.call("GET", `activity?${query}`), 400, "request-malformed");
    }
    assertNoDefects(rig);
  });
});

describe("GET /devices/{devEui}/activity", () => {
  it("has joins and refusals of a device with reasons and remedies, newest first", async () => {
    const rig = await JoinServerRig.start();
    const device = new TestDevice("1.0.3");
    const unknown = device.joinRequest();
    await rig.askJoin(device, unknown);
    rig.clock.time += 1_000;
    await rig.register(device);
    rig.clock.time += 1_000;
    const request = device.joinRequest();
    await rig.join(device, request);
    rig.clock.time += 1_000;
    await rig.askJoin(device, request);
    const { body } = await rig.call("GET", `devices/${device.devEui.toUpperCase()}/activity`);
    const events = body["events"] as Json[];
    assert.deepEqual(
      events.map(({ kind, reason }) => [kind, reason]),
      [
        ["join-refused", "dev-nonce-replayed"],
        ["join-accepted", null],
        ["device-created", null],
        ["join-refused", "device-unknown"],
      ],
    );
    const [refused, accepted] = events;
    assert.equal(refused?.["senderId"], NET_ID);
    assert.match(refused?.["remedy"] as string, /reset its nonces/);
    assert.deepEqual([accepted?.["joinNonce"], accepted?.["generation"]], [1, 0]);
    assertNoDefects(rig);
  });
});

describe("the last contact of peers", () => {
  it("is when they last asked and had shown who they are", async () => {
    const rig = await JoinServerRig.start();
    const device = new TestDevice("1.1.0");
    await rig.register(device);
    const contactOf = async (path: string) => {
      const { body } = await rig.call("GET", path);
      return [body["lastContactAt"], body["lastContactAddress"]];
    };
    assert.deepEqual(await contactOf(`network-servers/${NET_ID}`), [null, null]);
    rig.clock.time += 5_000;
    const { SessionKeyID } = await rig.join(device);
    const at = "2026-01-01T00:00:05.000Z";
    assert.deepEqual(await contactOf(`network-servers/${NET_ID}`), [at, "127.0.0.1"]);
    assert.deepEqual(await contactOf(`network-servers/${OTHER_NET_ID}`), [null, null]);
    const asked = { DevEUI: device.devEui, SessionKeyID, SenderID: AS_ID };
    await rig.ask("AppSKeyReq", asked);
    assert.deepEqual(await contactOf(`application-servers/${AS_ID}`), [at, "127.0.0.1"]);
    await rig.call("PATCH", `network-servers/${OTHER_NET_ID}`, {
      authentication: { kind: "bearer", token: "a-token-that-is-long-enough" },
    });
    await rig.ask("HomeNSReq", { DevEUI: device.devEui, SenderID: OTHER_NET_ID });
    assert.deepEqual(await contactOf(`network-servers/${OTHER_NET_ID}`), [null, null]);
    const list = (await rig.call("GET", "network-servers")).body["networkServers"] as Json[];
    assert.deepEqual(
      list.map(({ lastContactAt }) => lastContactAt),
      [at, null],
    );
    assertNoDefects(rig);
  });
});

describe("GET /audit with an order and filters", () => {
  it("gives the newest first, and only what is asked for", async () => {
    const rig = await JoinServerRig.start();
    const device = new TestDevice("1.0.3");
    await rig.register(device);
    await rig.call("PATCH", `devices/${device.devEui}`, { name: "a name" });
    await newToken(rig, "auditor");
    const seqs = async (query: string) => {
      const { status, body } = await rig.call("GET", `audit?${query}`);
      assert.equal(status, 200, JSON.stringify(body));
      return [(body["entries"] as Json[]).map(({ seq }) => seq), body["next"]];
    };
    assert.deepEqual(await seqs("order=newest&limit=3"), [[7, 6, 5], 5]);
    assert.deepEqual(await seqs("order=newest&before=3"), [[2, 1], null]);
    assert.deepEqual(await seqs("order=newest&action=device."), [[6, 5], null]);
    assert.deepEqual(await seqs("action=device.change"), [[6], null]);
    assert.deepEqual(await seqs("action=device"), [[], null]);
    assert.deepEqual(await seqs(`subject=${device.devEui}&limit=1`), [[5], 5]);
    assert.deepEqual(await seqs("actor=file-token&after=5"), [[6, 7], null]);
    assert.deepEqual(await seqs("actor=nobody"), [[], null]);
    for (const query of ["before=3", "order=newest&after=3", "order=upwards", "action=%25"]) {
      assertProblem(await rig.call("GET", `audit?${query}`), 400, "request-malformed");
    }
    assertNoDefects(rig);
  });
});

describe("/reports/audit-chain", () => {
  async function finished(rig: JoinServerRig): Promise<Json> {
    const started = await rig.call("POST", "reports/audit-chain");
    assert.equal(started.status, 202);
    for (let report = started.body; ; await sleep(5)) {
      if (report["status"] !== "running") return report;
      report = (await rig.call("GET", "reports/audit-chain")).body;
    }
  }

  it("checks the whole log in the background and keeps what it found", async () => {
    const rig = await JoinServerRig.start();
    assert.equal((await rig.call("GET", "reports/audit-chain")).body["status"], "none");
    const events = Array.from({ length: 600 }, (_, index) => ({
      at: index,
      actor: "system",
      action: "test.event",
      subject: "",
      details: {},
    }));
    await rig.store.appendAudit(events);
    const report = await finished(rig);
    const { head } = (await rig.call("GET", "audit?limit=1")).body;
    assert.deepEqual(
      [report["status"], report["isIntact"], report["checked"], report["total"], report["head"]],
      ["done", true, 604, 604, head],
    );
    assertNoDefects(rig);
  });

  it("says which entry is not as it was written", async () => {
    const rig = await JoinServerRig.start();
    const { DatabaseSync } = await import("node:sqlite");
    const database = new DatabaseSync(rig.path);
    database.exec(
      "DROP TRIGGER audit_log_is_not_changed; UPDATE audit_log SET actor = 'x' WHERE seq = 3",
    );
    database.close();
    const report = await finished(rig);
    assert.deepEqual(
      [report["status"], report["isIntact"], report["brokenSeq"], report["head"]],
      ["done", false, 3, null],
    );
    assert.match(report["problem"] as string, /entry 3/);
    assert.ok(rig.log.lines.some((line) => line.includes('"audit-log-broken"')));
  });
});

describe("GET /devices for a table", () => {
  it("says how many there are in all, and when each joined last", async () => {
    const rig = await JoinServerRig.start();
    const device = new TestDevice("1.0.3");
    await rig.register(device);
    await rig.register(new TestDevice("1.0.3"));
    rig.clock.time += 1_000;
    await rig.join(device);
    const { body } = await rig.call("GET", "devices?limit=1");
    assert.equal(body["total"], 2);
    assert.equal((await rig.show(device))["lastJoinAt"], "2026-01-01T00:00:01.000Z");
    assert.equal((await rig.call("GET", "devices?isDisabled=false")).body["total"], null);
    assertNoDefects(rig);
  });

  it("is answered in summaries with the members that the devices have themselves", async () => {
    const rig = await JoinServerRig.start();
    const devices = [new TestDevice("1.0.3"), new TestDevice("1.1.0"), new TestDevice("1.0.4")];
    for (const device of devices) await rig.register(device, { name: `of ${device.devEui}` });
    await rig.join(devices[1] as TestDevice);
    await rig.call("PATCH", `devices/${devices[2]?.devEui}`, { isDisabled: true });
    for (const query of ["limit=2", "isDisabled=false", `after=${devices[0]?.devEui}`]) {
      const whole = (await rig.call("GET", `devices?${query}`)).body;
      const { status, body } = await rig.call("GET", `device-summaries?${query}`);
      assert.equal(status, 200);
      assert.deepEqual([body["next"], body["total"]], [whole["next"], whole["total"]]);
      const summaries = body["devices"] as Json[];
      const names = Object.keys(summaries[0] as Json);
      assert.ok(names.includes("lastJoinAt") && !names.includes("rootKeys"));
      const members = (device: Json) =>
        Object.fromEntries(names.map((name) => [name, device[name]]));
      assert.deepEqual(summaries, (whole["devices"] as Json[]).map(members));
    }
    assertNoDefects(rig);
  });
});

describe("GET /settings", () => {
  it("is as documented", async () => {
    const rig = await JoinServerRig.start();
    const { status, body } = await rig.call("GET", "settings");
    assert.equal(status, 200);
    assert.deepEqual(body["database"], {
      kind: "sqlite",
      file: "join-server.db",
      cachedDevices: 0,
    });
    assertNoDefects(rig);
  });
});

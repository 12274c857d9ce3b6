import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  ADMIN_TOKEN,
  JoinServerRig,
  type Json,
  registrationOf,
} from "../../../support/join-server-rig.ts";
import { TestDevice } from "../../../support/test-device.ts";
import { assertNoDefects, assertProblem, newestAudit } from "../admin/support.ts";

const DAY_MS = 86_400_000;

/** As a server in earnest: nothing below the paper's period. */
const strict = {
  updatePolicy: {
    expiryMs: DAY_MS,
    attemptPeriodMs: 0,
    allowRabbitSplit: false,
    shortestPeriodMs: 2_048_000,
  },
};

describe("the update policy of all devices", () => {
  it("asks for nothing at first, and is shown with its cost once set", async () => {
    const rig = await JoinServerRig.start(strict);
    const first = await rig.call("GET", "update-policy");
    assert.deepEqual(first.body["policy"], {});
    assert.equal((first.body["cost"] as Json)["updatesPerYear"], 0);
    const policy = { maxAgeMs: 73 * DAY_MS, triggers: ["tampering"] };
    const { status, body } = await rig.call("PUT", "update-policy", policy);
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual(body["policy"], policy);
    assert.deepEqual(body["effective"], {
      ...policy,
      maxSessions: null,
      maxFrames: null,
      minimumPeriodMs: DAY_MS,
      isHealing: false,
    });
    const cost = body["cost"] as { updatesPerYear: number; dataRates: Json[] };
    assert.equal(cost.updatesPerYear, 5);
    assert.deepEqual([cost.dataRates[0]?.["name"], cost.dataRates.length], ["SF12BW125", 8]);
    assert.deepEqual((await rig.call("GET", "update-policy")).body, body);
    assertNoDefects(rig);
  });

  it("is audited once for the same twice", async () => {
    const rig = await JoinServerRig.start(strict);
    for (const _ of [1, 2]) await rig.put("update-policy", { maxSessions: 10 });
    const actions = (await newestAudit(rig, 2)).map(({ action }) => action);
    assert.deepEqual(
      actions.filter((action) => action === "update-policy.put"),
      ["update-policy.put"],
    );
    const [entry] = await newestAudit(rig, 1);
    assert.deepEqual(entry?.["details"], { from: {}, to: { maxSessions: 10 } });
  });

  it("is refused with a minimum period or an age that is too short", async () => {
    const rig = await JoinServerRig.start(strict);
    for (const [payload, text] of [
      [{ minimumPeriodMs: 2_047_999 }, /at least 2048000.*shortest_period_seconds/],
      [{ maxAgeMs: DAY_MS - 1 }, /maxAgeMs \(86399999\) is below minimumPeriodMs/],
    ] as const) {
      const answer = await rig.call("PUT", "update-policy", payload);
      assertProblem(answer, 400, "value-out-of-range");
      assert.match(answer.body["detail"] as string, text);
    }
    assertProblem(await rig.call("PUT", "update-policy", { maxAge: 5 }), 400, "request-malformed");
    assert.deepEqual((await rig.call("GET", "update-policy")).body["policy"], {});
  });

  it("may not contradict a device profile", async () => {
    const rig = await JoinServerRig.start(strict);
    await rig.put("device-profiles/meters", { updatePolicy: { maxAgeMs: 10 * DAY_MS } });
    const answer = await rig.call("PUT", "update-policy", { minimumPeriodMs: 11 * DAY_MS });
    assertProblem(answer, 400, "value-out-of-range");
    assert.match(answer.body["detail"] as string, /^device profile meters: maxAgeMs/);
  });
});

describe("the cost of a policy", () => {
  const costOf = async (body: Json) => {
    const rig = await JoinServerRig.start(strict);
    const answer = await rig.call("POST", "update-policy/cost", body);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    assertNoDefects(rig);
    return answer.body as { updatesPerYear: number; dataRates: Record<string, Json>[] };
  };

  it("is told for one data rate, with losses, sessions and uplinks", async () => {
    const circumstances = { dataRate: 0, carrier: "application-port", macVersion: "1.0.3" };
    const { updatesPerYear, dataRates } = await costOf({
      policy: { maxFrames: 1_000 },
      uplinksPerDay: 100,
      ...circumstances,
    });
    assert.equal(updatesPerYear, 36.5);
    assert.equal(dataRates.length, 1);
    const energyMj = dataRates[0]?.["perUpdate"]?.["energyMj"] as number;
    assert.ok(Math.abs(energyMj - 682) < 1, `${energyMj} mJ`);
    const lossy = await costOf({ policy: { maxFrames: 1_000 }, loss: 0.2, ...circumstances });
    assert.ok((lossy.dataRates[0]?.["perUpdate"]?.["energyMj"] as number) > 1.4 * energyMj);
  });

  it("has what all devices have in common only for a profile", async () => {
    const rig = await JoinServerRig.start(strict);
    await rig.put("update-policy", { maxAgeMs: 73 * DAY_MS });
    const policy = { isHealing: true };
    const alone = await rig.call("POST", "update-policy/cost", { policy });
    const profile = await rig.call("POST", "update-policy/cost", {
      policy,
      level: "device-profile",
    });
    assert.deepEqual([alone.body["updatesPerYear"], profile.body["updatesPerYear"]], [0, 5]);
  });

  it("is not told for a region or a data rate that there is not", async () => {
    const rig = await JoinServerRig.start(strict);
    for (const wrong of [{ region: "XX000" }, { region: "US915", dataRate: 7 }]) {
      const answer = await rig.call("POST", "update-policy/cost", { policy: {}, ...wrong });
      assertProblem(answer, 400, "value-out-of-range");
    }
    const unknown = { policy: {}, macVersion: "2.0" };
    assertProblem(await rig.call("POST", "update-policy/cost", unknown), 400, "text-malformed");
  });
});

describe("device profiles", () => {
  it("are added, replaced, listed in pages and erased, and audited", async () => {
    const rig = await JoinServerRig.start(strict);
    const profile = { description: "in cellars", updatePolicy: { maxSessions: 50 } };
    const path = `device-profiles/${encodeURIComponent("water meters / old")}`;
    const made = await rig.call("PUT", path, profile);
    assert.equal(made.status, 201, JSON.stringify(made.body));
    assert.equal((await rig.call("PUT", path, profile)).status, 200);
    const changed = await rig.call("PUT", path, { updatePolicy: { maxSessions: 60 } });
    assert.deepEqual(
      [changed.status, changed.body["description"], changed.body["updatePolicy"]],
      [200, "", { maxSessions: 60 }],
    );
    await rig.put("device-profiles/locks", { updatePolicy: {} });
    const first = (await rig.call("GET", "device-profiles?limit=1")).body;
    assert.deepEqual(
      [first["next"], (first["deviceProfiles"] as Json[])[0]?.["name"]],
      ["locks", "locks"],
    );
    const rest = (await rig.call("GET", "device-profiles?limit=1&after=locks")).body;
    assert.deepEqual(rest, {
      deviceProfiles: [
        { name: "water meters / old", description: "", updatePolicy: { maxSessions: 60 } },
      ],
      next: null,
    });
    assert.deepEqual((await rig.call("GET", path)).body, changed.body);
    assert.equal((await rig.call("DELETE", path)).status, 204);
    assertProblem(await rig.call("GET", path), 404, "resource-unknown");
    assertProblem(await rig.call("DELETE", path), 404, "resource-unknown");
    const actions = (await newestAudit(rig, 4)).map(({ action, subject }) => [action, subject]);
    assert.deepEqual(actions, [
      ["device-profile.put", "water meters / old"],
      ["device-profile.put", "water meters / old"],
      ["device-profile.put", "locks"],
      ["device-profile.delete", "water meters / old"],
    ]);
    assertNoDefects(rig);
  });
});

describe("the policy of a device", () => {
  it("is refused where it contradicts itself, alone and in a batch, but not what is on record", async () => {
    const rig = await JoinServerRig.start(strict);
    const device = new TestDevice("1.0.3");
    const wrong = { updatePolicy: { minimumPeriodMs: 5 } };
    const path = `devices/${device.devEui}`;
    const registration = registrationOf(device);
    const put = await rig.call("PUT", path, { ...registration, ...wrong });
    assertProblem(put, 400, "value-out-of-range");
    assertProblem(await rig.call("GET", path), 404, "device-unknown");
    const batch = { devices: [{ devEui: device.devEui, ...registration, ...wrong }] };
    const { body } = await rig.call("POST", "devices/batch", batch);
    assert.deepEqual(body["counts"], { created: 0, known: 0, refused: 1 });
    const own = { updatePolicy: { maxAgeMs: 2 * DAY_MS } };
    await rig.put(path, { ...registration, ...own });
    assertProblem(await rig.call("PATCH", path, wrong), 400, "value-out-of-range");
    await rig.put("update-policy", { minimumPeriodMs: 5 * DAY_MS });
    assert.equal((await rig.call("PUT", path, { ...registration, ...own })).status, 200);
    assert.equal((await rig.call("PATCH", path, { ...own, name: "other" })).status, 200);
  });

  it("is shown with the level of each member, what is due, and the cost", async () => {
    const rig = await JoinServerRig.start(strict);
    await rig.put("update-policy", { maxAgeMs: 73 * DAY_MS, maxSessions: 100 });
    await rig.put("device-profiles/meters", { updatePolicy: { maxSessions: null } });
    const device = new TestDevice("1.1.0");
    await rig.register(device, { deviceProfile: "meters", updatePolicy: { isHealing: true } });
    const path = `devices/${device.devEui}/update-policy`;
    const { body } = await rig.call("GET", path);
    assert.deepEqual(body["origins"], {
      maxAgeMs: "all-devices",
      maxSessions: "device-profile",
      maxFrames: "default",
      triggers: "default",
      minimumPeriodMs: "default",
      isHealing: "device",
    });
    assert.deepEqual(
      [body["deviceProfile"], body["isProfileKnown"], body["due"], body["notBefore"]],
      ["meters", true, null, null],
    );
    assert.equal((body["cost"] as Json)["updatesPerYear"], 5);
    rig.clock.time += 73 * DAY_MS;
    assert.equal((await rig.call("GET", path)).body["due"], "age");
    assertNoDefects(rig);
  });

  it("is that of all devices with a warning where the profile is unknown", async () => {
    const rig = await JoinServerRig.start(strict);
    const device = new TestDevice("1.0.3");
    const made = await rig.register(device, { deviceProfile: "meters" });
    assert.match(JSON.stringify(made["warnings"]), /device profile is not on record/);
    const other = new TestDevice("1.0.3");
    const batch = {
      devices: [{ devEui: other.devEui, ...registrationOf(other), deviceProfile: "meters" }],
    };
    const { body } = await rig.call("POST", "devices/batch", batch);
    assert.match(JSON.stringify(body["outcomes"]), /device profile is not on record/);
    await rig.put("device-profiles/meters", { updatePolicy: { maxSessions: 5 } });
    const again = await rig.register(device, { deviceProfile: "meters" });
    assert.equal(again["warnings"], undefined);
    const policy = await rig.call("GET", `devices/${other.devEui}/update-policy`);
    assert.equal((policy.body["effective"] as Json)["maxSessions"], 5);
  });
});

describe("events that a policy names", () => {
  const dueOf = async (rig: JoinServerRig, { devEui }: TestDevice) =>
    (await rig.call("GET", `devices/${devEui}/update-policy`)).body["due"];

  it("are reported tampering, on record and told either way", async () => {
    const rig = await JoinServerRig.start(strict);
    const device = new TestDevice("1.0.3");
    await rig.register(device);
    const path = `devices/${device.devEui}/security-events`;
    const report = { kind: "tampering", note: "seal broken" };
    const unnamed = await rig.call("POST", path, report);
    assert.deepEqual([unnamed.status, unnamed.body], [202, { isUpdateWanted: false }]);
    await rig.put("update-policy", { triggers: ["tampering"] });
    const named = await rig.call("POST", path, report);
    assert.deepEqual([named.status, named.body], [202, { isUpdateWanted: true }]);
    assert.equal(await dueOf(rig, device), "tampering");
    const [entry] = await newestAudit(rig, 1);
    assert.deepEqual(
      [entry?.["action"], entry?.["subject"], entry?.["details"]],
      ["device.security-event", device.devEui, report],
    );
    const told = rig.events.filter(({ kind }) => kind === "security-event");
    assert.deepEqual(
      told.map(({ devEui, reason }) => [devEui, reason]),
      [1, 2].map(() => [device.devEui, "tampering"]),
    );
    const unknown = await rig.call("POST", "devices/ffffffffffffffff/security-events", report);
    assertProblem(unknown, 404, "device-unknown");
    const other = await rig.call("POST", path, { kind: "key-export" });
    assertProblem(other, 400, "request-malformed");
    assertNoDefects(rig);
  });

  it("are over with other root keys from an operator", async () => {
    const rig = await JoinServerRig.start(strict);
    await rig.put("update-policy", { triggers: ["tampering"], maxSessions: 1 });
    const device = new TestDevice("1.0.3");
    await rig.register(device);
    await rig.join(device);
    assert.equal(await dueOf(rig, device), "sessions");
    await rig.call("POST", `devices/${device.devEui}/security-events`, { kind: "tampering" });
    assert.equal(await dueOf(rig, device), "tampering");
    await rig.put(`devices/${device.devEui}/root-keys`, {
      nwkKey: "8d7ffef938589d95aad928c2e2e7e48f",
    });
    assert.equal(await dueOf(rig, device), null);
  });

  it("are exports of keys, one device at a time and many at once", async () => {
    const rig = await JoinServerRig.start(strict);
    await rig.put("device-profiles/watched", { updatePolicy: { triggers: ["key-export"] } });
    const watched = new TestDevice("1.0.3");
    const other = new TestDevice("1.0.3");
    await rig.register(watched, { deviceProfile: "watched" });
    await rig.register(other);
    const kek = { kek: "0f1e2d3c4b5a69788796a5b4c3d2e1f0" };
    for (const { devEui } of [watched, other]) {
      const { status, body } = await rig.call("POST", `devices/${devEui}/key-export`, kek);
      assert.equal(status, 200, JSON.stringify(body));
    }
    assert.deepEqual([await dueOf(rig, watched), await dueOf(rig, other)], ["key-export", null]);
    const another = new TestDevice("1.0.3");
    await rig.register(another, { deviceProfile: "watched" });
    assert.equal(await dueOf(rig, another), null);
    const exported = await rig.admin.inject({
      method: "POST",
      url: "/api/v1/exports",
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
      payload: { kek: { label: "other", key: kek.kek } },
    });
    assert.equal(exported.statusCode, 200, exported.body);
    assert.deepEqual([await dueOf(rig, another), await dueOf(rig, other)], ["key-export", null]);
  });
});

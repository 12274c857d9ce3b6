import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  JoinServerRig,
  type Json,
  keyHex,
  registrationOf,
  useJoinServer,
} from "../../../support/join-server-rig.ts";
import { randomKey, TestDevice } from "../../../support/test-device.ts";
import { assertNoDefects, assertProblem, newestAudit } from "./support.ts";

const rig = useJoinServer();

async function registered(version = "1.1.0", changes: Json = {}): Promise<TestDevice> {
  const device = new TestDevice(version as "1.1.0");
  await rig.register(device, changes);
  return device;
}

function detailsOf(entry: Json | undefined): Json {
  return entry?.["details"] as Json;
}

function countKinds(events: readonly { readonly kind: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of events) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

function draftOf(device: TestDevice, changes: Json = {}): Json {
  return { devEui: device.devEui, ...registrationOf(device), ...changes };
}

describe("a precondition that a route does not look at", () => {
  it("is refused, and nothing is done", async () => {
    const device = new TestDevice("1.0.3");
    await rig.register(device);
    const before = rig.dump();
    const path = `devices/${device.devEui}`;
    const headers = { "if-match": '"99"' };
    assertProblem(await rig.call("DELETE", path, undefined, headers), 400, "request-malformed");
    const reset = await rig.call("POST", `${path}/nonce-reset`, { reason: "a test" }, headers);
    assertProblem(reset, 400, "request-malformed");
    const any = await rig.call("PUT", path, registrationOf(device), { "if-match": "*" });
    assertProblem(any, 400, "request-malformed");
    assert.equal(rig.dump(), before);
  });
});

describe("PATCH /devices/{devEui}", () => {
  it("changes what is given and nothing else, once", async () => {
    const device = await registered("1.1.0", { name: "old", tags: { a: "1" } });
    const path = `devices/${device.devEui}`;
    const patch = { name: "new", tags: { b: "2" }, isDisabled: true };
    const { status, body, headers } = await rig.call("PATCH", path, patch);
    assert.equal(status, 200);
    const { name, tags, isDisabled, asId, version } = body;
    assert.deepEqual([name, tags, isDisabled, asId], ["new", { b: "2" }, true, "example-as"]);
    assert.equal(headers["etag"], `"${version}"`);
    const before = rig.dump();
    assert.deepEqual((await rig.call("PATCH", path, patch)).body, body);
    assert.equal(rig.dump(), before);
    const [entry] = await newestAudit(rig, 1);
    assert.equal(entry?.["action"], "device.change");
    assert.deepEqual(entry?.["details"], {
      changed: ["name", "tags", "isDisabled"],
      isDisabled: { from: false, to: true },
    });
  });

  it("refuses identity, keys and unknown members", async () => {
    const device = await registered();
    const before = rig.dump();
    for (const patch of [{ joinEui: "0".repeat(16) }, { macVersion: "1.0.3" }, { nwkKey: "00" }]) {
      assertProblem(
        await rig.call("PATCH", `devices/${device.devEui}`, patch),
        400,
        "request-malformed",
      );
    }
    assertProblem(await rig.call("PATCH", "devices/ffffffffffffffff", {}), 404, "device-unknown");
    assert.equal(rig.dump(), before);
  });
});

describe("If-Match and If-None-Match", () => {
  it("protect a change from being made over another", async () => {
    const device = await registered();
    const path = `devices/${device.devEui}`;
    const { etag } = (await rig.call("GET", path)).headers as { etag: string };
    const first = await rig.call("PATCH", path, { name: "first" }, { "if-match": etag });
    assert.equal(first.status, 200);
    const before = rig.dump();
    const second = await rig.call("PATCH", path, { name: "second" }, { "if-match": etag });
    assertProblem(second, 412, "precondition-failed");
    const put = { ...registrationOf(device), name: "third" };
    assertProblem(
      await rig.call("PUT", path, put, { "if-match": etag }),
      412,
      "precondition-failed",
    );
    assertProblem(
      await rig.call("PUT", path, put, { "if-none-match": "*" }),
      412,
      "precondition-failed",
    );
    for (const header of ["7", "W/x", '"x"', '"1","2"']) {
      const wrong = await rig.call("PATCH", path, { name: "x" }, { "if-match": header });
      assertProblem(wrong, 400, "request-malformed");
    }
    assert.equal(rig.dump(), before);
    const newest = first.headers["etag"] as string;
    assert.equal((await rig.call("PUT", path, put, { "if-match": newest })).status, 200);
  });

  it("create only, when asked to", async () => {
    const device = new TestDevice("1.0.3");
    const path = `devices/${device.devEui}`;
    const only = { "if-none-match": "*" };
    assert.equal((await rig.call("PUT", path, registrationOf(device), only)).status, 201);
  });

  it("have the ETag of a new device change with its first join", async () => {
    const device = await registered();
    const path = `devices/${device.devEui}`;
    const { etag } = (await rig.call("GET", path)).headers as { etag: string };
    await rig.join(device);
    assert.notEqual((await rig.call("GET", path)).headers["etag"], etag);
  });
});

describe("DELETE /devices/{devEui}", () => {
  it("erases the device; the nonces stay for the day it comes back", async () => {
    for (const version of ["1.1.0", "1.0.3"] as const) {
      const device = await registered(version);
      const request = device.joinRequest();
      await rig.join(device, request);
      const path = `devices/${device.devEui}`;
      assert.equal((await rig.call("DELETE", path)).status, 204);
      assertProblem(await rig.call("GET", path), 404, "device-unknown");
      assertProblem(await rig.call("DELETE", path), 404, "device-unknown");
      const [entry] = await newestAudit(rig, 1);
      assert.deepEqual([entry?.["action"], entry?.["subject"]], ["device.delete", device.devEui]);
      await rig.register(device);
      const replayed = await rig.askJoin(device, request);
      assert.equal((replayed["Result"] as Json)["ResultCode"], "JoinReqFailed");
      assert.equal((await rig.show(device))["joinNonce"], 1);
      await rig.join(device);
    }
  });
});

describe("GET /devices with a search", () => {
  it("finds by every member of the query", async () => {
    const server = await JoinServerRig.start();
    const meter = new TestDevice("1.1.0");
    const lamp = new TestDevice("1.0.3");
    await server.register(meter, {
      name: "Water Meter 17",
      tags: { serial: "AB-9" },
      isDisabled: true,
    });
    await server.register(lamp, { asId: "other-as", homeNetId: "000014" });
    const find = async (query: string) =>
      ((await server.call("GET", `devices?${query}`)).body["devices"] as Json[]).map(
        ({ devEui }) => devEui,
      );
    const expected: [string, TestDevice[]][] = [
      [`devEuiPrefix=${meter.devEui.toUpperCase()}`, [meter]],
      ["asId=other-as", [lamp]],
      ["homeNetId=000013", [meter]],
      ["macVersion=1.0.3", [lamp]],
      ["isDisabled=true", [meter]],
      ["isDisabled=false", [lamp]],
      ["generation=0", [meter, lamp]],
      ["generation=1", []],
      ["updateStatus=prepared", []],
      ["text=water", [meter]],
      ["text=ab-9", [meter]],
      ["text=nothing", []],
      ["text=water&asId=other-as", []],
    ];
    for (const [query, devices] of expected) {
      const found = await find(query);
      assert.deepEqual(found, devices.map(({ devEui }) => devEui).toSorted(), query);
    }
    for (const query of ["unknown=1", "isDisabled=maybe", "generation=-1", "macVersion=9"]) {
      assert.equal((await server.call("GET", `devices?${query}`)).status, 400, query);
    }
  });
});

describe("POST /devices/batch", () => {
  it("creates what can be created, says why not for the rest, and is on record once", async () => {
    const known = await registered("1.0.3");
    const [good, other] = [new TestDevice("1.1.0"), new TestDevice("1.0.3")] as const;
    const items = [
      draftOf(good),
      draftOf(known),
      draftOf(known, { nwkKey: keyHex(randomKey()) }),
      draftOf(new TestDevice("1.1.0"), { appKey: undefined }),
      draftOf(new TestDevice("1.0.3"), { suite: "rot13" }),
      draftOf(other),
      draftOf(good, { name: "again" }),
    ];
    const before = rig.dump();
    const dry = await rig.call("POST", "devices/batch", { devices: items, isDryRun: true });
    assert.equal(rig.dump(), before);
    const real = await rig.call("POST", "devices/batch", { devices: items });
    for (const [isDryRun, { status, body }] of [
      [true, dry],
      [false, real],
    ] as const) {
      assert.equal(status, 200, JSON.stringify(body));
      assert.equal(body["isDryRun"], isDryRun);
      assert.deepEqual(body["counts"], { created: 2, known: 1, refused: 4 });
      const outcomes = (body["outcomes"] as Json[]).map(({ outcome, code }) => code ?? outcome);
      assert.deepEqual(outcomes, [
        "created",
        "known",
        "write-conflict",
        "root-key-missing",
        "text-malformed",
        "created",
        "write-conflict",
      ]);
    }
    const [created, leftOut] = await newestAudit(rig, 2);
    const tried = [good.devEui, known.devEui, other.devEui];
    assert.deepEqual(detailsOf(created), { source: "batch", count: 3, devEuis: tried });
    assert.equal(leftOut?.["action"], "device.create-left-out");
    assert.deepEqual(detailsOf(leftOut)["devEuis"], [known.devEui]);
    const repeated = await rig.call("POST", "devices/batch", {
      devices: [items[0], items[5]] as Json[],
    });
    assert.deepEqual(repeated.body["counts"], { created: 0, known: 2, refused: 0 });
    await rig.join(good);
    await rig.join(other);
  });

  it("goes on with the nonces that another server had", async () => {
    const counts = new TestDevice("1.1.0");
    const draws = new TestDevice("1.0.3");
    const nonces = { joinNonce: 41, lastDevNonce: 3, usedDevNonces: [1, 7] };
    const devices = [draftOf(counts, { nonces }), draftOf(draws, { nonces })];
    const { body } = await rig.call("POST", "devices/batch", { devices });
    assert.deepEqual(body["counts"], { created: 2, known: 0, refused: 0 });
    const { joinNonce, lastDevNonce } = await rig.show(counts);
    assert.deepEqual([joinNonce, lastDevNonce], [41, 7]);
    assert.deepEqual(
      (await rig.store.listUsedDevNonces(draws.devEui as never))
        .map(({ devNonce }) => devNonce)
        .sort(),
      [1, 3, 7],
    );
  });

  it("warns of weak keys, alone and in a batch", async () => {
    const device = new TestDevice("1.1.0");
    const weak = { nwkKey: "00".repeat(16), appKey: "2B7E151628AED2A6ABF7158809CF4F3C" };
    const dry = { devices: [draftOf(device, weak)], isDryRun: true };
    const [outcome] = (await rig.call("POST", "devices/batch", dry)).body["outcomes"] as Json[];
    const body = await rig.put(`devices/${device.devEui}`, { ...registrationOf(device), ...weak });
    for (const warnings of [outcome?.["warnings"], body["warnings"]]) {
      assert.deepEqual(
        (warnings as Json[]).map(({ key, weakness }) => [key, weakness]),
        [
          ["nwkKey", "equal-octets"],
          ["appKey", "published"],
        ],
      );
    }
    assert.equal((await rig.show(device))["warnings"], undefined);
  });

  it("refuses a batch that has not its form as a whole", async () => {
    const before = rig.dump();
    const device = draftOf(new TestDevice("1.0.3"));
    for (const body of [
      {},
      { devices: [] },
      { devices: [device, { ...device, devEui: "1" }] },
      { devices: [{ ...device, nonces: { joinNonce: 0x100_0000 } }] },
      { devices: [{ ...device, name: "a\u0000b" }] },
      { devices: [{ ...device, tags: { "a\nb": "x" } }] },
      { devices: Array.from({ length: 1_001 }, () => device) },
    ]) {
      assertProblem(await rig.call("POST", "devices/batch", body), 400, "request-malformed");
    }
    assert.equal(rig.dump(), before);
  });
});

describe("POST /devices/batch-delete", () => {
  it("erases those that are there", async () => {
    const device = await registered();
    const devEuis = [device.devEui.toUpperCase(), "ffffffffffffffff"];
    const { body } = await rig.call("POST", "devices/batch-delete", { devEuis });
    assert.deepEqual(body["counts"], { deleted: 1, unknown: 1 });
    assert.deepEqual(
      (body["outcomes"] as Json[]).map(({ outcome }) => outcome),
      ["deleted", "unknown"],
    );
    assert.equal((await rig.call("GET", `devices/${device.devEui}`)).status, 404);
  });
});

describe("events of the administration", () => {
  it("tell what was done to which device", async () => {
    const device = await registered();
    await rig.call("PATCH", `devices/${device.devEui}`, { name: "x" });
    await rig.call("DELETE", `devices/${device.devEui}`);
    assert.deepEqual(
      rig.events.filter(({ devEui }) => devEui === device.devEui).map(({ kind }) => kind),
      ["device-created", "device-changed", "device-deleted"],
    );
    assertNoDefects(rig);
  });

  it("tell of a batch device by device up to 100, and of more in one", async () => {
    for (const [size, expected] of [
      [100, { "device-created": 100 }],
      [101, { "devices-imported": 1 }],
    ] as const) {
      const devices = Array.from({ length: size }, () => draftOf(new TestDevice("1.1.0")));
      const before = rig.events.length;
      await rig.call("POST", "devices/batch", { devices, isDryRun: true });
      assert.equal(rig.events.length, before);
      await rig.call("POST", "devices/batch", { devices });
      const published = rig.events.slice(before);
      assert.deepEqual(countKinds(published), expected);
      if (size > 100) assert.deepEqual(published[0]?.count, size);
    }
  });
});

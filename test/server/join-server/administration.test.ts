import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { WarrenError } from "../../../src/errors.ts";
import {
  AS_ID,
  JoinServerRig,
  type Json,
  keyHex,
  NET_ID,
  openEnvelope,
  registrationOf,
  resultOf,
  useJoinServer,
} from "../../support/join-server-rig.ts";
import { findKey } from "../../support/key-search.ts";
import { randomKey, TestDevice } from "../../support/test-device.ts";

const rig = useJoinServer();

function assertProblem(answer: { status: number; body: Json; headers: Json }, code: string): void {
  const { status, body, headers } = answer;
  assert.match(headers["content-type"] as string, /^application\/problem\+json/);
  assert.equal(body["title"], code, JSON.stringify(body));
  assert.equal(body["type"], `urn:warren:error:${code}`);
  assert.equal(body["status"], status);
  assert.equal(typeof body["detail"], "string");
}

async function registered(changes: Json = {}): Promise<TestDevice> {
  const device = new TestDevice("1.1.0");
  await rig.register(device, changes);
  return device;
}

describe("authorisation", () => {
  it("is wanted for everything under /api/v1 and for nothing else", async () => {
    const headers: Record<string, string>[] = [
      {},
      { authorization: "" },
      { authorization: "Bearer " },
      { authorization: "Bearer wrong" },
      { authorization: "test-administration-token" },
      { authorization: "Basic test-administration-token" },
    ];
    const device = await registered();
    const before = rig.dump();
    const routes = [
      ["GET", "/api/v1/devices"],
      ["GET", `/api/v1/devices/${device.devEui}`],
      ["PUT", `/api/v1/devices/${device.devEui}`],
      ["PUT", "/api/v1/network-servers/000099"],
      ["PUT", "/api/v1/application-servers/x"],
      ["POST", `/api/v1/devices/${device.devEui}/root-key-update`],
      ["DELETE", `/api/v1/devices/${device.devEui}/root-key-update`],
    ] as const;
    for (const header of headers) {
      for (const [method, url] of routes) {
        const response = await rig.admin.inject({ method, url, headers: header });
        assert.equal(response.statusCode, 401, `${method} ${url}`);
        assert.equal(response.json().title, "unauthorized");
      }
    }
    assert.equal(rig.dump(), before);
    const livez = await rig.admin.inject({ method: "GET", url: "/livez" });
    assert.deepEqual(livez.json(), { status: "ok" });
  });
});

describe("PUT /network-servers/{netId} and /application-servers/{asId}", () => {
  it("save the peer, and the same again changes nothing", async () => {
    const kek = keyHex(randomKey());
    const url = "http://127.0.0.1:7080";
    const first = await rig.put("network-servers/0000AA", { url, kekLabel: "x", kek });
    assert.deepEqual(
      [first["netId"], (first["route"] as Json)["url"], first["kekLabel"]],
      ["0000aa", url, "x"],
    );
    await rig.put("application-servers/as-2", { kek, appSKeyDelivery: "envelope" });
    const before = rig.dump();
    assert.deepEqual(
      await rig.put("network-servers/0000aa", { url, kekLabel: "x", kek: kek.toUpperCase() }),
      first,
    );
    const again = await rig.put("application-servers/as-2", { kek, appSKeyDelivery: "envelope" });
    assert.deepEqual(
      [again["asId"], again["appSKeyDelivery"], again["kekLabel"]],
      ["as-2", "envelope", "as-2"],
    );
    assert.equal(rig.dump(), before);
  });

  it("name the peer itself as label when none is given", async () => {
    const { kekLabel } = await rig.put("network-servers/0000ab", { kek: "11".repeat(16) });
    assert.equal(kekLabel, "0000ab");
    const kek = "22".repeat(16);
    assert.equal((await rig.put("application-servers/as-3", { kek }))["appSKeyDelivery"], "both");
  });

  it("refuse what has not its form", async () => {
    const wrong: [string, Json][] = [
      ["network-servers/00aa", {}],
      ["network-servers/0000xx", {}],
      ["network-servers/0000aa", { url: "ftp://x" }],
      ["network-servers/0000aa", { url: null }],
      ["network-servers/0000aa", {}],
      ["network-servers/0000aa", { kekLabel: "x" }],
      ["application-servers/as-4", { appSKeyDelivery: "envelope" }],
      ["network-servers/0000aa", { kek: "00" }],
      ["network-servers/0000aa", { kek: "zz".repeat(16) }],
      ["network-servers/0000aa", { kek: "00".repeat(16), kekLabel: "" }],
      ["network-servers/0000aa", { unknown: 1 }],
      ["application-servers/a%20b", {}],
      [`application-servers/${"a".repeat(65)}`, {}],
      ["application-servers/as-4", { appSKeyDelivery: "pigeon" }],
      ["application-servers/as-4", { kek: 7 }],
    ];
    const before = rig.dump();
    for (const [path, body] of wrong) {
      const answer = await rig.call("PUT", path, body);
      assert.equal(answer.status, 400, `${path} ${JSON.stringify(body)}`);
      assertProblem(answer, "request-malformed");
    }
    assert.equal(rig.dump(), before);
  });
});

describe("PUT /devices/{devEui}", () => {
  it("creates a device, and the same again changes nothing", async () => {
    const device = new TestDevice("1.1.0");
    const body = registrationOf(device);
    const created = await rig.call("PUT", `devices/${device.devEui.toUpperCase()}`, body);
    assert.equal(created.status, 201);
    const before = rig.dump();
    const again = await rig.call("PUT", `devices/${device.devEui}`, {
      ...body,
      joinEui: device.joinEui.toUpperCase(),
      nwkKey: (body["nwkKey"] as string).toUpperCase(),
    });
    assert.equal(again.status, 200);
    assert.deepEqual(again.body, created.body);
    assert.equal(rig.dump(), before);
    assert.deepEqual(await rig.show(device), created.body);
  });

  it("shows what is known of a device, and never a key", async () => {
    const device = await registered();
    await rig.join(device);
    const shown = await rig.show(device);
    assert.equal(shown["homeNetId"], NET_ID);
    assert.equal(shown["asId"], AS_ID);
    assert.equal(shown["suite"], "rabbit");
    assert.deepEqual(shown["updatePolicy"], {});
    assert.equal(shown["generation"], 0);
    assert.equal(shown["update"], null);
    assert.match((shown["rootKeys"] as Json)["nwkKey"] as string, /^[0-9a-f]{8}$/);
    assert.equal((shown["sessions"] as Json[]).length, 1);
    assert.equal(findKey(JSON.stringify(shown), device.allKeys), undefined);
  });

  it("changes settings and keeps everything else", async () => {
    const device = await registered();
    await rig.join(device);
    await rig.register(device, { suite: "aes-cmac", updatePolicy: { minimumPeriodMs: 0 } });
    const { suite, updatePolicy, joinNonce } = await rig.show(device);
    assert.deepEqual([suite, updatePolicy, joinNonce], ["aes-cmac", { minimumPeriodMs: 0 }, 1]);
    await rig.join(device);
  });

  it("refuses other keys, another JoinEUI or another version for a known device", async () => {
    const device = await registered();
    const before = rig.dump();
    for (const changes of [
      { nwkKey: keyHex(randomKey()) },
      { appKey: keyHex(randomKey()) },
      { joinEui: "70b3d57ed00000ff" },
      { macVersion: "1.0.4" },
    ]) {
      const body = { ...registrationOf(device), ...changes };
      const answer = await rig.call("PUT", `devices/${device.devEui}`, body);
      assert.equal(answer.status, 409);
      assertProblem(answer, "write-conflict");
    }
    assert.equal(rig.dump(), before);
  });

  it("takes the factory keys of a device that has updated them since, and leaves its own alone", async () => {
    const device = await registered();
    const factory = registrationOf(device);
    await rig.join(device);
    const { devEui: DevEUI } = device;
    const { MACCommand } = await rig.ask("RootKeyUpdateReq", { DevEUI, Reason: "age" });
    const ready = device.receiveCommand(MACCommand as string);
    const answer = await rig.ask("RootKeyCommandReq", { DevEUI, MACCommand: ready });
    device.receiveCommand(answer["MACCommand"] as string);
    await rig.join(device);
    const before = rig.dump();
    assert.equal((await rig.call("PUT", `devices/${device.devEui}`, factory)).status, 200);
    assert.equal(rig.dump(), before);
    await rig.join(device);
  });

  it("wants both root keys of a 1.1 device", async () => {
    const device = new TestDevice("1.1.0");
    const { appKey: _, ...body } = registrationOf(device);
    const answer = await rig.call("PUT", `devices/${device.devEui}`, body);
    assert.equal(answer.status, 400);
    assertProblem(answer, "root-key-missing");
    assert.equal((await rig.call("GET", `devices/${device.devEui}`)).status, 404);
  });

  it("refuses what has not its form, without repeating it", async () => {
    const device = new TestDevice("1.1.0");
    const body = registrationOf(device);
    const secret = body["nwkKey"] as string;
    const wrong: Json[] = [
      { nwkKey: `${secret}00` },
      { nwkKey: `0x${secret}` },
      { nwkKey: null },
      { nwkKey: [secret] },
      { nwkKey: 7 },
      { appKey: null },
      { appKey: "" },
      { joinEui: "70b3" },
      { macVersion: "1.2" },
      { macVersion: 1.1 },
      { homeNetId: "13" },
      { asId: "" },
      { asId: "ä" },
      { suite: "rot13" },
      { suite: null },
      { updatePolicy: { minimumPeriodMs: -1 } },
      { updatePolicy: null },
      { updatePolicy: { minimumPeriodMs: "5" } },
      { updatePolicy: { minimumPeriodMs: 0.5 } },
      { unknown: true },
      { version: 7 },
    ];
    const before = rig.dump();
    for (const changes of wrong) {
      const answer = await rig.call("PUT", `devices/${device.devEui}`, { ...body, ...changes });
      assert.equal(answer.status, 400, JSON.stringify(changes));
      assert.ok(!JSON.stringify(answer.body).includes(secret));
    }
    for (const devEui of ["01", "xx02030405060708", "01020304050607080"]) {
      assert.equal((await rig.call("PUT", `devices/${devEui}`, body)).status, 400);
    }
    assert.equal(rig.dump(), before);
  });

  it("refuses a body that is no JSON object, without repeating it", async () => {
    const secret = keyHex(randomKey());
    for (const payload of [`{"nwkKey":"${secret}"`, `["${secret}"]`, `"${secret}"`, secret, ""]) {
      const response = await rig.admin.inject({
        method: "PUT",
        url: "/api/v1/devices/0102030405060708",
        headers: {
          authorization: "Bearer test-administration-token",
          "content-type": "application/json",
        },
        payload,
      });
      assert.equal(response.statusCode, 400, payload);
      assert.equal(response.json().title, "request-malformed");
      assert.ok(!response.body.includes(secret));
    }
  });
});

describe("GET /devices", () => {
  it("gives pages in the order of DevEUI", async () => {
    const server = await JoinServerRig.start();
    const devices = [1, 2, 3, 4, 5].map(() => new TestDevice("1.0.3"));
    for (const device of devices.toReversed()) await server.register(device);
    const seen: unknown[] = [];
    let after: unknown;
    for (const [size, hasNext] of [
      [2, true],
      [2, true],
      [1, false],
    ] as const) {
      const query = after === undefined ? "" : `&after=${after}`;
      const { status, body } = await server.call("GET", `devices?limit=2${query}`);
      assert.equal(status, 200);
      assert.equal((body["devices"] as Json[]).length, size);
      seen.push(...(body["devices"] as Json[]).map((device) => device["devEui"]));
      after = body["next"];
      assert.equal(after !== null, hasNext);
    }
    assert.deepEqual(
      seen,
      devices.map((device) => device.devEui),
    );
  });

  it("refuses queries that have not their form", async () => {
    for (const query of ["limit=0", "limit=1001", "limit=x", "after=xyz", "limit="]) {
      assertProblem(await rig.call("GET", `devices?${query}`), "request-malformed");
    }
  });

  it("does not know a device that is not there", async () => {
    const answer = await rig.call("GET", "devices/ffffffffffffffff");
    assert.equal(answer.status, 404);
    assertProblem(answer, "device-unknown");
    assert.equal((await rig.call("GET", "nothing")).status, 404);
  });
});

describe("POST and DELETE /devices/{devEui}/root-key-update", () => {
  const path = (device: TestDevice) => `devices/${device.devEui}/root-key-update`;

  it("start an update and hand it to the Network Server of the device", async () => {
    await rig.put("network-servers/0000bb", { url: "http://127.0.0.1:9", kek: "11".repeat(16) });
    const device = await registered({ homeNetId: "0000bb" });
    const { status, body } = await rig.call("POST", path(device), { suite: "hkdf-sha256" });
    assert.equal(status, 202);
    assert.equal(body["isDelivered"], true);
    const { updateId, suite, status: updateStatus } = body;
    assert.deepEqual([updateId, suite, updateStatus], [1, "hkdf-sha256", "prepared"]);
    const delivered = rig.deliveries.at(-1);
    assert.equal(delivered?.devEui, device.devEui);
    assert.match(delivered?.macCommand ?? "", /^80010003[0-9a-f]{14}$/);
    await rig.call("POST", path(device), { suite: "hkdf-sha256" });
    assert.deepEqual(rig.deliveries.at(-1), delivered);
    const other = await rig.call("POST", path(device), { suite: "aes-cmac" });
    assert.equal(other.status, 409);
    assertProblem(other, "update-not-allowed");
    const aborted = await rig.call("DELETE", path(device));
    assert.equal((aborted.body["update"] as Json)["status"], "failed");
    assertProblem(await rig.call("DELETE", path(device)), "update-not-found");
  });

  it("take no body, an empty one and an empty object alike", async () => {
    const authorization = "Bearer test-administration-token";
    for (const request of [
      { headers: { authorization } },
      { headers: { authorization, "content-type": "application/json" } },
      { headers: { authorization, "content-type": "application/json" }, payload: "" },
      { headers: { authorization, "content-type": "application/json" }, payload: "{}" },
    ]) {
      const device = await registered();
      const url = `/api/v1/${path(device)}`;
      const response = await rig.admin.inject({ method: "POST", url, ...request });
      assert.equal(response.statusCode, 202, response.body);
      assert.equal(response.json().suite, "rabbit");
    }
  });

  it("keep the update when the Network Server cannot be reached", async () => {
    const server = await JoinServerRig.start({
      networkServerLink: {
        sendRootKeyUpdateReq: () => Promise.reject(new WarrenError("peer-unreachable", "gone")),
      },
    });
    await server.put("network-servers/0000bc", {
      url: "http://127.0.0.1:9",
      kek: "11".repeat(16),
    });
    const device = new TestDevice("1.1.0");
    await server.register(device, { homeNetId: "0000bc" });
    const { status, body } = await server.call("POST", path(device));
    assert.deepEqual([status, body["isDelivered"]], [202, false]);
    const members = { DevEUI: device.devEui, Reason: "operator", SenderID: "0000bc" };
    const answer = await server.ask("RootKeyUpdateReq", members);
    assert.equal(resultOf(answer), "Success");
    assert.equal(answer["UpdateID"], 1);
  });

  it("are not bound to the minimum period, which is for Network Servers", async () => {
    const device = await registered();
    await rig.join(device);
    const { devEui: DevEUI } = device;
    const { MACCommand } = await rig.ask("RootKeyUpdateReq", { DevEUI, Reason: "age" });
    const ready = device.receiveCommand(MACCommand as string);
    const answer = await rig.ask("RootKeyCommandReq", { DevEUI, MACCommand: ready });
    device.receiveCommand(answer["MACCommand"] as string);
    assertProblem(await rig.call("POST", path(device)), "update-not-allowed");
    await rig.join(device);
    assert.equal(
      resultOf(await rig.ask("RootKeyUpdateReq", { DevEUI, Reason: "age" })),
      "Deferred",
    );
    assert.equal((await rig.call("POST", path(device))).status, 202);
  });

  it("refuse what has not its form", async () => {
    const device = await registered();
    const before = rig.dump();
    assertProblem(await rig.call("POST", path(device), { suite: "rot13" }), "text-malformed");
    assertProblem(
      await rig.call("POST", path(device), { suite: "rabbit-split" }),
      "suite-not-allowed",
    );
    assertProblem(await rig.call("POST", path(device), { foo: 1 }), "request-malformed");
    const unknown = "devices/ffffffffffffffff/root-key-update";
    assertProblem(await rig.call("POST", unknown), "device-unknown");
    assertProblem(await rig.call("DELETE", unknown), "device-unknown");
    assert.equal(rig.dump(), before);
  });
});

describe("the AppSKey of a device", () => {
  it("goes to the Application Server that the operator says now", async () => {
    const device = await registered();
    const first = await rig.join(device);
    await rig.register(device, { asId: "other-as" });
    const { devEui: DevEUI } = device;
    const { SessionKeyID } = first;
    const old = await rig.ask("AppSKeyReq", { DevEUI, SessionKeyID, SenderID: AS_ID });
    assert.equal(resultOf(old), "ActivationDisallowed");
    const answer = await rig.join(device);
    const { appSKey } = device.sessionInUse();
    assert.equal(openEnvelope(answer["AppSKey"], rig.otherAsKek), keyHex(appSKey));
  });
});

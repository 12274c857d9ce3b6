import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { describe, type TestContext, test } from "node:test";
import { pino } from "pino";
import { systemClock } from "../../../src/clock.ts";
import { systemRandomBytes } from "../../../src/crypto/random.ts";
import { eu868 } from "../../../src/lorawan/region/eu868.ts";
import { listen } from "../../../src/server/http-app.ts";
import { createSimulatorApp } from "../../../src/server/simulator/simulator-app.ts";
import { perfectAir } from "../../../src/simulator/air/radio-frame.ts";
import { Simulator } from "../../../src/simulator/simulator.ts";
import { MemoryStore } from "../../simulator/support/memory-store.ts";

const token = "0123456789abcdefghij";
const nwkKey = "000102030405060708090a0b0c0d0e0f";
const appKey = "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff";
const url = "/api/v1/devices/0102030405060708";
const joinEui = "1112131415161718";

function setUp(context: TestContext) {
  const logged: string[] = [];
  const logger = pino({ level: "debug" }, { write: (line: string) => logged.push(line) });
  const store = new MemoryStore();
  const simulator = new Simulator(
    {
      region: eu868,
      networkServer: { host: "127.0.0.1", port: 9 },
      gatewayCount: 2,
      speed: 50,
      air: perfectAir,
      seed: 1,
    },
    { store, clock: systemClock, logger, randomBytes: systemRandomBytes },
  );
  const app = createSimulatorApp({ simulator, adminToken: token }, logger);
  context.after(async () => {
    await app.close();
    simulator.close();
  });
  const headers = { authorization: `Bearer ${token}` };
  const call = async (method: "GET" | "PUT" | "POST", path: string, payload?: object) => {
    const response = await app.inject({ method, url: path, headers, ...(payload && { payload }) });
    return { status: response.statusCode, body: response.json(), text: response.payload };
  };
  return { app, simulator, call, logged, store };
}

const device11 = { macVersion: "1.1.0", joinEui, nwkKey, appKey };

describe("the control API", () => {
  test("wants the token", async (context) => {
    const { app } = setUp(context);
    assert.equal((await app.inject({ url: "/api/v1/devices" })).statusCode, 401);
    assert.equal((await app.inject({ url: "/livez" })).statusCode, 200);
  });

  test("makes a device once, and never gives its keys back", async (context) => {
    const { call, logged, simulator } = setUp(context);
    const made = await call("PUT", url, device11);
    assert.equal(made.status, 200);
    assert.equal(made.body.joinState, "joining");
    assert.equal(made.body.generation, 0);
    assert.match(made.body.rootKeys.nwkKey, /^[0-9a-f]{8}$/);
    assert.equal((await call("PUT", url, { ...device11, uplinkIntervalMs: 9_000 })).status, 200);
    const shown = await call("GET", url);
    assert.equal(shown.body.uplinkIntervalMs, 9_000);
    assert.equal(shown.body.events[0].event, "started");
    assert.ok(!Number.isNaN(Date.parse(shown.body.events[0].at)));
    const other = await call("PUT", url, { ...device11, nwkKey: appKey });
    assert.equal(other.body.title, "identity-contradiction");
    await new Promise((resolve) => setTimeout(resolve, 200));
    const list = await call("GET", "/api/v1/devices");
    assert.equal(list.body.devices.length, 1);
    assert.ok(simulator.device(shown.body.devEui).recorder.counters.joinRequests > 0);
    const all = [made, shown, other, list].map(({ text }) => text).join() + logged.join();
    for (const key of [nwkKey, appKey]) assert.ok(!all.includes(key));
  });

  test("makes up to a thousand devices at once, or none, and pages through them", async (context) => {
    const { call, store } = setUp(context);
    const batch = "/api/v1/devices/batch";
    const devices = Array.from({ length: 1_000 }, (_, index) => ({
      devEui: (index * 7).toString(16).padStart(16, "0"),
      ...device11,
      uplinkIntervalMs: 31_536_000_000,
    }));
    const made = await call("POST", batch, { devices });
    assert.equal(made.status, 200);
    assert.equal(store.devices.size, 1_000);
    const { devEui, inSession, generation, hasCandidate, updateId } = made.body.devices[1];
    assert.deepEqual(
      [devEui, inSession, generation, hasCandidate, updateId],
      ["0000000000000007", false, 0, false, 0],
    );
    const other = { ...device11, devEui: "ff00000000000000" };
    const changed = { devEui: "0000000000000007", ...device11, nwkKey: appKey };
    for (const refused of [
      [other, other],
      [other, changed],
    ]) {
      const { body } = await call("POST", batch, { devices: refused });
      assert.equal(body.title, "identity-contradiction");
    }
    assert.equal((await call("POST", batch, { devices: [...devices, other] })).status, 400);
    assert.equal(store.devices.size, 1_000);
    const page = await call("GET", "/api/v1/devices?after=0000000000000008&limit=2");
    assert.deepEqual(
      page.body.devices.map((device: { devEui: string }) => device.devEui),
      ["000000000000000e", "0000000000000015"],
    );
    assert.equal((await call("POST", batch, { devices: [other] })).status, 200);
    const last = await call("GET", `/api/v1/devices?after=${devices.at(-1)?.devEui}`);
    assert.equal(last.body.devices.length, 1);
  });

  test("refuses what makes no device", async (context) => {
    const { call } = setUp(context);
    const bodies = [
      { ...device11, appKey: undefined },
      { macVersion: "1.0.3", joinEui },
      { ...device11, macVersion: "2.0" },
      { ...device11, nwkKey: "00" },
      { ...device11, more: 1 },
      { ...device11, uplinkIntervalMs: 1 },
      { macVersion: "1.1.0", joinEui, abp: { devAddr: "00000001", appSKey: appKey } },
    ];
    for (const body of bodies) assert.equal((await call("PUT", url, body)).status, 400);
    assert.equal((await call("GET", url)).status, 404);
  });

  test("takes the one root key of a 1.0.x device under either name", async (context) => {
    const { call } = setUp(context);
    const body = { macVersion: "1.0.3", joinEui };
    const first = await call("PUT", url, { ...body, appKey: nwkKey });
    const second = await call("PUT", url.replace("08", "09"), { ...body, nwkKey });
    assert.deepEqual(first.body.rootKeys, second.body.rootKeys);
    assert.equal(first.body.rootKeys.nwkKey, first.body.rootKeys.appKey);
  });

  test("personalizes a device, which then cannot join", async (context) => {
    const { call } = setUp(context);
    const abp = { devAddr: "00000001", appSKey: appKey, nwkSKey: nwkKey };
    const made = await call("PUT", url, { macVersion: "1.0.4", joinEui, abp });
    assert.equal(made.body.joinState, "joined");
    assert.equal(made.body.rootKeys, null);
    assert.equal((await call("POST", `${url}/join`)).body.title, "root-key-missing");
  });

  test("queues uplinks, and tells a device to join and rejoin", async (context) => {
    const { call, simulator } = setUp(context);
    await call("PUT", url, device11);
    const uplink = await call("POST", `${url}/uplinks`, { fPort: 5, payload: "AABB" });
    assert.equal(uplink.status, 202);
    assert.ok(uplink.body.uplinkId);
    const [device] = simulator.devices;
    assert.equal(device?.state.outbox[0]?.payload, "aabb");
    assert.equal((await call("POST", `${url}/uplinks`, { fPort: 0, payload: "" })).status, 400);
    assert.equal((await call("POST", `${url}/join`)).status, 202);
    assert.equal((await call("POST", `${url}/rejoin`, { type: 3 })).status, 400);
    assert.equal((await call("POST", `${url}/rejoin`, { type: 0 })).status, 409);
  });

  test("sets the air and shows the gateways", async (context) => {
    const { call } = setUp(context);
    const set = await call("PUT", "/api/v1/air", { lossUp: 0.25, delayMs: 10 });
    assert.deepEqual(set.body, { ...perfectAir, lossUp: 0.25, delayMs: 10 });
    assert.deepEqual((await call("GET", "/api/v1/air")).body, set.body);
    assert.equal((await call("PUT", "/api/v1/air", { lossUp: 2 })).status, 400);
    const { gateways } = (await call("GET", "/api/v1/gateways")).body;
    assert.equal(gateways.length, 2);
    assert.equal(gateways[0].gatewayEui, "5741525245" + "4e0001");
  });

  test("streams steps as they happen", async (context) => {
    const { app, call } = setUp(context);
    const base = await listen(app, { host: "127.0.0.1", port: 0 });
    const headers = { authorization: `Bearer ${token}` };
    const stream = request(`${base}/api/v1/events?devEui=0102030405060708`, { headers });
    stream.end();
    const [response] = await once(stream, "response");
    response.setEncoding("utf8");
    let text = "";
    response.on("data", (chunk: string) => {
      text += chunk;
    });
    await call("PUT", url.replace("08", "0a"), device11);
    await call("PUT", url, device11);
    while (!text.includes("join-request-sent")) await once(response, "data");
    assert.match(text, /event: started\ndata: \{"at":"/);
    assert.ok(!text.includes("010203040506070a"));
    stream.destroy();
  });
});

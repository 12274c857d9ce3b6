import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import fc from "fast-check";
import { pino } from "pino";
import { exportAes128Key } from "../../../src/crypto/aes128.ts";
import { createNetworkServerApp } from "../../../src/server/network-server/network-server-app.ts";
import { FakeDevice } from "../../network-server/support/fake-device.ts";
import { joinDevice, startTestNetwork } from "../../network-server/support/test-network.ts";

const TOKEN = "a-token-of-some-length";
const headers = { authorization: `Bearer ${TOKEN}` };

async function startApp(test: TestContext) {
  const network = await startTestNetwork(test);
  const app = createNetworkServerApp(
    { context: network.networkServer.context, adminToken: TOKEN },
    pino({ level: "silent" }),
  );
  test.after(() => app.close());
  return { network, app };
}

const record = (device: FakeDevice) => ({
  macVersion: device.macVersion,
  joinEui: device.joinEui,
  asId: "as",
});

test("an operator makes devices known and never sees a key", async (t) => {
  const { network, app } = await startApp(t);
  const device = new FakeDevice("1.1.0", 1);
  const url = `/api/v1/devices/${device.devEui}`;
  assert.equal((await app.inject({ url, headers })).statusCode, 404);
  assert.equal((await app.inject({ url })).statusCode, 401);
  const put = await app.inject({ method: "PUT", url, headers, payload: record(device) });
  assert.equal(put.statusCode, 200);
  network.joinServer.devices.set(device.devEui, device);
  await joinDevice(network, device);
  const { body } = await app.inject({ url: "/api/v1/devices", headers });
  assert.match(body, /"keyFingerprints"/);
  for (const key of Object.values(device.session)) {
    assert.equal(body.includes(Buffer.from(exportAes128Key(key)).toString("hex")), false);
  }
  const again = await app.inject({ method: "PUT", url, headers, payload: record(device) });
  assert.equal(again.json().session.devAddr, device.devAddr, "the session stays");
  const gateways = (await app.inject({ url: "/api/v1/gateways", headers })).json().gateways;
  assert.equal(gateways[0].gatewayEui, network.gateway.gatewayEui);
});

test("up to a thousand devices are made known at once, or none, and listed in pages", async (t) => {
  const { network, app } = await startApp(t);
  const [first, second] = [new FakeDevice("1.1.0", 1), new FakeDevice("1.0.3", 2)];
  const url = "/api/v1/devices/batch";
  const batch = (...devices: object[]) =>
    app.inject({ method: "POST", url, headers, payload: { devices } });
  const of = (device: FakeDevice) => ({ devEui: device.devEui, ...record(device) });
  assert.equal((await batch(of(first), { ...of(second), macVersion: "9" })).statusCode, 400);
  assert.equal(network.store.listDevices().length, 0);
  assert.deepEqual((await batch(of(first), of(second))).json(), { count: 2 });
  network.joinServer.devices.set(first.devEui, first);
  await joinDevice(network, first);
  await batch(of(first), of(second));
  const page = async (query: string) =>
    (await app.inject({ url: `/api/v1/devices?${query}`, headers })).json().devices;
  const [shown] = await page("limit=1");
  assert.equal(shown.session.devAddr, first.devAddr, "the session stays");
  const rest = await page(`after=${first.devEui}`);
  assert.deepEqual(
    rest.map(({ devEui }: { devEui: string }) => devEui),
    [second.devEui],
  );
  const many = Array.from({ length: 1_001 }, () => of(first));
  assert.equal((await batch(...many)).statusCode, 400);
});

test("rejoins and root key updates on an operator's word", async (t) => {
  const { network, app } = await startApp(t);
  const device = new FakeDevice("1.1.0", 1);
  network.addDevice(device);
  const url = `/api/v1/devices/${device.devEui}`;
  const forceRejoin = (rejoinType: unknown) =>
    app.inject({ method: "POST", url: `${url}/force-rejoin`, headers, payload: { rejoinType } });
  assert.equal((await forceRejoin(0)).json().title, "version-contradiction", "no session");
  await joinDevice(network, device);
  assert.equal((await forceRejoin(0)).statusCode, 202);
  assert.equal((await forceRejoin(3)).statusCode, 400);
  assert.equal((await forceRejoin("0")).statusCode, 400);

  const update = () => app.inject({ method: "POST", url: `${url}/root-key-update`, headers });
  assert.equal((await update()).json().title, "update-not-allowed", "deferred");
  network.joinServer.onRootKeyUpdate = () => ({
    updateId: 5,
    macCommand: Buffer.from("80050001aabbcc11223344", "hex"),
  });
  const accepted = await update();
  assert.deepEqual([accepted.statusCode, accepted.json()], [202, { updateId: 5 }]);
  const described = (await app.inject({ url, headers })).json();
  assert.deepEqual(described.rootKeyCommand, {
    cid: "0x80",
    updateId: 5,
    repeatsLeft: 16,
    nextFragment: 0,
  });
  network.joinServer.close();
  assert.equal((await update()).json().title, "peer-unreachable");
});

test("the Application Server reserves counters and queues downlinks", async (t) => {
  const { network, app } = await startApp(t);
  const device = new FakeDevice("1.0.3", 1);
  network.addDevice(device);
  await joinDevice(network, device);
  await network.gateway.exchange(device.uplink({ confirmed: true }));
  const SessionKeyID = network.store.findDevice(device.devEui)!.current!.sessionKeyId;
  const DevEUI = device.devEui.toUpperCase();
  const post = (path: string, payload: object) =>
    app.inject({ method: "POST", url: `/application-server/${path}`, payload });

  const reserved = await post("downlink-counters", { DevEUI, SessionKeyID });
  assert.deepEqual([reserved.statusCode, reserved.json()], [200, { FCntDown: 1 }]);
  const stale = await post("downlink-counters", { DevEUI, SessionKeyID: "old" });
  assert.deepEqual([stale.statusCode, stale.json().title], [409, "session-unknown"]);
  const downlink = {
    ...{ DevEUI, SessionKeyID, DownlinkID: "a", FPort: 7, FCntDown: 1 },
    ...{ Confirmed: false, FRMPayload: "0102" },
  };
  const queued = await post("downlinks", downlink);
  assert.deepEqual([queued.statusCode, queued.json()], [202, {}]);
  assert.equal((await post("downlinks", downlink)).statusCode, 202, "the same again");
  const other = await post("downlinks", { ...downlink, DownlinkID: "b" });
  assert.deepEqual([other.statusCode, other.json().title], [409, "downlink-refused"]);
  assert.equal((await post("downlinks", { ...downlink, FPort: 0 })).statusCode, 400);
  assert.equal((await post("downlinks", { ...downlink, FRMPayload: "0g" })).statusCode, 400);
});

test("whatever comes over HTTP: no defect, nothing changed", async (t) => {
  const { network, app } = await startApp(t);
  const device = new FakeDevice("1.1.0", 1);
  network.addDevice(device);
  await joinDevice(network, device);
  const before = JSON.stringify(network.store.listDevices());
  const urls = [
    "/",
    "/application-server/downlinks",
    "/application-server/downlink-counters",
    `/api/v1/devices/${device.devEui}/force-rejoin`,
  ];
  const members = fc.record(
    {
      ProtocolVersion: fc.oneof(fc.constant("1.0"), fc.jsonValue()),
      SenderID: fc.oneof(fc.constant(device.joinEui), fc.jsonValue()),
      ReceiverID: fc.oneof(fc.constant("000001"), fc.jsonValue()),
      TransactionID: fc.oneof(fc.constant(1), fc.jsonValue()),
      MessageType: fc.oneof(fc.constant("RootKeyUpdateReq"), fc.jsonValue()),
      DevEUI: fc.oneof(fc.constant(device.devEui), fc.jsonValue()),
      MACCommand: fc.oneof(fc.constant("80"), fc.jsonValue()),
      SessionKeyID: fc.jsonValue(),
      rejoinType: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...urls),
      fc.oneof(
        members.map((body) => JSON.stringify(body)),
        fc.json(),
        fc.string(),
      ),
      async (url, payload) => {
        const { statusCode } = await app.inject({
          ...{ method: "POST", url, payload },
          headers: { ...headers, "content-type": "application/json" },
        });
        assert.ok(statusCode < 500, `${statusCode}`);
      },
    ),
    { numRuns: 300 },
  );
  assert.equal(JSON.stringify(network.store.listDevices()), before);
  const huge = await app.inject({
    ...{ method: "POST", url: "/", payload: "x".repeat(100_000) },
    headers: { "content-type": "application/json" },
  });
  assert.equal(huge.statusCode, 413);
});

test("a header that can be read has its answer in TS002 terms, any other is HTTP 400", async (t) => {
  const { app } = await startApp(t);
  const post = (payload: object | string) =>
    app.inject({
      ...{ method: "POST", url: "/", payload },
      headers: { "content-type": "application/json" },
    });
  const header = {
    ...{ ProtocolVersion: "1.0", SenderID: "70B3D57ED0000001", ReceiverID: "000001" },
    ...{ TransactionID: 9, MessageType: "XmitDataReq" },
  };
  const answer = await post(header);
  assert.equal(answer.statusCode, 200);
  assert.deepEqual(answer.json(), {
    ProtocolVersion: "1.0",
    SenderID: "000001",
    ReceiverID: "70B3D57ED0000001",
    TransactionID: 9,
    MessageType: "XmitDataAns",
    Result: { ResultCode: "MalformedRequest" },
  });
  assert.equal((await post({})).statusCode, 400);
  assert.equal((await post("{")).statusCode, 400);
});

test("neither root keys nor AppSKeys get into the database", async (t) => {
  const { network } = await startApp(t);
  const secrets: Buffer[] = [];
  for (const version of ["1.0.3", "1.1.0"] as const) {
    const device = new FakeDevice(version, version === "1.1.0" ? 0x51 : 0x52);
    network.addDevice(device);
    await joinDevice(network, device);
    await network.gateway.exchange(device.uplink({ fPort: 1, confirmed: true }));
    const { nwkKey, appKey, session } = device;
    secrets.push(...[nwkKey, appKey, session.appSKey].map((key) => Buffer.from(key.export())));
  }
  const files = [network.path, `${network.path}-wal`].map((path) => readFileSync(path));
  for (const secret of secrets) {
    assert.equal(
      files.some((file) => file.includes(secret) || file.includes(secret.toString("hex"))),
      false,
    );
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { pino } from "pino";
import { parseHex } from "../../../src/lorawan/hex.ts";
import { BearerToken } from "../../../src/server/bearer-token.ts";
import { createNetworkServerApp } from "../../../src/server/network-server/network-server-app.ts";
import { FakeDevice } from "../../network-server/support/fake-device.ts";
import { joinDevice, startTestNetwork } from "../../network-server/support/test-network.ts";
import { until } from "../../network-server/support/until.ts";

const ADMIN_TOKEN = "the-token-of-its-operator";
const ROOT_KEY_TOKEN = "the-token-of-the-join-server";
const AS_TOKEN = "the-token-of-the-application-server";
const OTHER_TOKEN = "the-token-of-another-application-server";

test("with tokens for them, a Network Server believes nobody else to be the Join Server or an Application Server", async (t) => {
  const network = await startTestNetwork(t);
  const device = new FakeDevice("1.0.3", 1);
  network.addDevice(device);
  await joinDevice(network, device);
  network.gateway.push(device.uplink({ fPort: 1, payload: parseHex("01") }));
  await until(
    () => network.store.findDevice(device.devEui)?.current !== undefined,
    "a session that the device has used",
  );
  const app = createNetworkServerApp(
    {
      context: network.networkServer.context,
      adminToken: ADMIN_TOKEN,
      rootKeyToken: ROOT_KEY_TOKEN,
      applicationServerTokens: new Map([
        ["as", new BearerToken(AS_TOKEN)],
        ["other", new BearerToken(OTHER_TOKEN)],
      ]),
    },
    pino({ level: "silent" }),
  );
  t.after(() => app.close());
  const stored = () => {
    const found = network.store.findDevice(device.devEui);
    assert.ok(found);
    return found;
  };
  const DevEUI = device.devEui;
  const SessionKeyID = stored().current?.sessionKeyId;
  const post = (url: string, payload: object, token?: string) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return app.inject({ method: "POST", url, headers, payload });
  };
  const counter = { DevEUI, SessionKeyID };
  const downlink = {
    ...{ ...counter, DownlinkID: "d1", FPort: 1, FCntDown: 0 },
    ...{ Confirmed: false, FRMPayload: "01" },
  };
  const command = {
    ...{ ProtocolVersion: "1.0", SenderID: device.joinEui, ReceiverID: "000001" },
    ...{ TransactionID: 7, MessageType: "RootKeyUpdateReq", DevEUI },
    MACCommand: "80050001aabbcc11223344",
  };
  const before = stored();
  for (const wrong of [undefined, ADMIN_TOKEN, ROOT_KEY_TOKEN, OTHER_TOKEN]) {
    assert.equal(
      (await post("/application-server/downlink-counters", counter, wrong)).statusCode,
      401,
    );
    assert.equal((await post("/application-server/downlinks", downlink, wrong)).statusCode, 401);
  }
  for (const wrong of [undefined, ADMIN_TOKEN, AS_TOKEN]) {
    const answer = await post("/", command, wrong);
    assert.equal(answer.json().Result.ResultCode, "UnknownSender");
  }
  assert.deepEqual(stored(), before);
  const reserved = await post("/application-server/downlink-counters", counter, AS_TOKEN);
  assert.deepEqual(reserved.json(), { FCntDown: 0 });
  assert.equal((await post("/application-server/downlinks", downlink, AS_TOKEN)).statusCode, 202);
  assert.equal((await post("/", command, ROOT_KEY_TOKEN)).json().Result.ResultCode, "Success");
});

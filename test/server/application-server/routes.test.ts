import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WarrenError } from "../../../src/errors.ts";
import {
  APP_S_KEY_HEX,
  DEV_EUI,
  decryptOnDevice,
  OTHER_APP_S_KEY_HEX,
  startSession,
} from "../../application-server/support/fixtures.ts";
import { AUTHORIZED, testApp, uplinkBody } from "./support/test-app.ts";

const DEVICE = `/api/v1/devices/${DEV_EUI}`;

type TestApp = ReturnType<typeof testApp>;

function postUplink({ app }: TestApp, change?: Record<string, unknown>) {
  return app.inject({
    method: "POST",
    url: "/network-server/uplinks",
    payload: uplinkBody(change),
  });
}

function postDownlink({ app }: TestApp, payload: object) {
  return app.inject({
    method: "POST",
    url: `${DEVICE}/downlinks`,
    headers: AUTHORIZED,
    payload,
  });
}

describe("POST /network-server/uplinks", () => {
  test("keeps and shows the uplink, once", async () => {
    const server = testApp();
    const answer = await postUplink(server);
    assert.equal(answer.statusCode, 200);
    assert.deepEqual(answer.json(), { outcome: "decrypted" });
    assert.deepEqual((await postUplink(server)).json(), { outcome: "duplicate" });
    assert.deepEqual(server.events()[1], {
      type: "uplink",
      devEui: DEV_EUI,
      devAddr: "26011bda",
      sessionKeyId: "session-1",
      fPort: 1,
      fCntUp: 0,
      confirmed: false,
      payload: "010203",
      receivedAt: "2026-01-01T00:00:00.000Z",
      dataRate: "SF7BW125",
      frequency: 868_100_000,
      gateways: [{ gatewayEui: "aabbccddeeff0011", rssi: -60, snr: 9.5 }],
    });
    assert.equal(server.events().length, 2);
  });

  test("answers 503 while the Join Server is away, 200 when the key can never be had", async () => {
    let answer = new WarrenError("peer-unreachable", "no answer from http://x");
    const server = testApp({ joinServer: () => answer });
    const away = await postUplink(server, { AppSKey: undefined, JoinEUI: "70b3d57ed0000000" });
    assert.equal(away.statusCode, 503);
    assert.equal(away.json().title, "peer-unreachable");
    assert.deepEqual(server.events(), []);
    answer = new WarrenError("peer-refused", "Other");
    assert.equal((await postUplink(server, { AppSKey: undefined })).statusCode, 200);
    assert.equal(server.events()[0]?.["undecryptable"], "join-server-unknown");
  });

  test("takes the short spelling of a version, upper case and members it does not know", async () => {
    const server = testApp();
    const answer = await postUplink(server, {
      DevEUI: DEV_EUI.toUpperCase(),
      DevAddr: "26011BDA",
      MACVersion: "1.1",
      Gateways: undefined,
      Tomorrow: 1,
    });
    assert.deepEqual(answer.json(), { outcome: "decrypted" });
    assert.equal(server.store.device(DEV_EUI)?.macVersion, "1.1.0");
  });
});

describe("an uplink that very many gateways heard", () => {
  test("is taken, with the first hundred of them", async () => {
    const server = testApp();
    const Gateways = Array.from({ length: 150 }, (_, index) => ({
      GatewayEUI: index.toString(16).padStart(16, "0"),
      RSSI: -index,
    }));
    assert.equal((await postUplink(server, { Gateways })).json().outcome, "decrypted");
    const [stored] = server.store.uplinks(DEV_EUI);
    const { gateways } = stored?.reception ?? {};
    assert.equal(gateways?.length, 100);
    assert.equal(gateways.at(-1)?.rssi, -99);
  });
});

describe("POST /network-server/messages", () => {
  const post = ({ app }: TestApp, messages: readonly object[]) =>
    app.inject({
      method: "POST",
      url: "/network-server/messages",
      payload: { Messages: messages },
    });

  test("takes uplinks and downlink events, each for itself", async () => {
    const server = testApp();
    startSession(server);
    const { downlinkId } = (await postDownlink(server, { fPort: 1, payload: "01" })).json();
    const answer = await post(server, [
      { Uplink: uplinkBody() },
      { Uplink: uplinkBody({ FCntUp: 1, MACVersion: "9.9" }) },
      { Uplink: uplinkBody({ FCntUp: 2 }) },
      { DownlinkEvent: { DevEUI: DEV_EUI, DownlinkID: downlinkId, Event: "sent" } },
      { Uplink: uplinkBody() },
    ]);
    assert.deepEqual([answer.statusCode, answer.json()], [200, { Failed: [{ Index: 1 }] }]);
    const told = server.events().map((event) => event["fCntUp"] ?? event["state"]);
    assert.deepEqual(told.sort(), [0, 2, "queued", "sent"].sort());
  });

  test("tells which uplinks have to wait for the Join Server", async () => {
    const away = new WarrenError("peer-unreachable", "no answer from http://x");
    const server = testApp({ joinServer: () => away });
    const unknown = uplinkBody({ AppSKey: undefined, JoinEUI: "70b3d57ed0000000" });
    const answer = await post(server, [{ Uplink: unknown }]);
    assert.deepEqual([answer.statusCode, answer.json()], [200, { Failed: [{ Index: 0 }] }]);
    assert.deepEqual(server.events(), []);
  });

  test("refuses a message that is neither", async () => {
    assert.equal((await post(testApp(), [{ Downlink: {} }])).statusCode, 400);
  });
});

describe("POST /network-server/downlink-events", () => {
  test("moves the downlink to its next state", async () => {
    const server = testApp();
    startSession(server);
    const { downlinkId } = (await postDownlink(server, { fPort: 1, payload: "01" })).json();
    for (const [event, state] of [
      ["sent", "sent"],
      ["sent", "sent"],
      ["acknowledged", "acknowledged"],
      ["failed", "acknowledged"],
    ]) {
      const answer = await server.app.inject({
        method: "POST",
        url: "/network-server/downlink-events",
        payload: { DevEUI: DEV_EUI, DownlinkID: downlinkId, Event: event, FCntDown: 0, At: "..." },
      });
      assert.equal(answer.statusCode, 200);
      assert.equal(server.store.downlink(downlinkId)?.state, state);
    }
    assert.deepEqual(
      server.events().map((event) => event["state"]),
      ["queued", "sent", "acknowledged"],
    );
  });

  test("keeps a bounded part of the reason, and takes news of unknown downlinks", async () => {
    const server = testApp();
    startSession(server);
    const { downlinkId } = (await postDownlink(server, { fPort: 1, payload: "01" })).json();
    for (const id of [downlinkId, "unknown"]) {
      const answer = await server.app.inject({
        method: "POST",
        url: "/network-server/downlink-events",
        payload: { DevEUI: DEV_EUI, DownlinkID: id, Event: "failed", Reason: "x".repeat(900) },
      });
      assert.equal(answer.statusCode, 200);
    }
    assert.equal(server.store.downlink(downlinkId)?.reason?.length, 200);
  });
});

describe("POST /api/v1/devices/{devEui}/downlinks", () => {
  test("hands an encrypted downlink over and answers 202 with it", async () => {
    const server = testApp();
    startSession(server);
    const answer = await postDownlink(server, { fPort: 10, payload: "CAfe", confirmed: true });
    assert.equal(answer.statusCode, 202);
    const [taken] = server.networkServer.taken;
    assert.equal(answer.json().downlinkId, taken?.downlinkId);
    assert.equal(answer.json().state, "queued");
    assert.equal(taken?.isConfirmed, true);
    assert.deepEqual(taken && decryptOnDevice(taken), Uint8Array.of(0xca, 0xfe));
    const one = await server.app.inject({
      url: `${DEVICE}/downlinks/${taken?.downlinkId}`,
      headers: AUTHORIZED,
    });
    assert.deepEqual(one.json(), answer.json());
    const all = await server.app.inject({ url: `${DEVICE}/downlinks`, headers: AUTHORIZED });
    assert.deepEqual(all.json(), { downlinks: [answer.json()] });
  });

  test("says what is wrong", async () => {
    const server = testApp();
    startSession(server);
    for (const [payload, title, words] of [
      [{ fPort: 0, payload: "01" }, "value-out-of-range", /MAC commands/],
      [{ fPort: 224, payload: "01" }, "value-out-of-range", /test protocol/],
      [{ fPort: 255, payload: "01" }, "value-out-of-range", /reserved/],
      [{ fPort: 1, payload: "012" }, "text-malformed", /payload: not hex/],
      [{ fPort: 1, payload: "zz" }, "text-malformed", /payload: not hex/],
      [{ fPort: 1, payload: "00".repeat(243) }, "frame-too-long", /242/],
      [{ fPort: 1, payload: null }, "request-malformed", /payload/],
      [{ fPort: "1", payload: "01" }, "request-malformed", /fPort/],
      [{ fPort: 1, payload: "01", confimed: true }, "request-malformed", /additional/],
    ] as const) {
      const answer = await postDownlink(server, payload);
      assert.equal(answer.statusCode, 400, JSON.stringify(payload));
      assert.equal(answer.json().title, title);
      assert.match(answer.json().detail, words);
    }
    assert.deepEqual(server.events(), []);
    assert.equal(server.store.currentSession(DEV_EUI)?.nextFCntDown, 0);
  });

  test("answers 404 for an unknown device, 409 without a session, 502 for the Network Server", async () => {
    const server = testApp();
    const body = { fPort: 1, payload: "01" };
    assert.equal((await postDownlink(server, body)).statusCode, 404);
    await server.app.inject({
      method: "PUT",
      url: DEVICE,
      headers: AUTHORIZED,
      payload: { macVersion: "1.1.0" },
    });
    const without = await postDownlink(server, body);
    assert.equal(without.statusCode, 409);
    assert.equal(without.json().title, "session-unknown");
    assert.match(without.json().detail, /first uplink/);
    startSession(server);
    server.networkServer.onDownlink = () => {
      throw new WarrenError("peer-unreachable", "does not answer");
    };
    assert.equal((await postDownlink(server, body)).statusCode, 502);
    server.networkServer.onDownlink = () => {
      throw new WarrenError("downlink-refused", "not the next");
    };
    assert.equal((await postDownlink(server, body)).statusCode, 409);
    const states = server.store.downlinks(DEV_EUI).map(({ state }) => state);
    assert.deepEqual(states, ["failed", "failed"]);
  });
});

describe("devices", () => {
  test("an ABP device is stored, shown without its key, and the same again is no change", async () => {
    const server = testApp();
    const put = () =>
      server.app.inject({
        method: "PUT",
        url: DEVICE,
        headers: AUTHORIZED,
        payload: { macVersion: "1.0.3", abp: { devAddr: "26011BDA", appSKey: APP_S_KEY_HEX } },
      });
    const answer = await put();
    assert.equal(answer.statusCode, 200);
    assert.equal(answer.json().session.sessionKeyId, "abp:26011bda");
    assert.match(answer.json().session.appSKeyFingerprint, /^[0-9a-f]{8}$/);
    assert.deepEqual((await put()).json(), answer.json());
    assert.equal(server.events().length, 1);
  });

  test("are listed by pages and shown with their last uplinks and downlinks", async () => {
    const server = testApp();
    await postUplink(server);
    await postUplink(server, { FCntUp: 1 });
    await postUplink(server, { DevEUI: "ffffffffffffffff", SessionKeyID: "abp:26011bda" });
    await postDownlink(server, { fPort: 1, payload: "01" });
    const list = await server.app.inject({ url: "/api/v1/devices", headers: AUTHORIZED });
    const devices = list.json().devices as Record<string, unknown>[];
    assert.deepEqual(
      devices.map(({ devEui }) => devEui),
      [DEV_EUI, "ffffffffffffffff"],
    );
    assert.equal(devices[1]?.["session"], null);
    const next = await server.app.inject({
      url: `/api/v1/devices?after=${DEV_EUI}&limit=1`,
      headers: AUTHORIZED,
    });
    assert.deepEqual(next.json().devices, [devices[1]]);
    const one = (await server.app.inject({ url: DEVICE, headers: AUTHORIZED })).json();
    assert.equal(one.session.lastFCntUp, 1);
    assert.equal(one.session.nextFCntDown, 1);
    assert.deepEqual(
      one.uplinks.map((uplink: Record<string, unknown>) => [uplink["fCntUp"], uplink["payload"]]),
      [
        [1, "010203"],
        [0, "010203"],
      ],
    );
    assert.equal(one.downlinks.length, 1);
    for (const url of ["/api/v1/devices?limit=0", "/api/v1/devices?after=xyz"]) {
      assert.equal((await server.app.inject({ url, headers: AUTHORIZED })).statusCode, 400);
    }
  });
});

test("the API wants the token; liveness and the Network Server's routes do not", async () => {
  const { app } = testApp();
  for (const url of ["/api/v1/devices", DEVICE, `${DEVICE}/downlinks`, "/api/v1/events"]) {
    assert.equal((await app.inject({ url })).statusCode, 401, url);
    const wrong = { authorization: "Bearer wrong" };
    assert.equal((await app.inject({ url, headers: wrong })).statusCode, 401);
  }
  assert.equal((await app.inject({ method: "PUT", url: DEVICE, payload: {} })).statusCode, 401);
  assert.equal((await app.inject({ url: "/livez" })).statusCode, 200);
  assert.equal((await app.inject({ url: "/nowhere" })).statusCode, 404);
});

test("no answer and no line of the log holds a key", async () => {
  const server = testApp();
  const answers = [
    await postUplink(server),
    await postUplink(server, {
      SessionKeyID: "s2",
      AppSKey: { KEKLabel: "", AESKey: APP_S_KEY_HEX },
    }),
    await postUplink(server, { SessionKeyID: "s3", AppSKey: { AESKey: `${APP_S_KEY_HEX}00` } }),
    await postDownlink(server, { fPort: 1, payload: "01" }),
    await server.app.inject({
      method: "PUT",
      url: DEVICE,
      headers: AUTHORIZED,
      payload: { macVersion: "1.1.0", abp: { devAddr: "01020304", appSKey: OTHER_APP_S_KEY_HEX } },
    }),
    await server.app.inject({
      method: "PUT",
      url: DEVICE,
      headers: AUTHORIZED,
      payload: { macVersion: "1.1.0", abp: { devAddr: "x", appSKey: `${OTHER_APP_S_KEY_HEX}00` } },
    }),
    await server.app.inject({ url: DEVICE, headers: AUTHORIZED }),
  ];
  const shown = [...answers.map(({ body }) => body), ...server.logged].join("\n").toLowerCase();
  assert.ok(server.logged.length > 0);
  for (const secret of [APP_S_KEY_HEX, OTHER_APP_S_KEY_HEX]) assert.ok(!shown.includes(secret));
});

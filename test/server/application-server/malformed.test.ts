import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { APP_S_KEY_HEX, DEV_EUI, startSession } from "../../application-server/support/fixtures.ts";
import { AUTHORIZED, testApp, uplinkBody } from "./support/test-app.ts";

const ROUTES = [
  ["POST", "/network-server/uplinks"],
  ["POST", "/network-server/downlink-events"],
  ["PUT", `/api/v1/devices/${DEV_EUI}`],
  ["POST", `/api/v1/devices/${DEV_EUI}/downlinks`],
] as const;

/** The body `value` in place of one member, which must be refused without a change. */
const BAD_UPLINK_MEMBERS: readonly (readonly [string, unknown])[] = [
  ["DevEUI", "01"],
  ["DevEUI", 1],
  ["DevEUI", null],
  ["DevEUI", undefined],
  ["DevAddr", "0x26011bda"],
  ["MACVersion", "2.0"],
  ["MACVersion", 1.1],
  ["SessionKeyID", ""],
  ["SessionKeyID", "x".repeat(129)],
  ["SessionKeyID", null],
  ["AppSKey", "ec925802ae430ca77fd3dd73cb2cc588"],
  ["AppSKey", { KEKLabel: "as:example", AESKey: "zz" }],
  ["AppSKey", { KEKLabel: "as:example", AESKey: "00" }],
  ["AppSKey", { KEKLabel: "as:example" }],
  ["AppSKey", null],
  ["FPort", 0],
  ["FPort", 256],
  ["FPort", "1"],
  ["FPort", null],
  ["FCntUp", -1],
  ["FCntUp", 2 ** 32],
  ["FCntUp", 1.5],
  ["FCntUp", null],
  ["Confirmed", "false"],
  ["Confirmed", 0],
  ["FRMPayload", "abc"],
  ["FRMPayload", "00".repeat(256)],
  ["FRMPayload", null],
  ["ReceivedAt", 1],
  ["ReceivedAt", "x".repeat(41)],
  ["Gateways", {}],
  ["Gateways", [{}]],
  ["Gateways", new Array(1_001).fill({ GatewayEUI: "aabbccddeeff0011" })],
];

describe("a malformed uplink is answered 400 and changes nothing", () => {
  const server = testApp();
  for (const [name, value] of BAD_UPLINK_MEMBERS) {
    test(`${name}: ${JSON.stringify(value)?.slice(0, 60)}`, async () => {
      const answer = await server.app.inject({
        method: "POST",
        url: "/network-server/uplinks",
        payload: uplinkBody({ [name]: value }),
      });
      assert.equal(answer.statusCode, 400);
      assert.equal(server.store.device(DEV_EUI), undefined);
      assert.equal(server.store.lastEventId(), 0);
    });
  }
});

describe("a body that is no JSON object is refused by every route", () => {
  for (const [method, url] of ROUTES) {
    test(`${method} ${url}`, async () => {
      const server = testApp();
      startSession(server);
      for (const [payload, contentType, status] of [
        ["{", "application/json", 400],
        ["", "application/json", 400],
        ["[]", "application/json", 400],
        ["null", "application/json", 400],
        ['"text"', "application/json", 400],
        [`{"__proto__":{"x":1}}`, "application/json", 400],
        ["a=b", "application/x-www-form-urlencoded", 415],
        [`{"x":"${"x".repeat(70_000)}"}`, "application/json", 413],
      ] as const) {
        const answer = await server.app.inject({
          method,
          url,
          headers: { ...AUTHORIZED, "content-type": contentType },
          payload,
        });
        assert.equal(answer.statusCode, status, payload.slice(0, 40));
        assert.equal(answer.headers["content-type"], "application/problem+json; charset=utf-8");
      }
      assert.equal(server.store.lastEventId(), 0);
    });
  }
});

test("bad DevEUIs, unknown devices and downlinks in the path are 400 and 404", async () => {
  const server = testApp();
  const { app } = server;
  startSession(server);
  for (const [url, status] of [
    ["/api/v1/devices/xyz", 400],
    ["/api/v1/devices/0102", 400],
    // longer than the router takes
    [`/api/v1/devices/${"0".repeat(1_000)}`, 414],
    ["/api/v1/devices/ffffffffffffffff", 404],
    ["/api/v1/devices/ffffffffffffffff/downlinks", 404],
    [`/api/v1/devices/${DEV_EUI}/downlinks/unknown`, 404],
    ["/api/v1/events?devEui=1", 400],
  ] as const) {
    const answer = await app.inject({ url, headers: AUTHORIZED });
    assert.equal(answer.statusCode, status, url);
  }
});

describe("any JSON is answered without a 5xx and without a change", () => {
  const names = fc.constantFrom(...Object.keys(uplinkBody()), "Event", "fPort", "payload", "abp");
  const json = fc.oneof(
    fc.jsonValue(),
    fc.dictionary(names, fc.jsonValue()),
    // nearly right: one member replaced
    fc.tuple(names, fc.jsonValue()).map(([name, value]) => ({ ...uplinkBody(), [name]: value })),
  );
  for (const [method, url] of ROUTES) {
    test(`${method} ${url}`, async () => {
      const server = testApp();
      await fc.assert(
        fc.asyncProperty(json, async (body) => {
          const before = server.store.lastEventId();
          const answer = await server.app.inject({
            method,
            url,
            headers: { ...AUTHORIZED, "content-type": "application/json" },
            payload: JSON.stringify(body),
          });
          assert.ok(answer.statusCode < 500, `${answer.statusCode} for ${JSON.stringify(body)}`);
          if (answer.statusCode >= 400) assert.equal(server.store.lastEventId(), before);
          assert.ok(!answer.body.includes(APP_S_KEY_HEX));
        }),
        { numRuns: 100 },
      );
    });
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { JoinAns, JoinReq } from "../../src/backend/join-messages.ts";
import { sealKeyEnvelope } from "../../src/backend/key-envelope.ts";
import { equalKeys, importAes128Key } from "../../src/crypto/aes128.ts";
import { type DevAddr, parseEui64, parseNetId } from "../../src/lorawan/identifiers.ts";
import { drawDevAddr } from "../../src/network-server/session/dev-addr.ts";
import { sessionFromAnswer } from "../../src/network-server/session/session-from-answer.ts";
import { AS_KEK, NS_KEK } from "./support/fake-join-server.ts";

const KEY = importAes128Key(new Uint8Array(16).fill(7));

const request: JoinReq = {
  macVersion: "1.0.3",
  phyPayload: new Uint8Array(23),
  devEui: parseEui64("0000000000000001"),
  devAddr: "02000001" as DevAddr,
  dlSettings: 0x00,
  rxDelay: 0,
};

const answer: JoinAns = {
  phyPayload: new Uint8Array(17),
  lifetime: 0,
  networkKeys: { nwkSKey: sealKeyEnvelope(KEY, NS_KEK) },
  appSKey: sealKeyEnvelope(KEY, AS_KEK),
  sessionKeyId: "s",
};

const open = (changes: Partial<JoinAns>, requestChanges: Partial<JoinReq> = {}, keks = [NS_KEK]) =>
  sessionFromAnswer({
    request: { ...request, ...requestChanges },
    answer: { ...answer, ...changes },
    keks,
    origin: "join",
    now: 5,
  });

test("a wrapped NwkSKey is all three network keys; RxDelay 0 is one second", () => {
  const session = open({});
  for (const key of Object.values(session.keys)) assert.ok(equalKeys(key, KEY));
  assert.deepEqual([session.version, session.rxDelaySeconds], ["1.0", 1]);
  assert.deepEqual(session.appSKey, answer.appSKey);
});

test("an AppSKey in clear is not kept", () => {
  assert.equal(open({ appSKey: sealKeyEnvelope(KEY, undefined) }).appSKey, undefined);
});

test("network keys in clear are taken only where no KEK was agreed", () => {
  const networkKeys = { nwkSKey: sealKeyEnvelope(KEY, undefined) };
  assert.ok(equalKeys(open({ networkKeys }, {}, []).keys.fNwkSIntKey, KEY));
  assert.throws(() => open({ networkKeys }), { code: "key-unwrap-failed" });
  assert.throws(() => open({ networkKeys: { nwkSKey: sealKeyEnvelope(KEY, AS_KEK) } }), {
    code: "key-unwrap-failed",
  });
});

test("keys of the other version than OptNeg says are refused", () => {
  assert.throws(() => open({}, { dlSettings: 0x80 }), { code: "peer-answer-malformed" });
});

test("addresses carry the NwkID and avoid those in use", () => {
  const draws = [Uint8Array.of(0xff, 0, 0, 1), Uint8Array.of(0xfe, 0xff, 0xff, 0xff)];
  const store = {
    findDevicesByDevAddr: (devAddr: DevAddr) => (devAddr === "03000001" ? [{} as never] : []),
  };
  const devAddr = drawDevAddr(parseNetId("000001"), () => draws.shift()!, store);
  assert.equal(devAddr, "02ffffff");
});

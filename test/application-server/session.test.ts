import assert from "node:assert/strict";
import { test } from "node:test";
import {
  abpSessionKeyId,
  firstFCntDown,
  isAbpSessionKeyId,
  takeFCntDown,
} from "../../src/application-server/session.ts";
import { keyFingerprint } from "../../src/crypto/key-fingerprint.ts";
import { DEV_ADDR, key, OTHER_APP_S_KEY_HEX, session } from "./support/fixtures.ts";

test("an ABP session has the SessionKeyID both servers give it", () => {
  assert.equal(abpSessionKeyId(DEV_ADDR), "abp:26011bda");
  assert.ok(isAbpSessionKeyId("abp:26011bda"));
  assert.ok(!isAbpSessionKeyId("session-1"));
});

test("downlinks count from the next counter", () => {
  const first = takeFCntDown(session({ nextFCntDown: 7 }));
  assert.equal(first.fCntDown, 7);
  assert.equal(takeFCntDown(first.session).fCntDown, 8);
});

test("a reserved counter may leave a gap but never go back", () => {
  const { session: after, fCntDown } = takeFCntDown(session({ nextFCntDown: 7 }), 12);
  assert.equal(fCntDown, 12);
  assert.equal(after.nextFCntDown, 13);
  assert.throws(() => takeFCntDown(after, 12), { code: "peer-answer-malformed" });
});

test("the last of 2^32 counters is used once", () => {
  const last = takeFCntDown(session({ nextFCntDown: 2 ** 32 - 1 }));
  assert.equal(last.fCntDown, 2 ** 32 - 1);
  assert.throws(() => takeFCntDown(last.session), { code: "downlink-refused" });
});

test("a new session starts at 0, one under a key used before goes on", () => {
  const current = session({ nextFCntDown: 5 });
  const old = {
    sessionKeyId: "session-0",
    appSKeyFingerprint: keyFingerprint(key(OTHER_APP_S_KEY_HEX)),
    nextFCntDown: 9,
  };
  assert.equal(firstFCntDown(key("00".repeat(16)), current, [old]), 0);
  assert.equal(firstFCntDown(key(), current, [old]), 5);
  assert.equal(firstFCntDown(key(OTHER_APP_S_KEY_HEX), current, [old]), 9);
  assert.equal(firstFCntDown(key(), undefined, []), 0);
});

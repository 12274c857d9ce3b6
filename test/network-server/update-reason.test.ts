import assert from "node:assert/strict";
import { test } from "node:test";
import { parseHex } from "../../src/lorawan/hex.ts";
import { parseEui64 } from "../../src/lorawan/identifiers.ts";
import {
  countRootKeyTransmission,
  setRootKeyCommand,
  settleRootKeyCommand,
} from "../../src/network-server/mac/root-key-commands.ts";
import { updateReason } from "../../src/network-server/policy/update-reason.ts";
import { newDevice, type RootKeyUsage } from "../../src/network-server/session/device.ts";

const UPDATE_REQ = parseHex("80050001aabbcc11223344");
const READY_ANS = parseHex("81050055667788");

const device = (usage: Partial<RootKeyUsage> = {}) => {
  const bare = newDevice({
    devEui: parseEui64("0000000000000001"),
    joinEui: parseEui64("0000000000000002"),
    macVersion: "1.1.0",
    asId: "as",
  });
  return { ...bare, rootKeyUsage: { ...bare.rootKeyUsage, since: 0, ...usage } };
};

test("the first limit reached is the reason; 0 is no limit", () => {
  const limits = { afterMs: 100, afterFrames: 10, afterSessions: 3 };
  assert.equal(updateReason(device({ frames: 9, sessions: 2 }), limits, 99), undefined);
  assert.equal(updateReason(device(), limits, 100), "age");
  assert.equal(updateReason(device({ sessions: 3 }), limits, 0), "sessions");
  assert.equal(updateReason(device({ frames: 10 }), limits, 0), "frames");
  const none = { afterMs: 0, afterFrames: 0, afterSessions: 0 };
  assert.equal(updateReason(device({ frames: 1e6, sessions: 1e6 }), none, 1e12), undefined);
  assert.equal(updateReason(device({ askNotBefore: 101 }), limits, 100), undefined);
});

test("nobody is asked while a command is on its way; after that the Join Server decides", () => {
  const limits = { afterMs: 1, afterFrames: 0, afterSessions: 0 };
  const started = setRootKeyCommand(device(), UPDATE_REQ);
  assert.equal(updateReason(started, limits, 1_000), undefined);
  const answered = setRootKeyCommand(started, READY_ANS);
  let relayed = answered;
  for (let sent = 1; sent <= 8; sent++) {
    assert.notEqual(relayed.rootKeyCommand, undefined, `sent ${sent - 1} times`);
    relayed = countRootKeyTransmission(relayed, READY_ANS, 1_000);
  }
  assert.equal(relayed.rootKeyCommand, undefined, "sent eight times");
  assert.equal(updateReason(relayed, limits, 1_001), "age");
});

test("a request goes down sixteen times at most, until its UpdateID comes up", () => {
  let sent = setRootKeyCommand(device(), UPDATE_REQ);
  for (let repeat = 0; repeat < 15; repeat++) {
    sent = countRootKeyTransmission(sent, UPDATE_REQ, 0);
  }
  assert.equal(sent.rootKeyCommand?.repeatsLeft, 1);
  assert.equal(countRootKeyTransmission(sent, UPDATE_REQ, 0).rootKeyCommand, undefined);
  assert.equal(settleRootKeyCommand(sent, parseHex("80050000")).rootKeyCommand, undefined);
  assert.equal(
    settleRootKeyCommand(sent, parseHex("8105000102030455667788")).rootKeyCommand,
    undefined,
  );
  assert.equal(settleRootKeyCommand(sent, parseHex("80040000")), sent, "an older one");
  assert.equal(settleRootKeyCommand(sent, parseHex("8005")), sent, "cut off");
});

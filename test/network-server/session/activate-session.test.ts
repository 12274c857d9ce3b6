import assert from "node:assert/strict";
import { test } from "node:test";
import { importAes128Key } from "../../../src/crypto/aes128.ts";
import { type DevAddr, parseEui64 } from "../../../src/lorawan/identifiers.ts";
import { addPendingSession } from "../../../src/network-server/session/activate-session.ts";
import { newDevice, type RootKeyUsage } from "../../../src/network-server/session/device.ts";
import { startSession } from "../../../src/network-server/session/session.ts";

const KEY = importAes128Key(new Uint8Array(16));
const SESSION = startSession({
  sessionKeyId: "s",
  devAddr: "02000001" as DevAddr,
  version: "1.1",
  origin: "join",
  keys: { fNwkSIntKey: KEY, sNwkSIntKey: KEY, nwkSEncKey: KEY },
  rxDelaySeconds: 1,
  rx1DrOffset: 0,
  rx2DataRate: 0,
  createdAt: 100,
});
const NO_LIMIT = { newKeysRelayedAt: undefined, maxFrames: undefined };
const USED = { since: 1, frames: 20, sessions: 3, askNotBefore: 50, ...NO_LIMIT };
const FRESH = { since: 100, frames: 0, sessions: 0, askNotBefore: 0, ...NO_LIMIT };

/** The usage after an accept at 100 that says `rootKeyGeneration`. */
function usageAfter(
  usage: Partial<RootKeyUsage>,
  rootKeyGeneration: number | undefined,
  origin: "join" | "rejoin" = "join",
): RootKeyUsage {
  const bare = newDevice({
    devEui: parseEui64("0000000000000001"),
    joinEui: parseEui64("0000000000000002"),
    macVersion: "1.1.0",
    asId: "as",
  });
  const device = { ...bare, rootKeyUsage: { ...USED, generation: undefined, ...usage } };
  const session = { ...SESSION, origin };
  return addPendingSession(device, session, {
    rootKeyGeneration,
    rootKeyMaxFrames: undefined,
    now: 100,
  }).rootKeyUsage;
}

test("a generation that has grown completes the update", () => {
  const usage = usageAfter({ generation: 1, newKeysRelayedAt: 90 }, 2);
  assert.deepEqual(usage, { ...FRESH, generation: 2 });
  // The NewKeyReadyAns went another way, or this server's record of it was lost.
  assert.deepEqual(usageAfter({ generation: 1 }, 2), { ...FRESH, generation: 2 });
  assert.deepEqual(usageAfter({ generation: 1 }, 2, "rejoin"), { ...FRESH, generation: 2 });
});

test("a join after an update that failed leaves the usage, so that the next attempt need not wait", () => {
  const usage = usageAfter({ generation: 1, newKeysRelayedAt: 90 }, 1);
  assert.deepEqual(usage, { ...USED, generation: 1 });
});

test("a Join Server put back to an older state resets nothing and counts from there", () => {
  assert.deepEqual(usageAfter({ generation: 4 }, 2), { ...USED, generation: 2 });
});

test("a first generation is stored, and resets only after new keys were relayed", () => {
  assert.deepEqual(usageAfter({}, 3), { ...USED, generation: 3 });
  assert.deepEqual(usageAfter({ newKeysRelayedAt: 90 }, 3), { ...FRESH, generation: 3 });
});

test("without a generation, a join after the relay is all there is to go by", () => {
  assert.deepEqual(usageAfter({}, undefined), { ...USED, generation: undefined });
  const guessed = usageAfter({ generation: 1, newKeysRelayedAt: 90 }, undefined);
  assert.deepEqual(guessed, { ...FRESH, generation: undefined }, "or the next one resets again");
});

test("a rejoin is under the same root keys and leaves an update under way alone", () => {
  const relayed = { newKeysRelayedAt: 90 };
  assert.deepEqual(usageAfter(relayed, undefined, "rejoin"), {
    ...USED,
    ...relayed,
    generation: undefined,
  });
  assert.deepEqual(usageAfter(relayed, 1, "rejoin"), { ...USED, ...relayed, generation: 1 });
  const known = { ...relayed, generation: 1 };
  assert.deepEqual(usageAfter(known, 1, "rejoin"), { ...USED, ...known });
});

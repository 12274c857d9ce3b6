import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WarrenError } from "../../src/errors.ts";
import { parseDevAddr, parseEui64 } from "../../src/lorawan/identifiers.ts";
import {
  APP_S_KEY_HEX,
  applicationServer,
  CLEAR_ENVELOPE,
  DEV_EUI,
  envelope,
  KEK,
  NOW,
  OTHER_APP_S_KEY_HEX,
  session,
  uplink,
} from "./support/fixtures.ts";

describe("the AppSKey of a new session", () => {
  test("comes from the envelope of the uplink", async () => {
    const server = applicationServer();
    assert.equal(await server.receiver.receive(uplink({ appSKey: envelope() })), "decrypted");
    const [started, received] = server.events();
    assert.equal(started?.["type"], "session");
    assert.equal(started?.["source"], "envelope");
    assert.equal(received?.["type"], "uplink");
    assert.equal(received?.["payload"], "010203");
    assert.deepEqual(server.asked, []);
  });

  test("is asked of the Join Server the uplink names, once per session", async () => {
    const joinEuis: string[] = [];
    const server = applicationServer({
      joinServer: (joinEui) => {
        joinEuis.push(joinEui);
        return { envelope: envelope() };
      },
      joinServerId: parseEui64("1111111111111111"),
    });
    await server.receiver.receive(uplink());
    await server.receiver.receive(uplink({ fCntUp: 1 }));
    const { joinEui: _joinEui, ...withoutJoinEui } = uplink({ sessionKeyId: "session-2" });
    await server.receiver.receive(withoutJoinEui);
    assert.deepEqual(joinEuis, ["70b3d57ed0000000", "1111111111111111"]);
    assert.equal(server.store.currentSession(DEV_EUI)?.source, "app-s-key-req");
  });

  test("starts one session when copies of its first uplink arrive together", async () => {
    const server = applicationServer({ joinServer: () => ({ envelope: envelope() }) });
    const outcomes = await Promise.all([
      server.receiver.receive(uplink()),
      server.receiver.receive(uplink()),
    ]);
    assert.deepEqual(outcomes, ["decrypted", "duplicate"]);
    assert.deepEqual(server.asked, ["session-1"]);
  });

  test("that can't be had now changes nothing, and works later", async () => {
    let answer: WarrenError | undefined = new WarrenError("peer-unreachable", "away");
    const server = applicationServer({ joinServer: () => answer ?? { envelope: envelope() } });
    await assert.rejects(server.receiver.receive(uplink()), { code: "peer-unreachable" });
    assert.deepEqual(server.events(), []);
    assert.equal(server.store.device(DEV_EUI), undefined);
    answer = undefined;
    assert.equal(await server.receiver.receive(uplink()), "decrypted");
  });

  test("is asked for again after Deferred and Other", async () => {
    for (const refusal of ["Deferred", "Other"] as const) {
      const server = applicationServer({ joinServer: () => ({ refusal }) });
      await assert.rejects(server.receiver.receive(uplink()), { code: "peer-refused" });
      assert.deepEqual(server.events(), []);
    }
  });
});

describe("an uplink whose AppSKey can never be had", () => {
  const otherKek = { ...KEK, label: "as:other" };
  const cases = [
    ["kek-label-unknown", uplink({ appSKey: envelope(APP_S_KEY_HEX, otherKek) })],
    ["key-unwrap-failed", uplink({ appSKey: { kekLabel: KEK.label, aesKey: new Uint8Array(24) } })],
    ["key-not-wrapped", uplink({ appSKey: CLEAR_ENVELOPE })],
    ["session-unknown", uplink()],
    ["abp-session-unknown", uplink({ sessionKeyId: "abp:26011bda" })],
  ] as const;
  for (const [reason, message] of cases) {
    test(`is kept and shown once: ${reason}`, async () => {
      const server = applicationServer();
      assert.equal(await server.receiver.receive(message), "undecryptable");
      assert.equal(await server.receiver.receive(message), "duplicate");
      const events = server.events();
      assert.equal(events.length, 1);
      assert.equal(events[0]?.["type"], "undecryptable");
      assert.equal(events[0]?.["undecryptable"], reason);
      assert.equal(server.store.currentSession(DEV_EUI), undefined);
      assert.ok(server.store.device(DEV_EUI));
    });
  }

  test("because the Join Server refuses, or nobody knows which one", async () => {
    const refused = applicationServer({ joinServer: () => ({ refusal: "UnknownSender" }) });
    await refused.receiver.receive(uplink());
    assert.equal(refused.events()[0]?.["undecryptable"], "join-server-refused");
    const nowhere = applicationServer();
    const { joinEui: _joinEui, ...message } = uplink();
    await nowhere.receiver.receive(message);
    assert.equal(nowhere.events()[0]?.["undecryptable"], "join-server-unknown");
  });

  test("does not spoil the session: the next one is decrypted once the key is right", async () => {
    const server = applicationServer();
    await server.receiver.receive(uplink());
    const next = uplink({ fCntUp: 1, appSKey: envelope() });
    assert.equal(await server.receiver.receive(next), "decrypted");
  });
});

test("a server without a KEK takes a key in the clear", async () => {
  const server = applicationServer({ keks: [] });
  assert.equal(await server.receiver.receive(uplink({ appSKey: CLEAR_ENVELOPE })), "decrypted");
});

describe("sessions", () => {
  test("the one before stays until the first uplink of the new one, then its key is gone", async () => {
    const server = applicationServer();
    await server.receiver.receive(uplink({ appSKey: envelope() }));
    await server.receiver.receive(uplink({ sessionKeyId: "session-2", fCntUp: 0 }));
    assert.equal(server.store.currentSession(DEV_EUI)?.sessionKeyId, "session-1");
    const rejoined = {
      sessionKeyId: "session-2",
      fCntUp: 1,
      appSKey: envelope(OTHER_APP_S_KEY_HEX),
      keyHex: OTHER_APP_S_KEY_HEX,
    };
    assert.equal(await server.receiver.receive(uplink(rejoined)), "decrypted");
    assert.equal(server.store.currentSession(DEV_EUI)?.sessionKeyId, "session-2");
    const late = uplink({ fCntUp: 1, appSKey: envelope() });
    assert.equal(await server.receiver.receive(late), "undecryptable");
    assert.equal(server.events().at(-1)?.["undecryptable"], "session-replaced");
    assert.equal(server.store.currentSession(DEV_EUI)?.sessionKeyId, "session-2");
  });

  test("another DevAddr than the session's is not decrypted", async () => {
    const server = applicationServer();
    await server.receiver.receive(uplink({ appSKey: envelope() }));
    const message = uplink({ fCntUp: 1, devAddr: parseDevAddr("01020304") });
    assert.equal(await server.receiver.receive(message), "undecryptable");
    assert.equal(server.events().at(-1)?.["undecryptable"], "identity-contradiction");
  });

  test("a replayed envelope does not restart the downlink counter of its key", async () => {
    const server = applicationServer();
    server.store.transaction(() => server.store.startSession(session({ nextFCntDown: 40 })));
    await server.receiver.receive(uplink({ sessionKeyId: "forged", appSKey: envelope() }));
    assert.equal(server.store.currentSession(DEV_EUI)?.nextFCntDown, 40);
  });

  test("the version follows what the Network Server says of the device", async () => {
    const server = applicationServer();
    await server.receiver.receive(uplink({ appSKey: envelope(), macVersion: "1.0.3" }));
    assert.equal(server.store.device(DEV_EUI)?.macVersion, "1.0.3");
    assert.equal(server.store.device(DEV_EUI)?.createdAtMs, NOW);
  });
});

test("no event and no record holds the AppSKey", async () => {
  const server = applicationServer();
  await server.receiver.receive(uplink({ appSKey: envelope() }));
  const shown = JSON.stringify([server.events(), server.store.uplinks(DEV_EUI)]);
  assert.ok(!shown.includes(APP_S_KEY_HEX));
  assert.ok(!shown.includes(Buffer.from(envelope().aesKey).toString("hex")));
});

import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { RootKeyAnswer } from "../../src/application-server/root-keys/root-key-join-server.ts";
import { WarrenError } from "../../src/errors.ts";
import { formatHex } from "../../src/lorawan/hex.ts";
import { splitIntoFragments } from "../../src/root-key/fragments.ts";
import { SqliteApplicationServerStore } from "../../src/storage/application-server/sqlite-application-server-store.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { warrenError } from "../support/warren-error.ts";
import {
  applicationServer,
  DEV_EUI,
  decryptOnDevice,
  envelope,
  JOIN_EUI,
  NOW,
  ROOT_KEY_F_PORT,
  startSession,
  type TestApplicationServer,
  uplink,
} from "./support/fixtures.ts";
import {
  eventually,
  healingUpdateReq,
  readyAns,
  readyReq,
  ScriptedJoinServer,
  updateReq,
} from "./support/root-key-messages.ts";

type Settings = Parameters<typeof applicationServer>[0];

function relaying(settings: Settings = {}) {
  const joinServer = new ScriptedJoinServer();
  const server = applicationServer({ rootKeys: joinServer, ...settings });
  const relay = server.rootKeyRelay;
  assert.ok(relay);
  let fCntUp = 0;
  const receive = (change: Parameters<typeof uplink>[0] = {}) =>
    server.receiver.receive(uplink({ fCntUp: fCntUp++, appSKey: envelope(), ...change }));
  return {
    ...server,
    relay,
    joinServer,
    receive,
    receiveUp: (payload: Uint8Array) => receive({ fPort: ROOT_KEY_F_PORT, payload }),
    /** What the device would see, in hex. */
    downs: () => server.networkServer.taken.map((down) => formatHex(decryptOnDevice(down))),
  };
}

/** The Network Server has sent the newest downlink. */
function sendLast(server: TestApplicationServer, event: "sent" | "failed" = "sent"): void {
  const downlinkId = server.networkServer.taken.at(-1)?.downlinkId ?? "";
  const reason = event === "failed" ? "payload-too-large" : undefined;
  server.log.takeEvent({ devEui: DEV_EUI, downlinkId, event, reason });
}

/** What is under way without waiting for any time to pass has been done. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}

function away(): never {
  throw new WarrenError("peer-unreachable", "nobody there");
}

describe("a root key command that comes up on the port", () => {
  it("goes to the Join Server, and its answer down on the port in the same session", async () => {
    const server = relaying();
    server.joinServer.answer = () => ({ macCommand: readyAns(1) });
    const reception = {
      receivedAt: "2026-01-01T00:00:00.000Z",
      gateways: [
        { gatewayEui: "1111111111111111" as never, snr: -7 },
        { gatewayEui: "2222222222222222" as never, snr: 9 },
        { gatewayEui: "3333333333333333" as never },
      ],
    };
    const payload = readyReq(1);
    const fPort = ROOT_KEY_F_PORT;
    assert.equal(await server.receive({ fPort, payload, reception }), "decrypted");
    await eventually("the answer", () => server.downs().length === 1);
    assert.deepEqual(server.joinServer.relayed, [formatHex(payload)]);
    assert.deepEqual(server.joinServer.gateways, ["2222222222222222"]);
    assert.deepEqual(server.downs(), [formatHex(readyAns(1))]);
    const [down] = server.networkServer.taken;
    assert.deepEqual(
      [down?.fPort, down?.sessionKeyId, down?.isConfirmed],
      [199, "session-1", false],
    );
  });

  it("is stored like other uplinks, marked so that applications can ignore it", async () => {
    const server = relaying();
    await server.receiveUp(readyReq(1));
    await server.receive({ fPort: 1 });
    const [second, first] = server.store.uplinks(DEV_EUI);
    assert.deepEqual([first?.isRootKeyMessage, second?.isRootKeyMessage], [true, false]);
    const events = server.events().filter(({ type }) => type === "uplink");
    assert.deepEqual(
      events.map(({ rootKeyMessage }) => rootKeyMessage),
      [true, undefined],
    );
  });

  it("is taken for an application's when it is none", async () => {
    const server = relaying();
    for (const payload of [Uint8Array.of(), Uint8Array.of(0x81), new Uint8Array(11).fill(0x7f)]) {
      await server.receiveUp(payload);
    }
    await server.receive({ fPort: 198, payload: readyReq(1) });
    await sleep(20);
    assert.deepEqual(server.joinServer.relayed, []);
    assert.ok(server.store.uplinks(DEV_EUI).every(({ isRootKeyMessage }) => !isRootKeyMessage));
  });

  it("is on disk before it is acknowledged, and repeated while the Join Server is away", async () => {
    const server = relaying();
    server.joinServer.answer = away;
    assert.equal(await server.receiveUp(readyReq(1)), "decrypted");
    assert.ok(server.store.rootKeys.nextCommand(DEV_EUI));
    await sleep(20);
    server.joinServer.answer = () => ({ macCommand: readyAns(1) });
    await eventually("the answer", () => server.downs().length === 1);
    assert.equal(server.store.rootKeys.nextCommand(DEV_EUI), undefined);
    await server.relay.close();
  });

  it("is repeated when the Join Server has a defect, which passes", async () => {
    const server = relaying();
    server.joinServer.answer = () => ({ refusal: "Other" });
    await server.receiveUp(readyReq(1));
    await eventually("the refusal", () => server.joinServer.relayed.length === 1);
    assert.ok(server.store.rootKeys.nextCommand(DEV_EUI));
    server.joinServer.answer = () => ({ macCommand: readyAns(1) });
    await eventually("the answer", () => server.downs().length === 1);
    assert.equal(server.store.rootKeys.nextCommand(DEV_EUI), undefined);
  });

  it("is repeated more and more seldom, down to once a minute", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const server = relaying();
    let tries = 0;
    server.joinServer.answer = () => {
      tries++;
      return away();
    };
    await server.receiveUp(readyReq(1));
    await settled();
    assert.equal(tries, 1);
    for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60]) {
      const before: number = tries;
      t.mock.timers.tick(1_000 * seconds - 1);
      await settled();
      assert.equal(tries, before, `sooner than ${seconds} s`);
      t.mock.timers.tick(1);
      await settled();
      assert.equal(tries, before + 1, `after ${seconds} s`);
    }
    await server.relay.close();
  });

  it("is repeated after a restart", async () => {
    const path = join(temporaryFolder(), "as.sqlite");
    const before = relaying({ store: new SqliteApplicationServerStore(path) });
    before.joinServer.answer = away;
    await before.receiveUp(readyReq(1));
    await before.relay.close();
    before.store.close();

    const after = relaying({ store: new SqliteApplicationServerStore(path) });
    after.joinServer.answer = () => ({ macCommand: readyAns(1) });
    after.relay.start();
    await eventually("the answer", () => after.downs().length === 1);
    assert.deepEqual(after.joinServer.relayed, [formatHex(readyReq(1))]);
    await after.relay.close();
    after.store.close();
  });

  it("is not repeated when the Join Server refuses it", async () => {
    const server = relaying();
    server.joinServer.answer = () => ({ refusal: "ActivationDisallowed" });
    await server.receiveUp(readyReq(1));
    await eventually("the refusal", () => server.joinServer.relayed.length === 1);
    await server.receive();
    await sleep(20);
    assert.deepEqual([server.joinServer.relayed.length, server.downs().length], [1, 0]);
  });

  it("of which the answer still waits at the Network Server is not answered twice", async () => {
    const server = relaying();
    server.joinServer.answer = () => ({ macCommand: readyAns(1) });
    await server.receiveUp(readyReq(1));
    await eventually("the answer", () => server.downs().length === 1);
    await server.receiveUp(readyReq(1));
    await eventually("the second one", () => server.joinServer.relayed.length === 2);
    await sleep(20);
    assert.equal(server.downs().length, 1);
    sendLast(server);
    await server.receiveUp(readyReq(1));
    await eventually("the answer again", () => server.downs().length === 2);
  });

  it("is answered again after each uplink, until the device is in another session", async () => {
    const server = relaying();
    server.joinServer.answer = () => ({ macCommand: readyAns(1) });
    await server.receiveUp(readyReq(1));
    await eventually("the answer", () => server.downs().length === 1);
    sendLast(server);
    await server.receive({ fPort: 1 });
    await eventually("the answer again", () => server.downs().length === 2);
    sendLast(server);
    await server.receive({ sessionKeyId: "session-2", fCntUp: 0 });
    await server.receive({ sessionKeyId: "session-2", fCntUp: 1 });
    await sleep(20);
    assert.equal(server.downs().length, 2);
  });

  it("of which the Join Server's answer is no command leads to nothing", async () => {
    const server = relaying();
    server.joinServer.answer = () => ({ macCommand: Uint8Array.of(1, 2, 3) });
    await server.receiveUp(readyReq(1));
    await eventually("the answer", () => server.joinServer.relayed.length === 1);
    await sleep(20);
    assert.deepEqual(server.downs(), []);
    assert.equal(server.store.rootKeys.nextCommand(DEV_EUI), undefined);
  });
});

describe("a request of the Join Server", () => {
  it("goes down now, and again after each uplink, but not while it waits at the Network Server", async () => {
    const server = relaying();
    startSession(server);
    server.relay.takeRequest(DEV_EUI, updateReq(1));
    await eventually("the request", () => server.downs().length === 1);
    await server.receive();
    await sleep(20);
    assert.equal(server.downs().length, 1);
    sendLast(server);
    await server.receive();
    await eventually("the request again", () => server.downs().length === 2);
    assert.deepEqual(new Set(server.downs()), new Set([formatHex(updateReq(1))]));
  });

  it("is counted before it is handed over: a process that ends there sends one too few", async () => {
    const server = relaying();
    startSession(server);
    const left: (number | undefined)[] = [];
    server.networkServer.onDownlink = () => {
      left.push(server.store.rootKeys.pending(DEV_EUI)?.repeatsLeft);
    };
    server.relay.takeRequest(DEV_EUI, updateReq(1));
    await eventually("the request", () => server.downs().length === 1);
    assert.deepEqual(left, [15]);
  });

  it("is settled by an uplink with its UpdateID and no other", async () => {
    const server = relaying();
    startSession(server);
    server.relay.takeRequest(DEV_EUI, updateReq(2));
    await eventually("the request", () => server.downs().length === 1);
    await server.receiveUp(readyReq(1));
    assert.ok(server.store.rootKeys.pending(DEV_EUI));
    await server.receiveUp(readyReq(2));
    assert.equal(server.store.rootKeys.pending(DEV_EUI), undefined);
  });

  it("goes down sixteen times at most", async () => {
    const server = relaying();
    startSession(server);
    server.relay.takeRequest(DEV_EUI, updateReq(1));
    await eventually("the request", () => server.downs().length === 1);
    for (let uplinks = 1; uplinks < 25; uplinks++) {
      sendLast(server);
      await server.receive();
      await eventually("the next", () => server.downs().length >= Math.min(uplinks + 1, 16));
    }
    await sleep(20);
    assert.equal(server.downs().length, 16);
    assert.equal(server.store.rootKeys.pending(DEV_EUI), undefined);
  });

  it("waits for the session of a device that has just joined", async () => {
    const server = relaying();
    server.store.transaction(() => {
      server.store.saveDevice({ devEui: DEV_EUI, macVersion: "1.1.0", createdAtMs: NOW });
    });
    server.relay.takeRequest(DEV_EUI, updateReq(1));
    await sleep(20);
    assert.deepEqual(server.downs(), []);
    await server.receive();
    await eventually("the request", () => server.downs().length === 1);
  });

  it("is replaced by a newer one", async () => {
    const server = relaying();
    startSession(server);
    server.relay.takeRequest(DEV_EUI, updateReq(1));
    server.relay.takeRequest(DEV_EUI, updateReq(2));
    await eventually("the newer", () => server.downs().includes(formatHex(updateReq(2))));
    assert.equal(server.store.rootKeys.pending(DEV_EUI)?.updateId, 2);
  });

  it("is not replaced by a late answer of an update before it", async () => {
    const server = relaying();
    startSession(server);
    const late = Promise.withResolvers<RootKeyAnswer>();
    server.joinServer.answer = () => late.promise;
    await server.receiveUp(readyReq(1));
    server.relay.takeRequest(DEV_EUI, updateReq(2));
    late.resolve({ macCommand: readyAns(1) });
    await eventually("the request", () => server.downs().includes(formatHex(updateReq(2))));
    assert.equal(server.store.rootKeys.pending(DEV_EUI)?.updateId, 2);
    assert.equal(server.downs().length, 1);
  });

  it("is refused for a device that is unknown or personalised, and when it is no request", () => {
    const server = relaying();
    const take = (octets: Uint8Array) => () => server.relay.takeRequest(DEV_EUI, octets);
    assert.throws(take(updateReq(1)), warrenError("device-unknown"));
    startSession(server, { source: "operator" });
    assert.throws(take(updateReq(1)), warrenError("activation-disallowed"));
    assert.throws(take(Uint8Array.of(0x80)), warrenError("frame-too-short"));
    const [fragment] = splitIntoFragments(healingUpdateReq(1));
    assert.throws(take(fragment as Uint8Array), warrenError("frame-malformed"));
  });
});

describe("a request of a healing update", () => {
  const request = healingUpdateReq(9);
  const fragments = splitIntoFragments(request).map((part) => formatHex(part));

  it("goes down whole, and in fragments one by one when no window takes it", async () => {
    const server = relaying();
    startSession(server);
    server.relay.takeRequest(DEV_EUI, request);
    await eventually("the whole", () => server.downs().length === 1);
    assert.deepEqual(server.downs(), [formatHex(request)]);
    sendLast(server, "failed");
    for (let sent = 1; sent <= 7; sent++) {
      await server.receive();
      await eventually("a fragment", () => server.downs().length === sent + 1);
      sendLast(server);
    }
    assert.deepEqual(server.downs().slice(1), [...fragments, ...fragments.slice(0, 2)]);
  });

  it("goes on in fragments after four times without an answer", async () => {
    const server = relaying();
    startSession(server);
    server.relay.takeRequest(DEV_EUI, request);
    for (let sent = 1; sent <= 5; sent++) {
      await eventually("the next", () => server.downs().length === sent);
      sendLast(server);
      await server.receive();
    }
    await eventually("the sixth", () => server.downs().length === 6);
    assert.deepEqual(server.downs(), [
      ...new Array(4).fill(formatHex(request)),
      ...fragments.slice(0, 2),
    ]);
  });

  it("is settled by a fragment with the same bits of the UpdateID", async () => {
    const server = relaying();
    startSession(server);
    server.relay.takeRequest(DEV_EUI, request);
    await eventually("the whole", () => server.downs().length === 1);
    // UpdateID 17 has the same three bits; 10 has others.
    const up = (updateId: number) =>
      splitIntoFragments(healingUpdateReq(updateId))[2] as Uint8Array;
    await server.receiveUp(up(10));
    assert.ok(server.store.rootKeys.pending(DEV_EUI));
    await server.receiveUp(up(17));
    assert.equal(server.store.rootKeys.pending(DEV_EUI), undefined);
    await eventually("both", () => server.joinServer.relayed.length === 2);
  });
});

describe("an Application Server that counts frames", () => {
  const HOUR_MS = 3_600_000;

  it("asks for an update once there are enough, and an hour later again", async () => {
    const clock = { time: NOW, now: () => clock.time };
    const server = relaying({ updateAfterFrames: 3, clock });
    server.joinServer.answer = () => ({ refusal: "Deferred" });
    for (let frames = 1; frames <= 5; frames++) await server.receive();
    await eventually("the question", () => server.joinServer.asks.length === 1);
    await sleep(20);
    const { devEui, joinEui, frames } = server.joinServer.asks[0] ?? {};
    assert.deepEqual({ devEui, joinEui }, { devEui: DEV_EUI, joinEui: JOIN_EUI });
    assert.ok((frames ?? 0) >= 3);
    clock.time += HOUR_MS;
    server.joinServer.answer = () => ({ macCommand: updateReq(1) });
    await server.receive();
    await eventually("the request", () => server.downs().length === 1);
    assert.equal(server.joinServer.asks.length, 2);
  });

  it("counts anew in the first session after new keys were confirmed", async () => {
    const server = relaying({ updateAfterFrames: 3 });
    server.joinServer.answer = () => ({ macCommand: readyAns(1) });
    await server.receive();
    await server.receiveUp(readyReq(1));
    await eventually("the answer", () => server.downs().length === 1);
    await server.receive({ sessionKeyId: "session-2", fCntUp: 0 });
    await server.receive({ sessionKeyId: "session-2", fCntUp: 1 });
    await sleep(20);
    assert.equal(server.store.rootKeys.usage(DEV_EUI)?.frames, 2);
    assert.deepEqual(server.joinServer.asks, []);
  });

  it("does not ask while a request is on its way down, nor once new keys are confirmed", async () => {
    const server = relaying({ updateAfterFrames: 1 });
    startSession(server);
    server.relay.takeRequest(DEV_EUI, updateReq(1));
    await eventually("the request", () => server.downs().length === 1);
    await server.receive();
    await sleep(20);
    assert.deepEqual(server.joinServer.asks, []);
    server.store.transaction(() => {
      const usage = server.store.rootKeys.usage(DEV_EUI);
      assert.ok(usage);
      server.store.rootKeys.saveUsage({ ...usage, isConfirmed: true });
      server.store.rootKeys.removePending(DEV_EUI);
    });
    await server.receive();
    await sleep(20);
    assert.deepEqual(server.joinServer.asks, []);
  });

  it("counts nothing when it is never to ask", async () => {
    const server = relaying();
    await server.receive();
    assert.equal(server.store.rootKeys.usage(DEV_EUI), undefined);
  });
});

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { formatHex, parseHex } from "../../src/lorawan/hex.ts";
import { answerBackendRequest } from "../../src/network-server/backend-requests.ts";
import type { KeyPolicy } from "../../src/network-server/settings.ts";
import { FakeDevice } from "./support/fake-device.ts";
import { joinDevice, NO_POLICY, startTestNetwork } from "./support/test-network.ts";
import { until } from "./support/until.ts";

/** RootKeyUpdateReq of UpdateID 5, NewKeyReadyReq and NewKeyReadyAns to it; MICs are not this server's. */
const UPDATE_REQ = parseHex("80050001aabbcc11223344");
const READY_REQ = parseHex("8105000102030499887766");
const READY_ANS = parseHex("81050055667788");

async function joined(test: TestContext, policy: KeyPolicy = NO_POLICY) {
  const network = await startTestNetwork(test, { policy });
  const device = new FakeDevice("1.1.0", 1);
  network.addDevice(device);
  await joinDevice(network, device);
  const backendRequest = (changes: Record<string, unknown> = {}) =>
    answerBackendRequest(
      network.networkServer.context,
      {
        ProtocolVersion: "1.0",
        SenderID: device.joinEui,
        ReceiverID: "000001",
        TransactionID: 7,
        MessageType: "RootKeyUpdateReq",
        DevEUI: device.devEui,
        MACCommand: formatHex(UPDATE_REQ),
        ...changes,
      },
      true,
    );
  return { network, device, backendRequest };
}

const resultCode = (answer: Record<string, unknown>) =>
  (answer["Result"] as { ResultCode: string }).ResultCode;

test("a request of the Join Server goes down with every chance until the device answers it", async (t) => {
  const { network, device, backendRequest } = await joined(t);
  const { gateway, joinServer, store } = network;
  assert.equal(resultCode(backendRequest()), "Success");
  for (let repeat = 0; repeat < 2; repeat++) {
    const { txpk } = await gateway.exchange(device.uplink({ fPort: 1 }));
    assert.deepEqual(device.open(txpk.phyPayload).fOpts, UPDATE_REQ);
  }
  assert.equal(store.findDevice(device.devEui)?.rootKeyCommand?.repeatsLeft, 14);

  joinServer.onRootKeyCommand = () => Promise.resolve(READY_ANS);
  const answered = await gateway.exchange(device.uplink({ fOpts: READY_REQ }));
  assert.deepEqual(answered.txpk.timing, { tmst: 2_000_000 }, "in RX1 of the same uplink");
  assert.deepEqual(device.open(answered.txpk.phyPayload).fOpts, READY_ANS);
  const relayed = joinServer.requestsOf("RootKeyCommandReq");
  assert.deepEqual(
    relayed.map((request) => request["MACCommand"]),
    [formatHex(READY_REQ)],
  );

  const again = await gateway.exchange(device.uplink({ fPort: 1 }));
  assert.deepEqual(
    device.open(again.txpk.phyPayload).fOpts,
    READY_ANS,
    "a device that still is in this session has not heard it",
  );
  const { rootKeyCommand, rootKeyUsage } = store.findDevice(device.devEui)!;
  assert.equal(rootKeyCommand?.repeatsLeft, 6);
  assert.notEqual(rootKeyUsage.newKeysRelayedAt, undefined);
});

test("commands on FPort 0 are relayed as well, and a repetition is not relayed again", async (t) => {
  const { network, device } = await joined(t);
  const { gateway, joinServer } = network;
  joinServer.onRootKeyCommand = () => Promise.resolve(READY_ANS);
  // LinkCheckReq before it: 4 octets of answer, 10 of the Join Server.
  const payload = Uint8Array.of(0x02, ...READY_REQ);
  const phyPayload = device.uplink({ fPort: 0, payload, confirmed: true });
  const { txpk } = await gateway.exchange(phyPayload);
  const opened = device.open(txpk.phyPayload);
  assert.equal(formatHex(opened.fOpts), `021101${formatHex(READY_ANS)}`);
  await gateway.exchange(phyPayload, { tmst: 9_000_000 });
  assert.equal(joinServer.requestsOf("RootKeyCommandReq").length, 1);
});

test("a slow answer goes down after the next uplink", async (t) => {
  const { network, device } = await joined(t);
  const { gateway, joinServer, store } = network;
  const answer = Promise.withResolvers<Uint8Array>();
  joinServer.onRootKeyCommand = () => answer.promise;
  network.clock.offsetMs = 0;
  gateway.push(device.uplink({ fOpts: READY_REQ, confirmed: true }));
  // The acknowledgement does not wait for ever: it leaves in RX2.
  const { txpk } = await gateway.nextTransmission();
  assert.deepEqual(txpk.timing, { tmst: 3_000_000 });
  assert.equal(device.open(txpk.phyPayload).fOpts.length, 0);
  answer.resolve(READY_ANS);
  await until(
    () => store.findDevice(device.devEui)?.rootKeyCommand !== undefined,
    "the late answer",
  );
  joinServer.onRootKeyCommand = () => Promise.resolve(undefined);
  const next = await gateway.exchange(device.uplink({ fPort: 1 }));
  assert.deepEqual(device.open(next.txpk.phyPayload).fOpts, READY_ANS);
});

test("a late answer of an update before it does not push a request out", async (t) => {
  const { network, device, backendRequest } = await joined(t);
  const { gateway, joinServer, store } = network;
  const answer = Promise.withResolvers<Uint8Array>();
  joinServer.onRootKeyCommand = () => answer.promise;
  gateway.push(device.uplink({ fOpts: READY_REQ }));
  await until(() => joinServer.requestsOf("RootKeyCommandReq").length === 1, "the command");
  const next = UPDATE_REQ.slice();
  next[1] = 6;
  backendRequest({ MACCommand: formatHex(next) });
  answer.resolve(READY_ANS);
  const { txpk } = await gateway.nextTransmission();
  assert.deepEqual(device.open(txpk.phyPayload).fOpts, next);
  assert.equal(store.findDevice(device.devEui)?.rootKeyCommand?.updateId, 6);
});

test("a join ends an answer that was being sent about an update", async (t) => {
  const { network, device, backendRequest } = await joined(t);
  backendRequest({ MACCommand: formatHex(READY_ANS) });
  assert.equal(network.store.findDevice(device.devEui)?.rootKeyCommand?.isAnswer, true);
  await joinDevice(network, device);
  assert.equal(network.store.findDevice(device.devEui)?.rootKeyCommand, undefined);
});

test("a request waits on over a join, which it is not bound to, and goes down in the new session", async (t) => {
  const { network, device, backendRequest } = await joined(t);
  backendRequest();
  await joinDevice(network, device);
  const { txpk } = await network.gateway.exchange(device.uplink({ fPort: 1 }));
  assert.deepEqual(device.open(txpk.phyPayload).fOpts, UPDATE_REQ);
});

test("only the device's own Join Server may start, with a well-formed command", async (t) => {
  const { network, device, backendRequest } = await joined(t);
  const { store } = network;
  assert.equal(resultCode(backendRequest({ SenderID: "0000000000000001" })), "UnknownSender");
  assert.equal(resultCode(backendRequest({ ReceiverID: "000002" })), "UnkownReceiver");
  assert.equal(resultCode(backendRequest({ DevEUI: "00000000000000ff" })), "UnknownDevEUI");
  store.changeDevice(device.devEui, (before) => ({
    device: { ...before, abpDevAddr: device.devAddr },
    messages: [],
  }));
  assert.equal(resultCode(backendRequest()), "ActivationDisallowed", "it has no root keys");
  store.changeDevice(device.devEui, (before) => ({
    device: { ...before, abpDevAddr: undefined },
    messages: [],
  }));
  assert.equal(resultCode(backendRequest({ MACCommand: "8005" })), "MalformedRequest");
  assert.equal(resultCode(backendRequest({ MACCommand: "0601" })), "MalformedRequest");
  assert.equal(resultCode(backendRequest({ MessageType: "JoinReq" })), "MalformedRequest");
  assert.equal(resultCode(backendRequest({ ProtocolVersion: "9" })), "InvalidProtocolVersion");
  assert.equal(store.findDevice(device.devEui)?.rootKeyCommand, undefined);
  assert.throws(() => backendRequest({ TransactionID: "x" }), { code: "request-malformed" });
});

test("a limit is reached: the Join Server is asked once, not again before the retry time", async (t) => {
  const rootKeys = { afterMs: 0, afterFrames: 3, afterSessions: 0 };
  const { network, device } = await joined(t, { ...NO_POLICY, rootKeys, rootKeyRetryMs: 300 });
  const { gateway, joinServer, store } = network;
  const asked = () => joinServer.requestsOf("RootKeyUpdateReq");
  const asks: { readonly at: number; readonly notBefore: number }[] = [];
  joinServer.onRootKeyUpdate = () => {
    const notBefore = store.findDevice(device.devEui)?.rootKeyUsage.askNotBefore ?? 0;
    asks.push({ at: Date.now(), notBefore });
    return asks.length === 1 ? undefined : { updateId: 5, macCommand: UPDATE_REQ };
  };
  await new Promise((resolve) => setTimeout(resolve, 150));
  assert.equal(asked().length, 0);
  const pushedAt = Date.now();
  gateway.push(device.uplink({ fPort: 1 }));
  await until(() => asked().length === 1, "the first request, deferred");
  assert.equal(asked()[0]?.["Reason"], "frames");
  await until(() => asked().length === 2, "the second request");
  const [first, second] = asks;
  assert.ok(first!.notBefore >= pushedAt + 300, "the retry time, from when it asked");
  assert.ok(second!.at >= first!.notBefore, "not before");
  await until(() => store.findDevice(device.devEui)?.rootKeyCommand?.updateId === 5, "its answer");
  await new Promise((resolve) => setTimeout(resolve, 400));
  assert.equal(asked().length, 2, "an update is under way");

  joinServer.onRootKeyCommand = () => Promise.resolve(READY_ANS);
  await gateway.exchange(device.uplink({ fOpts: READY_REQ }));
  await joinDevice(network, device);
  const { frames, sessions, newKeysRelayedAt } = store.findDevice(device.devEui)!.rootKeyUsage;
  assert.deepEqual([frames, sessions, newKeysRelayedAt], [2, 1, undefined]);
});

test("an update that the Join Server failed after its NewKeyReadyAns is asked for again at once", async (t) => {
  const rootKeys = { afterMs: 0, afterFrames: 3, afterSessions: 0 };
  const { network, device } = await joined(t, { ...NO_POLICY, rootKeys, rootKeyRetryMs: 50 });
  const { gateway, joinServer, store } = network;
  const usage = () => store.findDevice(device.devEui)!.rootKeyUsage;
  joinServer.rootKeyGeneration = 0;
  await joinDevice(network, device);
  joinServer.onRootKeyCommand = () => Promise.resolve(READY_ANS);
  await gateway.exchange(device.uplink({ fOpts: READY_REQ }));
  const { frames } = usage();
  await joinDevice(network, device);
  assert.equal(usage().frames, frames + 2, "the join was under the old keys");
  assert.equal(usage().newKeysRelayedAt, undefined);
  joinServer.onRootKeyUpdate = () => ({ updateId: 6, macCommand: UPDATE_REQ });
  await until(() => store.findDevice(device.devEui)?.rootKeyCommand !== undefined, "another try");

  joinServer.rootKeyGeneration = 1;
  await joinDevice(network, device);
  assert.deepEqual([usage().frames, usage().sessions, usage().generation], [2, 1, 1]);
});

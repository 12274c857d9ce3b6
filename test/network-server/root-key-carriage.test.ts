import assert from "node:assert/strict";
import { test } from "node:test";
import { formatHex, parseHex } from "../../src/lorawan/hex.ts";
import { us915 } from "../../src/lorawan/region/us915.ts";
import { answerBackendRequest } from "../../src/network-server/backend-requests.ts";
import { planDownlink } from "../../src/network-server/downlink/plan-downlink.ts";
import {
  countRootKeyTransmission,
  setRootKeyCommand,
  settleRootKeyCommand,
} from "../../src/network-server/mac/root-key-commands.ts";
import type { Device, QueuedDownlink } from "../../src/network-server/session/device.ts";
import { splitIntoFragments } from "../../src/root-key/fragments.ts";
import { FakeDevice } from "./support/fake-device.ts";
import { joinDevice, NO_POLICY, startTestNetwork } from "./support/test-network.ts";
import { until } from "./support/until.ts";

/** Of UpdateID 5; suite 1 with the healing flag. */
const HEALING_REQ = parseHex(`83050081aabbcc${"5a".repeat(32)}11223344`);
const HEALING_READY = parseHex(`83050001020304${"a5".repeat(32)}99887766`);
const PLAIN_REQ = parseHex("80050001aabbcc11223344");
const READY_ANS = parseHex("81050055667788");

async function joined(...[test, changes]: Parameters<typeof startTestNetwork>) {
  const network = await startTestNetwork(test, changes);
  const device = new FakeDevice("1.1.0", 1);
  network.addDevice(device);
  await joinDevice(network, device);
  const start = (octets = HEALING_REQ) =>
    answerBackendRequest(
      network.networkServer.context,
      {
        ProtocolVersion: "1.0",
        SenderID: device.joinEui,
        ReceiverID: "000001",
        TransactionID: 7,
        MessageType: "RootKeyUpdateReq",
        DevEUI: device.devEui,
        MACCommand: formatHex(octets),
      },
      true,
    );
  const stored = () => {
    const found = network.store.findDevice(device.devEui);
    assert.ok(found);
    return found;
  };
  return { network, device, start, stored };
}

const resultCode = (answer: Record<string, unknown>) =>
  (answer["Result"] as { ResultCode: string }).ResultCode;

function payloadOf(device: Device, lengthBytes: number): QueuedDownlink {
  return {
    downlinkId: `d${lengthBytes}`,
    sessionKeyId: device.current?.sessionKeyId ?? "",
    fPort: 1,
    fCntDown: 0,
    isConfirmed: false,
    frmPayload: new Uint8Array(lengthBytes),
    isSending: false,
  };
}

test("a healing request goes whole on FPort 0, and what answers it is relayed as it came", async (t) => {
  const { network, device, start, stored } = await joined(t);
  const { gateway, joinServer } = network;
  assert.equal(resultCode(start()), "Success");
  // At SF12 the smaller of the two windows takes 51 octets.
  const { txpk } = await gateway.exchange(device.uplink({ fPort: 1 }, { txDr: 0, txCh: 0 }), {
    datr: "SF12BW125",
  });
  const opened = device.open(txpk.phyPayload);
  assert.equal(opened.frame.fPort, 0);
  assert.deepEqual(opened.payload, HEALING_REQ);
  await network.restart();
  assert.deepEqual(stored().rootKeyCommand?.octets, HEALING_REQ, "in its place after a restart");
  assert.equal(stored().rootKeyCommand?.octets[0], 0x83);
  joinServer.onRootKeyCommand = () => Promise.resolve(READY_ANS);
  const answered = await network.gateway.exchange(
    device.uplink({ fPort: 0, payload: HEALING_READY }),
  );
  assert.deepEqual(device.open(answered.txpk.phyPayload).fOpts, READY_ANS);
  const [relayed] = joinServer.requestsOf("RootKeyCommandReq");
  assert.equal(relayed?.["MACCommand"], formatHex(HEALING_READY));
  assert.equal(relayed?.["GatewayID"], gateway.gatewayEui);
  assert.equal(joinServer.requestsOf("JoinReq")[0]?.["GatewayID"], gateway.gatewayEui);
});

test("beside application data fragments go in turn, in FOpts, until one comes back", async (t) => {
  const { network, device, start, stored } = await joined(t);
  const { joinServer } = network;
  start();
  const seen: string[] = [];
  for (let index = 0; index < 6; index++) {
    const fCntDown = index;
    network.store.changeDevice(device.devEui, (before) => ({
      device: { ...before, downlinks: [{ ...payloadOf(before, 4), fCntDown }] },
      messages: [],
    }));
    const { txpk } = await network.gateway.exchange(device.uplink({ fPort: 1 }));
    const opened = device.open(txpk.phyPayload);
    assert.equal(opened.frame.fPort, 1);
    seen.push(formatHex(opened.fOpts));
    if (index === 2) await network.restart();
    await until(() => stored().downlinks.length === 0, "the record of the transmission");
  }
  const fragments = splitIntoFragments(HEALING_REQ).map(formatHex);
  assert.deepEqual(seen, [...fragments, fragments[0]]);
  assert.equal(stored().rootKeyCommand?.repeatsLeft, 15, "five fragments are one transmission");

  const [first, second] = splitIntoFragments(HEALING_READY);
  assert.ok(first && second);
  network.gateway.push(device.uplink({ fOpts: first }));
  network.gateway.push(device.uplink({ fOpts: second }));
  await until(() => joinServer.requestsOf("RootKeyCommandReq").length === 2, "both fragments");
  assert.deepEqual(
    joinServer.requestsOf("RootKeyCommandReq").map((request) => request["MACCommand"]),
    [formatHex(first), formatHex(second)],
  );
  assert.equal(stored().rootKeyCommand, undefined);
});

test("sixteen rounds of fragments, then no more; another attempt's fragment settles nothing", async (t) => {
  const { start, stored } = await joined(t);
  start();
  const [fragment] = splitIntoFragments(HEALING_REQ);
  assert.ok(fragment);
  let device = stored();
  const other = splitIntoFragments(HEALING_READY.with(1, 6))[0];
  assert.ok(other);
  assert.equal(settleRootKeyCommand(device, other), device);
  const malformed = fragment.with(1, fragment[1]! | 0x10);
  assert.equal(settleRootKeyCommand(device, malformed), device);
  for (let count = 0; count < 79; count++) device = countRootKeyTransmission(device, fragment, 0);
  assert.deepEqual(
    [device.rootKeyCommand?.repeatsLeft, device.rootKeyCommand?.nextFragment],
    [1, 4],
  );
  assert.equal(countRootKeyTransmission(device, fragment, 0).rootKeyCommand, undefined);
  assert.throws(() => setRootKeyCommand(device, fragment), { code: "frame-malformed" });
});

test("a frame without room for the whole request takes a fragment, one with MAC commands both", async (t) => {
  const { device, start, stored } = await joined(t);
  start();
  const expected = {
    sessionKeyId: stored().current?.sessionKeyId ?? "",
    fCntUp: device.fCntUp - 1,
    needsAck: false,
    wantsAnyDownlink: false,
    macAnswers: [Uint8Array.of(2, 5, 1)],
  };
  const lengthOf = (maxPayloadLengthBytes: number) =>
    planDownlink(stored(), expected, { maxPayloadLengthBytes, now: 0 }).frame?.payloadLengthBytes;
  assert.equal(lengthOf(46), 46);
  assert.equal(lengthOf(45), 3 + 11);
  const slowest = us915.dataRates.filter(({ isDownlink }) => isDownlink);
  assert.ok(slowest.every((dataRate) => dataRate.maxPayloadLengthBytes >= 46));
});

test("without the relay root key commands are unknown ones, and none is asked for", async (t) => {
  const rootKeys = { afterMs: 0, afterFrames: 1, afterSessions: 0 };
  const policy = { ...NO_POLICY, rootKeys, rootKeyRetryMs: 50 };
  const { network, device, start, stored } = await joined(t, { policy, relaysRootKeys: false });
  const { gateway, joinServer, store } = network;
  assert.equal(resultCode(start(PLAIN_REQ)), "MalformedRequest");
  // The unknown command ends the reading: the LinkCheckReq behind it gets no answer.
  const ready = parseHex("8105000102030499887766");
  gateway.push(device.uplink({ fOpts: Uint8Array.of(...ready, 0x02) }));
  await assert.rejects(gateway.nextTransmission(250), "nothing to answer");
  const { txpk } = await gateway.exchange(device.uplink({ fOpts: Uint8Array.of(0x02, ...ready) }));
  assert.equal(device.open(txpk.phyPayload).fOpts[0], 0x02);
  // One that waits from before is dropped, not sent.
  store.changeDevice(device.devEui, (before) => ({
    device: setRootKeyCommand(before, PLAIN_REQ),
    messages: [],
  }));
  const next = await gateway.exchange(device.uplink({ fPort: 1, confirmed: true }));
  assert.equal(device.open(next.txpk.phyPayload).fOpts.length, 0);
  assert.equal(stored().rootKeyCommand, undefined);
  await new Promise((resolve) => setTimeout(resolve, 150));
  assert.equal(joinServer.requestsOf("RootKeyUpdateReq").length, 0);
  assert.equal(joinServer.requestsOf("RootKeyCommandReq").length, 0);
});

test("a limit of the Join Server's on frames: the smaller of the two is asked at, with the count", async (t) => {
  const rootKeys = { afterMs: 0, afterFrames: 1_000, afterSessions: 0 };
  const { network, device, stored } = await joined(t, {
    policy: { ...NO_POLICY, rootKeys, rootKeyRetryMs: 60_000 },
  });
  const { gateway, joinServer } = network;
  const asked = () => joinServer.requestsOf("RootKeyUpdateReq");
  assert.equal(stored().rootKeyUsage.maxFrames, undefined);
  joinServer.rootKeyGeneration = 3;
  joinServer.rootKeyMaxFrames = 7;
  await joinDevice(network, device);
  assert.equal(stored().rootKeyUsage.maxFrames, 7);
  while (stored().rootKeyUsage.frames < 6) {
    const { frames } = stored().rootKeyUsage;
    gateway.push(device.uplink({ fPort: 1 }));
    await until(() => stored().rootKeyUsage.frames > frames, "the uplink");
  }
  await new Promise((resolve) => setTimeout(resolve, 120));
  assert.equal(asked().length, 0);
  gateway.push(device.uplink({ fPort: 1 }));
  await until(() => asked().length === 1, "the question");
  assert.deepEqual([asked()[0]?.["Reason"], asked()[0]?.["Frames"]], ["frames", 7]);
  joinServer.rootKeyMaxFrames = undefined;
  await joinDevice(network, device);
  assert.equal(stored().rootKeyUsage.maxFrames, undefined, "the limit was lifted");
});

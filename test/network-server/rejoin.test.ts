import assert from "node:assert/strict";
import { test } from "node:test";
import { importAes128Key } from "../../src/crypto/aes128.ts";
import { formatHex, parseHex } from "../../src/lorawan/hex.ts";
import { Administration } from "../../src/network-server/administration.ts";
import { FakeDevice } from "./support/fake-device.ts";
import { joinDevice, NO_POLICY, startTestNetwork } from "./support/test-network.ts";
import { until } from "./support/until.ts";

const REKEY_IND = parseHex("0b01");

for (const type of [0, 1, 2] as const) {
  test(`a rejoin of type ${type} leads to a new session; the old one holds until RekeyInd`, async (t) => {
    const network = await startTestNetwork(t);
    const { gateway, store, joinServer } = network;
    const device = new FakeDevice("1.1.0", 1);
    network.addDevice(device);
    await joinDevice(network, device);
    const old = store.findDevice(device.devEui)!.current!;

    const accept = await gateway.exchange(device.rejoinRequest(type));
    assert.deepEqual(accept.txpk.timing, { tmst: 6_000_000 });
    // Under the old context, as if the accept had not been heard.
    const missed = await gateway.exchange(device.uplink({ confirmed: true }));
    assert.equal(device.open(missed.txpk.phyPayload).frame.fCtrl.ack, true);

    device.acceptJoin(accept.txpk.phyPayload);
    assert.equal(device.cfList === undefined, type === 2);
    const confirmed = await gateway.exchange(device.uplink({ fOpts: REKEY_IND }));
    const opened = device.open(confirmed.txpk.phyPayload);
    assert.deepEqual([opened.fCntDown, formatHex(opened.fOpts)], [0, "0b01"]);
    const session = store.findDevice(device.devEui)!.current!;
    assert.notEqual(session.devAddr, old.devAddr);
    assert.equal(session.rjCount0, undefined);
    assert.equal(joinServer.requestsOf("RejoinReq").length, 1);
  });
}

test("a replayed or forged rejoin of type 0 is dropped here, one of type 1 by the Join Server", async (t) => {
  const network = await startTestNetwork(t);
  const { gateway, joinServer } = network;
  const device = new FakeDevice("1.1.0", 1);
  network.addDevice(device);
  await joinDevice(network, device);
  const rejoin = device.rejoinRequest(0);
  await gateway.exchange(rejoin);
  gateway.push(rejoin, { tmst: 9_000_000 });
  const wrongKey = importAes128Key(new Uint8Array(16));
  gateway.push(device.rejoinRequest(2, wrongKey));
  await assert.rejects(gateway.nextTransmission(200));
  assert.equal(joinServer.requestsOf("RejoinReq").length, 1);
  gateway.push(device.rejoinRequest(1, wrongKey));
  await until(() => joinServer.requestsOf("RejoinReq").length === 2, "type 1 forwarded unchecked");
});

test("a rejoin that comes after a join is of a session that the device has left", async (t) => {
  const network = await startTestNetwork(t);
  const { gateway, joinServer, store } = network;
  const device = new FakeDevice("1.1.0", 1);
  network.addDevice(device);
  await joinDevice(network, device);
  const late = ([0, 1, 2] as const).map((type) => device.rejoinRequest(type));
  const accept = await gateway.exchange(device.joinRequest());
  for (const rejoin of late) gateway.push(rejoin);
  await assert.rejects(gateway.nextTransmission(200));
  assert.equal(joinServer.requestsOf("RejoinReq").length, 0);

  device.acceptJoin(accept.txpk.phyPayload);
  const { txpk } = await gateway.exchange(device.uplink({ fOpts: REKEY_IND }));
  assert.equal(formatHex(device.open(txpk.phyPayload).fOpts), "0b01");
  assert.equal(store.findDevice(device.devEui)!.current!.devAddr, device.devAddr);
  // In the new session it may rejoin, and a rejoin does not stand in the way of the next.
  await gateway.exchange(device.rejoinRequest(0));
  await gateway.exchange(device.rejoinRequest(2));
});

test("a rejoin that waits behind a join under way is looked at after it", async (t) => {
  const network = await startTestNetwork(t);
  const { gateway, joinServer } = network;
  const device = new FakeDevice("1.1.0", 1);
  network.addDevice(device);
  await joinDevice(network, device);
  const answer = Promise.withResolvers<void>();
  joinServer.beforeAnswer = () => answer.promise;
  const late = device.rejoinRequest(2);
  const accept = gateway.exchange(device.joinRequest());
  await until(() => joinServer.requestsOf("JoinReq").length === 2, "the join under way");
  gateway.push(late);
  const counter = () => network.store.findDevice(device.devEui)?.current?.rjCount0;
  await until(() => counter() !== undefined, "the rejoin");
  answer.resolve();
  device.acceptJoin((await accept).txpk.phyPayload);
  await assert.rejects(gateway.nextTransmission(150));
  assert.equal(joinServer.requestsOf("RejoinReq").length, 0);
});

test("a 1.0.3 device cannot rejoin", async (t) => {
  const network = await startTestNetwork(t);
  const device = new FakeDevice("1.0.3", 1);
  network.addDevice(device);
  await joinDevice(network, device);
  network.gateway.push(device.rejoinRequest(1));
  await assert.rejects(network.gateway.nextTransmission(150));
  assert.equal(network.joinServer.requestsOf("RejoinReq").length, 0);
});

test("ForceRejoinReq is repeated until the rejoin comes", async (t) => {
  const network = await startTestNetwork(t);
  const { gateway, store } = network;
  const device = new FakeDevice("1.1.0", 1);
  network.addDevice(device);
  await joinDevice(network, device);
  new Administration(network.networkServer.context).forceRejoin(device.devEui, 2);
  for (let repeat = 0; repeat < 2; repeat++) {
    const { txpk } = await gateway.exchange(device.uplink({ fPort: 1 }));
    // Period 0, Max_Retries 3, RejoinType 2, DR0: 0x0320, little-endian.
    assert.equal(formatHex(device.open(txpk.phyPayload).fOpts), "0e2003");
  }
  // Anybody can make a Rejoin-request type 1 up as far as this server can tell, and it answers nothing.
  await gateway.exchange(device.rejoinRequest(1));
  assert.equal(store.findDevice(device.devEui)!.macRequests.length, 1);
  await gateway.exchange(device.rejoinRequest(2));
  assert.deepEqual(store.findDevice(device.devEui)!.macRequests, []);
});

test("policies: RejoinParamSetupReq after activation, DevStatusReq, ForceRejoinReq after frames", async (t) => {
  const network = await startTestNetwork(t, {
    policy: {
      ...NO_POLICY,
      sessions: { afterMs: 0, afterFrames: 4, retryMs: 60_000 },
      rejoinParameters: { maxTimeN: 1, maxCountN: 2 },
      deviceStatusAfterMs: 60_000,
    },
  });
  const { gateway, store } = network;
  const device = new FakeDevice("1.1.0", 1);
  network.addDevice(device);
  const accept = await gateway.exchange(device.joinRequest());
  device.acceptJoin(accept.txpk.phyPayload);
  const first = await gateway.exchange(device.uplink({ fOpts: REKEY_IND }));
  assert.equal(formatHex(device.open(first.txpk.phyPayload).fOpts), "0b010f1206");
  // RejoinParamSetupAns, DevStatusAns: external power, -1 dB
  const answers = parseHex("0f0106003f");
  gateway.push(device.uplink({ fOpts: answers }));
  await until(() => store.findDevice(device.devEui)!.macRequests.length === 0, "both answers");
  assert.equal(store.findDevice(device.devEui)!.status?.marginDb, -1);
  gateway.push(device.uplink({ fPort: 1 }));
  await until(() => store.findDevice(device.devEui)!.macRequests.length === 1, "the policy");
  const { txpk } = await gateway.exchange(device.uplink({ fPort: 1 }));
  assert.equal(formatHex(device.open(txpk.phyPayload).fOpts), "0e2003");
});

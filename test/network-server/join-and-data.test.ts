import assert from "node:assert/strict";
import { test } from "node:test";
import { openKeyEnvelope } from "../../src/backend/key-envelope.ts";
import { equalKeys } from "../../src/crypto/aes128.ts";
import { formatHex, parseHex } from "../../src/lorawan/hex.ts";
import { FakeDevice } from "./support/fake-device.ts";
import { AS_KEK } from "./support/fake-join-server.ts";
import { joinDevice, startTestNetwork } from "./support/test-network.ts";
import { until } from "./support/until.ts";

test("a 1.0.3 device joins, its uplink reaches the Application Server still encrypted", async (t) => {
  const network = await startTestNetwork(t);
  const { gateway, applicationServer, joinServer } = network;
  const device = new FakeDevice("1.0.3", 1);
  network.addDevice(device);

  const accept = await gateway.exchange(device.joinRequest(), { tmst: 2 ** 32 - 1 });
  assert.deepEqual(accept.txpk.timing, { tmst: 4_999_999 });
  assert.equal(accept.txpk.frequencyHz, 868_100_000);
  assert.equal(accept.txpk.datr, "SF7BW125");
  device.acceptJoin(accept.txpk.phyPayload);
  assert.equal(joinServer.requests[0]?.["DLSettings"], "00");
  assert.equal(parseHex(device.devAddr)[0]! >> 1, 1, "the NwkID of NetID 000001");

  gateway.push(device.uplink({ fPort: 5, payload: parseHex("c0ffee") }));
  await until(() => applicationServer.uplinks.length === 1, "the uplink");
  const uplink = applicationServer.uplinks[0]!;
  assert.equal(uplink["FPort"], 5);
  assert.equal(uplink["FCntUp"], 0);
  assert.equal(uplink["MACVersion"], "1.0.3");
  assert.equal(uplink["DataRate"], "SF7BW125");
  assert.equal(uplink["Frequency"], 868_100_000);
  assert.notEqual(uplink["FRMPayload"], "c0ffee");
  const { KEKLabel, AESKey } = uplink["AppSKey"] as { KEKLabel: string; AESKey: string };
  const appSKey = openKeyEnvelope({ kekLabel: KEKLabel, aesKey: parseHex(AESKey) }, [AS_KEK]);
  assert.ok(equalKeys(appSKey, device.session.appSKey));
});

test("a 1.1 device joins; the new session counts from its first RekeyInd on", async (t) => {
  const network = await startTestNetwork(t);
  const { gateway, applicationServer, joinServer, store } = network;
  const device = new FakeDevice("1.1.0", 2);
  network.addDevice(device);

  const accept = await gateway.exchange(device.joinRequest());
  device.acceptJoin(accept.txpk.phyPayload);
  assert.equal(joinServer.requests[0]?.["DLSettings"], "80");
  assert.equal(store.findDevice(device.devEui)?.current, undefined);

  gateway.push(device.uplink({ fPort: 1, payload: parseHex("00") }));
  const confirmed = await gateway.exchange(
    device.uplink({ fPort: 1, payload: parseHex("01"), fOpts: parseHex("0b01") }),
  );
  assert.equal(formatHex(device.open(confirmed.txpk.phyPayload).fOpts), "0b01", "RekeyConf");
  assert.deepEqual(confirmed.txpk.timing, { tmst: 2_000_000 });
  await until(() => applicationServer.uplinks.length > 0, "the uplink");
  assert.deepEqual(
    applicationServer.uplinks.map((uplink) => uplink["FCntUp"]),
    [1],
  );
  const { current, pending } = store.findDevice(device.devEui)!;
  assert.equal(current?.devAddr, device.devAddr);
  assert.equal(pending, undefined);
});

for (const version of ["1.0.3", "1.1.0"] as const) {
  test(`a confirmed uplink of ${version} is acknowledged, its repetition too but not forwarded`, async (t) => {
    const network = await startTestNetwork(t);
    const { gateway, applicationServer } = network;
    const device = new FakeDevice(version, 3);
    network.addDevice(device);
    await joinDevice(network, device);

    const phyPayload = device.uplink({ fPort: 1, payload: parseHex("aa"), confirmed: true });
    const first = device.open((await gateway.exchange(phyPayload)).txpk.phyPayload);
    assert.equal(first.frame.fCtrl.ack, true);
    const again = await gateway.exchange(phyPayload, { tmst: 5_000_000 });
    const second = device.open(again.txpk.phyPayload);
    assert.equal(second.frame.fCtrl.ack, true);
    assert.equal(second.fCntDown, first.fCntDown + 1);
    assert.equal(applicationServer.uplinks.length, 1);
  });
}

test("a repetition of 1.1 has another MIC on another channel, and is a repetition all the same", async (t) => {
  const network = await startTestNetwork(t);
  const { gateway, applicationServer } = network;
  const device = new FakeDevice("1.1.0", 3);
  network.addDevice(device);
  await joinDevice(network, device);
  const content = { fPort: 1, payload: parseHex("aa"), confirmed: true };
  const phyPayload = device.uplink(content);
  await gateway.exchange(phyPayload);
  device.fCntUp -= 1;
  const repeated = device.uplink(content, { txDr: 5, txCh: 1 });
  assert.notDeepEqual(repeated, phyPayload);
  const answer = await gateway.exchange(repeated, { frequencyHz: 868_300_000, tmst: 5_000_000 });
  assert.equal(device.open(answer.txpk.phyPayload).frame.fCtrl.ack, true);
  assert.equal(applicationServer.uplinks.length, 1);

  device.fCntUp -= 1;
  const another = device.uplink({ ...content, payload: parseHex("bb") }, { txDr: 5, txCh: 2 });
  gateway.push(another, { frequencyHz: 868_500_000, tmst: 9_000_000 });
  const forged = repeated.with(-1, repeated[repeated.length - 1]! ^ 1);
  gateway.push(forged, { frequencyHz: 868_300_000, tmst: 9_000_000 });
  await assert.rejects(gateway.nextTransmission(200));
  assert.equal(applicationServer.uplinks.length, 1);
});

test("old counters and wrong MICs change nothing", async (t) => {
  const network = await startTestNetwork(t);
  const { gateway, applicationServer, store } = network;
  const device = new FakeDevice("1.0.3", 4);
  network.addDevice(device);
  await joinDevice(network, device);
  const old = device.uplink({ fPort: 1, payload: parseHex("01") });
  gateway.push(old);
  await until(() => applicationServer.uplinks.length === 1, "the first uplink");
  gateway.push(device.uplink({ fPort: 1, payload: parseHex("02") }));
  await until(() => applicationServer.uplinks.length === 2, "the second uplink");
  const before = JSON.stringify(store.findDevice(device.devEui));

  gateway.push(old, { tmst: 9_000_000 });
  const forged = device.uplink({ fPort: 1, payload: parseHex("03"), confirmed: true });
  forged[forged.length - 1]! ^= 1;
  gateway.push(forged);
  await assert.rejects(gateway.nextTransmission(200));
  assert.equal(JSON.stringify(store.findDevice(device.devEui)), before);
  assert.equal(applicationServer.uplinks.length, 2);
});

test("counters go on after a restart", async (t) => {
  const network = await startTestNetwork(t);
  const device = new FakeDevice("1.1.0", 5);
  network.addDevice(device);
  await joinDevice(network, device);
  const confirmed = { fPort: 1, payload: parseHex("01"), confirmed: true };
  const old = device.uplink(confirmed);
  const before = device.open((await network.gateway.exchange(old)).txpk.phyPayload);
  await network.restart();

  const after = device.open(
    (await network.gateway.exchange(device.uplink(confirmed))).txpk.phyPayload,
  );
  assert.equal(after.fCntDown, before.fCntDown + 1);
  network.gateway.push(old);
  await assert.rejects(network.gateway.nextTransmission(200), "an old counter");
});

test("a device that is not known, or joins with another JoinEUI, is not heard", async (t) => {
  const network = await startTestNetwork(t);
  network.gateway.push(new FakeDevice("1.0.3", 6).joinRequest());
  const known = new FakeDevice("1.0.3", 7);
  network.addDevice(known);
  const joinRequest = known.joinRequest();
  joinRequest[1]! ^= 1;
  network.gateway.push(joinRequest);
  await assert.rejects(network.gateway.nextTransmission(150));
  assert.equal(network.joinServer.requests.length, 0);
});

test("more repetitions than a device ever makes are a replay", async (t) => {
  const network = await startTestNetwork(t);
  const device = new FakeDevice("1.1.0", 8);
  network.addDevice(device);
  await joinDevice(network, device);
  const phyPayload = device.uplink({ confirmed: true });
  await network.gateway.exchange(phyPayload);
  network.store.changeDevice(device.devEui, (before) => ({
    device: { ...before, current: { ...before.current!, repetitionCount: 13 } },
    messages: [],
  }));
  await network.gateway.exchange(phyPayload, { tmst: 5_000_000 });
  network.gateway.push(phyPayload, { tmst: 9_000_000 });
  await assert.rejects(network.gateway.nextTransmission(150));
});

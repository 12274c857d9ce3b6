import assert from "node:assert/strict";
import { test } from "node:test";
import { importAes128Key } from "../../src/crypto/aes128.ts";
import { formatHex, parseHex } from "../../src/lorawan/hex.ts";
import { parseDevAddr, parseEui64 } from "../../src/lorawan/identifiers.ts";
import type { MacVersion } from "../../src/lorawan/mac-version.ts";
import { Administration } from "../../src/network-server/administration.ts";
import { FakeDevice } from "./support/fake-device.ts";
import { startTestNetwork, type TestNetwork } from "./support/test-network.ts";

const OTHER_DEV_EUI = parseEui64("00000000000000ee");

const key = (octet: number) => importAes128Key(new Uint8Array(16).fill(octet));

function personalized(network: TestNetwork, macVersion: MacVersion): FakeDevice {
  const device = unknownDevice(macVersion);
  put(network, device);
  return device;
}

function unknownDevice(macVersion: MacVersion): FakeDevice {
  const device = new FakeDevice(macVersion, 1);
  device.devAddr = parseDevAddr("02000001");
  device.keys = {
    fNwkSIntKey: key(1),
    sNwkSIntKey: key(device.is11 ? 2 : 1),
    nwkSEncKey: key(device.is11 ? 3 : 1),
    appSKey: key(4),
  };
  return device;
}

function put(network: TestNetwork, device: FakeDevice): void {
  const { devEui, joinEui, macVersion, devAddr, session } = device;
  const { fNwkSIntKey, sNwkSIntKey, nwkSEncKey } = session;
  new Administration(network.networkServer.context).putDevice({
    devEui,
    joinEui,
    macVersion,
    asId: "as",
    abp: { devAddr, fNwkSIntKey, sNwkSIntKey, nwkSEncKey },
  });
}

test("1.1: ResetInd is answered, counters stay, the same record again changes nothing", async (t) => {
  const network = await startTestNetwork(t);
  const device = personalized(network, "1.1.0");
  const first = await network.gateway.exchange(device.uplink({ fOpts: parseHex("0101") }));
  const opened = device.open(first.txpk.phyPayload);
  assert.deepEqual([opened.fCntDown, formatHex(opened.fOpts)], [0, "0101"]);
  put(network, device);
  await network.restart();
  const second = await network.gateway.exchange(device.uplink({ fOpts: parseHex("0101") }));
  assert.equal(device.open(second.txpk.phyPayload).fCntDown, 1);
  const { current } = network.store.findDevice(device.devEui)!;
  assert.deepEqual([current?.sessionKeyId, current?.fCntUp], ["abp:02000001", 1]);
});

test("a device that has sent before it is known is heard from then on", async (t) => {
  const network = await startTestNetwork(t);
  const device = unknownDevice("1.1.0");
  network.gateway.push(device.uplink({}));
  await assert.rejects(network.gateway.nextTransmission(300));
  put(network, device);
  const answer = await network.gateway.exchange(device.uplink({ fOpts: parseHex("0101") }));
  assert.equal(formatHex(device.open(answer.txpk.phyPayload).fOpts), "0101");
  // And another one with the same address, which is what some of them have.
  const second = { ...network.store.findDevice(device.devEui)!, devEui: OTHER_DEV_EUI };
  network.store.saveDevices([second]);
  assert.equal(network.store.findDevicesByDevAddr(device.devAddr).length, 2);
});

test("RekeyInd of an ABP device and ResetInd of an OTAA device are ignored", async (t) => {
  const network = await startTestNetwork(t);
  const device = personalized(network, "1.1.0");
  network.gateway.push(device.uplink({ fOpts: parseHex("0b01") }));
  await assert.rejects(network.gateway.nextTransmission(150));
});

test("a counter beyond 16 bits is reconstructed", async (t) => {
  const network = await startTestNetwork(t);
  const device = personalized(network, "1.0.3");
  network.store.changeDevice(device.devEui, (before) => ({
    device: { ...before, current: { ...before.current!, fCntUp: 0x1fffe } },
    messages: [],
  }));
  device.fCntUp = 0x20001;
  await network.gateway.exchange(device.uplink({ confirmed: true }));
  assert.equal(network.store.findDevice(device.devEui)?.current?.fCntUp, 0x20001);
});

test("an ABP device may not join", async (t) => {
  const network = await startTestNetwork(t);
  const device = personalized(network, "1.0.3");
  network.gateway.push(device.joinRequest());
  await assert.rejects(network.gateway.nextTransmission(150));
  assert.equal(network.joinServer.requests.length, 0);
});

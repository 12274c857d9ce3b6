import assert from "node:assert/strict";
import { test } from "node:test";
import { parseHex } from "../../src/lorawan/hex.ts";
import { us915 } from "../../src/lorawan/region/us915.ts";
import { FakeDevice } from "./support/fake-device.ts";
import { joinDevice, startTestNetwork } from "./support/test-network.ts";
import { until } from "./support/until.ts";

test("copies from several gateways are one uplink; the best one transmits", async (t) => {
  const network = await startTestNetwork(t);
  const other = await network.addGateway(2);
  const device = new FakeDevice("1.1.0", 1);
  network.addDevice(device);
  await joinDevice(network, device);

  const phyPayload = device.uplink({ fPort: 1, payload: parseHex("01"), confirmed: true });
  const transmission = other.nextTransmission();
  network.gateway.push(phyPayload, { lsnr: 3, rssi: -50 });
  other.push(phyPayload, { lsnr: 8, rssi: -90, tmst: 77 });
  network.gateway.push(phyPayload, { lsnr: 1, rssi: -95 });
  assert.deepEqual((await transmission).txpk.timing, { tmst: 1_000_077 });
  await until(() => network.applicationServer.uplinks.length === 1, "the uplink");
  assert.deepEqual(network.applicationServer.uplinks[0]?.["Gateways"], [
    { GatewayEUI: other.gatewayEui, RSSI: -90, SNR: 8 },
    { GatewayEUI: network.gateway.gatewayEui, RSSI: -50, SNR: 3 },
  ]);
});

test("of very many gateways the hundred that heard best are told", async (t) => {
  const network = await startTestNetwork(t, { deduplicationMs: 500 });
  const gateways = [network.gateway];
  for (let number = 2; number <= 105; number++) gateways.push(await network.addGateway(number));
  const device = new FakeDevice("1.1.0", 1);
  network.addDevice(device);
  await joinDevice(network, device);
  const phyPayload = device.uplink({ fPort: 1, payload: parseHex("01") });
  for (const [index, gateway] of gateways.entries())
    gateway.push(phyPayload, { lsnr: -index / 10 });
  await until(() => network.applicationServer.uplinks.length === 1, "the uplink");
  const told = network.applicationServer.uplinks[0]?.["Gateways"] as { GatewayEUI: string }[];
  const best = gateways.slice(0, 100).map(({ gatewayEui }) => gatewayEui);
  assert.deepEqual(
    told.map(({ GatewayEUI }) => GatewayEUI),
    best,
  );
});

test("a late copy from a further gateway is not a repetition", async (t) => {
  const network = await startTestNetwork(t);
  const other = await network.addGateway(2);
  const device = new FakeDevice("1.1.0", 1);
  network.addDevice(device);
  await joinDevice(network, device);
  const phyPayload = device.uplink({ confirmed: true });
  await network.gateway.exchange(phyPayload);
  const count = network.gateway.transmissions.length;
  other.push(phyPayload);
  await assert.rejects(other.nextTransmission(150));
  assert.equal(network.gateway.transmissions.length, count);
});

test("a gateway that never pulled is heard but not asked to transmit", async (t) => {
  const network = await startTestNetwork(t);
  const device = new FakeDevice("1.0.3", 1);
  network.addDevice(device);
  const silent = await network.addGateway(3);
  network.networkServer.context.gateways.pulled(
    silent.gatewayEui,
    undefined as unknown as { address: string; port: number },
    0,
  );
  const joinRequest = device.joinRequest();
  const transmission = network.gateway.nextTransmission();
  silent.push(joinRequest, { lsnr: 12 });
  network.gateway.push(joinRequest, { lsnr: -3 });
  device.acceptJoin((await transmission).txpk.phyPayload);
});

test("RX1 refused: RX2 with the same bytes, then the next gateway", async (t) => {
  const network = await startTestNetwork(t);
  const other = await network.addGateway(2);
  const device = new FakeDevice("1.1.0", 1);
  network.addDevice(device);
  await joinDevice(network, device);
  const before = network.gateway.transmissions.length;
  network.gateway.nextErrors.push("COLLISION_PACKET", "TOO_LATE");

  const phyPayload = device.uplink({ confirmed: true });
  const last = other.nextTransmission();
  network.gateway.push(phyPayload, { lsnr: 9 });
  other.push(phyPayload, { lsnr: 2 });
  const { txpk } = await last;
  const [rx1, rx2] = network.gateway.transmissions.slice(before);
  assert.deepEqual(rx1?.txpk.timing, { tmst: 2_000_000 });
  assert.deepEqual(rx2?.txpk.timing, { tmst: 3_000_000 });
  assert.deepEqual(
    [rx2?.txpk.frequencyHz, rx2?.txpk.datr, rx2?.txpk.powe],
    [869_525_000, "SF12BW125", 27],
  );
  assert.deepEqual(rx2?.txpk.phyPayload, rx1?.txpk.phyPayload);
  assert.deepEqual(txpk.phyPayload, rx1?.txpk.phyPayload);
  assert.equal(device.open(txpk.phyPayload).frame.fCtrl.ack, true);
});

test("no TX_ACK counts as a failure", async (t) => {
  const network = await startTestNetwork(t);
  const device = new FakeDevice("1.1.0", 1);
  network.addDevice(device);
  await joinDevice(network, device);
  const before = network.gateway.transmissions.length;
  network.gateway.nextErrors.push("silent");
  network.gateway.push(device.uplink({ confirmed: true }));
  await until(() => network.gateway.transmissions.length === before + 2, "RX2");
});

test("frames with a wrong CRC and unknown data rates are dropped, every PUSH_DATA acknowledged", async (t) => {
  const network = await startTestNetwork(t);
  const device = new FakeDevice("1.0.3", 1);
  network.addDevice(device);
  network.gateway.push(device.joinRequest(), { crcStatus: -1 });
  network.gateway.push(device.joinRequest(), { datr: "SF5BW500" });
  await until(() => network.gateway.acknowledgements === 2, "PUSH_ACK");
  await assert.rejects(network.gateway.nextTransmission(120));
  assert.equal(network.joinServer.requests.length, 0);
});

test("a slow Join Server is answered in RX2 when RX1 is over", async (t) => {
  const network = await startTestNetwork(t);
  const device = new FakeDevice("1.0.3", 1);
  network.addDevice(device);
  network.joinServer.beforeAnswer = () => {
    network.clock.offsetMs = 5_000;
  };
  const { txpk } = await network.gateway.exchange(device.joinRequest());
  assert.deepEqual(txpk.timing, { tmst: 7_000_000 });
});

test("US915: RX1 on the downlink channel, RX2 at DR8, 1.1 MIC with the channel index", async (t) => {
  const network = await startTestNetwork(t, { region: us915 });
  const { gateway } = network;
  const device = new FakeDevice("1.1.0", 1);
  network.addDevice(device);
  const channel9 = { frequencyHz: 904_100_000, datr: "SF10BW125" };
  const accept = await gateway.exchange(device.joinRequest(), channel9);
  assert.equal(accept.txpk.frequencyHz, 923_900_000, "downlink channel 9 modulo 8");
  assert.equal(accept.txpk.datr, "SF10BW500");
  device.acceptJoin(accept.txpk.phyPayload);
  assert.equal(device.cfList?.at(-1), 1, "a CFList of channel masks");

  gateway.nextErrors.push("TOO_LATE");
  const before = gateway.transmissions.length;
  const wide = { frequencyHz: 904_600_000, datr: "SF8BW500" };
  gateway.push(device.uplink({ fOpts: parseHex("0b01") }, { txDr: 4, txCh: 65 }), wide);
  await until(() => gateway.transmissions.length === before + 2, "both windows");
  const [rx1, rx2] = gateway.transmissions.slice(before);
  assert.deepEqual([rx1?.txpk.frequencyHz, rx1?.txpk.datr], [923_900_000, "SF7BW500"]);
  assert.deepEqual([rx2?.txpk.frequencyHz, rx2?.txpk.datr], [923_300_000, "SF12BW500"]);
});

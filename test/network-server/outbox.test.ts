import assert from "node:assert/strict";
import { test } from "node:test";
import { parseHex } from "../../src/lorawan/hex.ts";
import { FakeApplicationServer } from "./support/fake-application-server.ts";
import { FakeDevice } from "./support/fake-device.ts";
import { joinDevice, startTestNetwork } from "./support/test-network.ts";
import { until } from "./support/until.ts";

test("uplinks wait for an Application Server that is down, over a restart, and arrive in order", async (t) => {
  const network = await startTestNetwork(t);
  const device = new FakeDevice("1.0.3", 1);
  network.addDevice(device);
  await joinDevice(network, device);
  const { port } = network.applicationServer;
  network.applicationServer.close();
  for (let count = 0; count < 3; count++) {
    network.gateway.push(device.uplink({ fPort: 1, payload: parseHex("01") }));
    await until(() => network.store.findDevice(device.devEui)?.current?.fCntUp === count, "uplink");
  }
  await network.restart();
  const back = await new FakeApplicationServer().listen(port);
  t.after(() => back.close());
  back.nextStatus.push(500, 404);
  await until(() => back.uplinks.length === 3, "all uplinks");
  assert.deepEqual(
    back.uplinks.map((uplink) => uplink["FCntUp"]),
    [0, 1, 2],
  );
  await until(() => network.store.nextMessageDueAt() === undefined, "an empty outbox");
});

test("a device whose Application Server is unknown does not hold up the others", async (t) => {
  const network = await startTestNetwork(t);
  const lost = new FakeDevice("1.0.3", 1);
  const fine = new FakeDevice("1.0.3", 2);
  for (const device of [lost, fine]) {
    network.addDevice(device);
    await joinDevice(network, device);
  }
  network.store.changeDevice(lost.devEui, (device) => ({
    device: { ...device, asId: "nobody" },
    messages: [],
  }));
  network.gateway.push(lost.uplink({ fPort: 1, payload: parseHex("01") }));
  network.gateway.push(fine.uplink({ fPort: 1, payload: parseHex("02") }));
  await until(() => network.applicationServer.uplinks.length === 1, "the uplink of the other");
  assert.equal(network.applicationServer.uplinks[0]?.["DevEUI"], fine.devEui);
});

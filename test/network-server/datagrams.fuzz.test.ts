import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import fc from "fast-check";
import { encodeDatagram } from "../../src/gwmp/datagram.ts";
import { parseHex } from "../../src/lorawan/hex.ts";
import { FakeDevice } from "./support/fake-device.ts";
import { joinDevice, startTestNetwork } from "./support/test-network.ts";
import { until } from "./support/until.ts";

test("whatever comes over UDP: nothing breaks, nothing changes", async (t) => {
  const errors: object[] = [];
  const drop = () => undefined;
  const logger = {
    debug: drop,
    info: drop,
    warn: drop,
    error: (fields: object) => errors.push(fields),
  };
  const network = await startTestNetwork(t, { deduplicationMs: 1 }, logger);
  const { gateway, store, networkServer } = network;
  const device = new FakeDevice("1.1.0", 1);
  network.addDevice(device);
  await joinDevice(network, device);
  const before = JSON.stringify(store.listDevices());
  const valid = encodeDatagram({
    type: "PUSH_DATA",
    version: 2,
    token: 1,
    gatewayEui: gateway.gatewayEui,
    rxpk: [],
  });

  const datagrams = fc.sample(
    fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      fc.uint8Array({ maxLength: 64 }).map((tail) => Uint8Array.of(2, 0, 0, 0, ...tail)),
      fc.uint8Array({ maxLength: 64 }).map((tail) => Uint8Array.of(2, 0, 0, 5, ...tail)),
      fc.nat(valid.length).map((length) => valid.slice(0, length)),
      fc.json().map((json) => Buffer.concat([valid.slice(0, 12), Buffer.from(json)])),
      fc
        .jsonValue()
        .map((rxpk) =>
          Buffer.concat([valid.slice(0, 12), Buffer.from(JSON.stringify({ rxpk: [rxpk] }))]),
        ),
    ),
    400,
  );
  for (const datagram of datagrams) gateway.send(datagram);
  gateway.send(new Uint8Array(60_000).fill(0x5b));
  for (const phyPayload of fc.sample(fc.uint8Array({ minLength: 1, maxLength: 255 }), 100)) {
    gateway.push(phyPayload);
  }
  // A frame of the device, cut at every length and with every bit of its header turned.
  const uplink = device.uplink({ fPort: 1, payload: parseHex("0102"), fOpts: parseHex("0202") });
  for (let length = 1; length < uplink.length; length++) gateway.push(uplink.slice(0, length));
  for (let bit = 0; bit < 8 * uplink.length; bit++) {
    const forged = Uint8Array.from(uplink);
    forged[bit >> 3]! ^= 1 << (bit & 7);
    gateway.push(forged);
  }
  await delay(200);
  await until(() => networkServer.badDatagramCount > 100, "dropped datagrams");
  assert.equal(JSON.stringify(store.listDevices()), before);
  assert.deepEqual(errors, []);
  // The frame itself is still good.
  device.open((await gateway.exchange(uplink, { tmst: 5_000_000 })).txpk.phyPayload);
});

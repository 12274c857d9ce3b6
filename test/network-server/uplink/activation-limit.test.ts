import assert from "node:assert/strict";
import { test } from "node:test";
import { type Eui64, parseEui64 } from "../../../src/lorawan/identifiers.ts";
import { ActivationLimit } from "../../../src/network-server/uplink/activation-limit.ts";
import { FakeDevice } from "../support/fake-device.ts";
import { startTestNetwork } from "../support/test-network.ts";
import { until } from "../support/until.ts";

const devEuiOf = (number: number): Eui64 => parseEui64(number.toString(16).padStart(16, "0"));

test("there is room for so many in all, and again once one is done or has failed", async () => {
  const limit = new ActivationLimit(2);
  const first = Promise.withResolvers<void>();
  const second = Promise.withResolvers<void>();
  const underWay = limit.run(devEuiOf(1), () => first.promise);
  const failing = limit.run(devEuiOf(2), () => second.promise);
  const never = () => assert.fail("there was no room");
  assert.equal(await limit.run(devEuiOf(3), never), false);
  first.resolve();
  assert.equal(await underWay, true);
  assert.equal(await limit.run(devEuiOf(3), () => Promise.resolve()), true);
  second.reject(new Error("no"));
  await assert.rejects(failing);
  const both = [4, 5].map((number) => limit.run(devEuiOf(number), () => Promise.resolve()));
  assert.deepEqual(await Promise.all(both), [true, true]);
});

test("while the Join Server hangs, a device has one join under way and one that waits", async (t) => {
  const dropped: object[] = [];
  const network = await startTestNetwork(
    t,
    {},
    {
      debug: () => undefined,
      info: () => undefined,
      warn: (fields) => dropped.push(fields),
      error: () => undefined,
    },
  );
  const { gateway, joinServer } = network;
  const [device, other] = [new FakeDevice("1.1.0", 1), new FakeDevice("1.0.3", 2)];
  network.addDevice(device);
  network.addDevice(other);
  const answer = Promise.withResolvers<void>();
  joinServer.beforeAnswer = () => answer.promise;
  for (let count = 0; count < 10; count++) gateway.push(device.joinRequest());
  await until(() => dropped.length === 8, "eight that are dropped");
  for (const fields of dropped) {
    assert.deepEqual(fields, { event: "join-dropped", devEui: device.devEui, type: "join" });
  }
  gateway.push(other.joinRequest());
  await until(() => joinServer.requestsOf("JoinReq").length === 2, "one request of each device");

  answer.resolve();
  await until(() => gateway.transmissions.length === 3, "the waiting one as well");
  assert.equal(joinServer.requestsOf("JoinReq").length, 3);
  await gateway.exchange(device.joinRequest());
});

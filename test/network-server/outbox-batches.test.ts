import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { parseHex } from "../../src/lorawan/hex.ts";
import { type BatchMessage, FakeApplicationServer } from "./support/fake-application-server.ts";
import { FakeDevice } from "./support/fake-device.ts";
import { joinDevice, startTestNetwork, type TestNetwork } from "./support/test-network.ts";
import { until } from "./support/until.ts";

const DEVICES = 10;
/** For all of them to be heard before the first one is due. */
const DEDUPLICATION_MS = 150;

/** A network in which many devices send at the same time. */
async function startCrowd(test: TestContext) {
  const network = await startTestNetwork(test, { deduplicationMs: DEDUPLICATION_MS });
  const devices = Array.from({ length: DEVICES }, (_, index) => new FakeDevice("1.0.3", index + 1));
  for (const device of devices) {
    network.addDevice(device);
    await joinDevice(network, device);
  }
  const batches: (readonly BatchMessage[])[] = [];
  /** Every device sends an uplink; all of them are due at the same moment. */
  const sendAll = async () => {
    const { gateway } = network;
    const heard = gateway.acknowledgements + DEVICES;
    for (const device of devices)
      gateway.push(device.uplink({ fPort: 1, payload: parseHex("01") }));
    await until(() => gateway.acknowledgements === heard, "the acknowledgements");
    const stopped = new Int32Array(new SharedArrayBuffer(4));
    Atomics.wait(stopped, 0, 0, DEDUPLICATION_MS);
  };
  return { network, devices, batches, sendAll };
}

/** The counters that arrived of each device, in their order. */
function arrived(server: FakeApplicationServer, devices: readonly FakeDevice[]): unknown[][] {
  return devices.map(({ devEui }) =>
    server.uplinks
      .filter((uplink) => uplink["DevEUI"] === devEui)
      .map((uplink) => uplink["FCntUp"]),
  );
}

function isEmpty({ store }: TestNetwork): boolean {
  return store.batchAsIds().length === 0 && store.nextMessageDueAt() === undefined;
}

test("uplinks that come together are told together; those that failed come again, in order", async (t) => {
  const { network, devices, batches, sendAll } = await startCrowd(t);
  const { applicationServer } = network;
  applicationServer.onBatch = (messages) => {
    batches.push(messages);
    return batches.length === 1 ? [0, 3] : [];
  };
  await sendAll();
  await until(() => batches.length > 0, "a batch");
  await sendAll();
  await until(() => applicationServer.uplinks.length === 2 * DEVICES, "all uplinks");
  assert.ok((batches[0]?.length ?? 0) >= DEVICES - 2, "nearly all in one request");
  assert.deepEqual(
    arrived(applicationServer, devices),
    devices.map(() => [0, 1]),
  );
  await until(() => isEmpty(network), "an empty outbox");
});

test("an Application Server that knows no batches gets single messages", async (t) => {
  const { network, devices, batches, sendAll } = await startCrowd(t);
  const { applicationServer } = network;
  applicationServer.onBatch = (messages) => {
    batches.push(messages);
    return 404;
  };
  for (const count of [1, 2]) {
    await sendAll();
    await until(() => applicationServer.uplinks.length === count * DEVICES, "all uplinks");
  }
  assert.equal(batches.length, 1, "it is not asked again soon");
  assert.deepEqual(
    arrived(applicationServer, devices),
    devices.map(() => [0, 1]),
  );
});

test("a batch waits for an Application Server that is down, over a restart", async (t) => {
  const { network, devices, sendAll } = await startCrowd(t);
  const { port } = network.applicationServer;
  network.applicationServer.close();
  const isStored = (count: number) => () =>
    devices.every(({ devEui }) => network.store.findDevice(devEui)?.current?.fCntUp === count);
  await sendAll();
  await until(isStored(0), "uplinks");
  await network.restart();
  await sendAll();
  await until(isStored(1), "more uplinks");
  const back = await new FakeApplicationServer().listen(port);
  t.after(() => back.close());
  await until(() => back.uplinks.length >= 2 * DEVICES, "all uplinks");
  assert.deepEqual(
    arrived(back, devices),
    devices.map(() => [0, 1]),
  );
});

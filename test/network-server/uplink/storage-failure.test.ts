import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { WarrenError } from "../../../src/errors.ts";
import { silentLogger } from "../../../src/logger.ts";
import { parseHex } from "../../../src/lorawan/hex.ts";
import { queueDownlink } from "../../../src/network-server/downlink/queue-downlink.ts";
import { FakeDevice } from "../support/fake-device.ts";
import { joinDevice, startTestNetwork } from "../support/test-network.ts";
import { until } from "../support/until.ts";

const READY_REQ = parseHex("8105000102030499887766");

async function startWithBadStorage(test: TestContext) {
  const errors: { event?: string; code?: string }[] = [];
  const logger = { ...silentLogger, error: (fields: object) => errors.push(fields) };
  const network = await startTestNetwork(test, {}, logger);
  const device = new FakeDevice("1.1.0", 1);
  network.addDevice(device);
  /** Makes one call of the store fail: the first after `skip` that work. `change`: of one device or many. */
  const failOnce = (name: "change" | "dueMessages" | "deleteMessages", skip = 0) => {
    let left = skip;
    const { store } = network;
    const names = name === "change" ? (["changeDevice", "changeDevices"] as const) : [name];
    const asBefore = Object.fromEntries(
      names.map((each) => [each, store[each].bind(store) as (...values: unknown[]) => unknown]),
    );
    for (const [each, works] of Object.entries(asBefore)) {
      Object.assign(store, {
        [each]: (...values: unknown[]) => {
          if (left-- > 0) return works(...values);
          Object.assign(store, asBefore);
          throw new WarrenError("storage-failed", "the disk is full");
        },
      });
    }
  };
  return { network, device, errors, failOnce };
}

test("an uplink that cannot be stored is dropped and not acknowledged; the next one is taken", async (t) => {
  const { network, device, errors, failOnce } = await startWithBadStorage(t);
  const { gateway, applicationServer } = network;
  await joinDevice(network, device);
  const uplink = device.uplink({ fPort: 1, payload: parseHex("01"), confirmed: true });
  failOnce("change");
  gateway.push(uplink);
  await assert.rejects(gateway.nextTransmission(150));
  const { event, code } = errors[0]!;
  assert.deepEqual([event, code, errors.length], ["uplink-dropped", "storage-failed", 1]);
  assert.equal(applicationServer.uplinks.length, 0);

  const { txpk } = await gateway.exchange(uplink, { tmst: 5_000_000 });
  assert.equal(device.open(txpk.phyPayload).frame.fCtrl.ack, true);
  await until(() => applicationServer.uplinks.length === 1, "the repetition, once");
});

test("a downlink whose counter cannot be stored does not leave", async (t) => {
  const { network, device, errors, failOnce } = await startWithBadStorage(t);
  const { gateway } = network;
  await joinDevice(network, device);
  failOnce("change", 1);
  gateway.push(device.uplink({ confirmed: true }));
  await assert.rejects(gateway.nextTransmission(150));
  assert.equal(errors[0]?.code, "storage-failed");
  const { txpk } = await gateway.exchange(device.uplink({ confirmed: true }));
  assert.equal(device.open(txpk.phyPayload).frame.fCtrl.ack, true);
});

test("a downlink whose fate could not be stored has failed by the next uplink", async (t) => {
  const { network, device, failOnce } = await startWithBadStorage(t);
  const { gateway, store, applicationServer } = network;
  await joinDevice(network, device);
  const { sessionKeyId } = store.findDevice(device.devEui)!.current!;
  const frmPayload = device.encryptDownlink(0, parseHex("01"));
  const downlink = { sessionKeyId, fPort: 1, fCntDown: 0, isConfirmed: false, frmPayload };
  store.changeDevice(device.devEui, (before) =>
    queueDownlink(before, { ...downlink, downlinkId: "d" }),
  );
  failOnce("change", 2);
  await gateway.exchange(device.uplink({ fPort: 1 }));
  gateway.push(device.uplink({ fPort: 1 }));
  await applicationServer.eventsOf("d", 1);
  const event = applicationServer.events.find((body) => body["DownlinkID"] === "d");
  assert.deepEqual([event?.["Event"], event?.["Reason"]], ["failed", "interrupted"]);
  assert.deepEqual(store.findDevice(device.devEui)!.downlinks, []);
});

test("a join whose session cannot be stored is not accepted; the next one is", async (t) => {
  const { network, device, errors, failOnce } = await startWithBadStorage(t);
  failOnce("change");
  network.gateway.push(device.joinRequest());
  await assert.rejects(network.gateway.nextTransmission(200));
  assert.equal(errors[0]?.code, "storage-failed");
  await joinDevice(network, device);
});

test("an answer of the Join Server that cannot be stored does not hold up the acknowledgement", async (t) => {
  const { network, device, failOnce } = await startWithBadStorage(t);
  const { gateway, joinServer, store } = network;
  await joinDevice(network, device);
  joinServer.onRootKeyCommand = () => Promise.resolve(parseHex("81050055667788"));
  failOnce("change", 1);
  const { txpk } = await gateway.exchange(device.uplink({ fOpts: READY_REQ, confirmed: true }));
  assert.equal(device.open(txpk.phyPayload).frame.fCtrl.ack, true);
  assert.equal(store.findDevice(device.devEui)!.rootKeyCommand, undefined);
});

for (const call of ["dueMessages", "deleteMessages"] as const) {
  test(`the outbox goes on by itself after a ${call} that failed`, async (t) => {
    const { network, device, errors, failOnce } = await startWithBadStorage(t);
    await joinDevice(network, device);
    failOnce(call);
    network.gateway.push(device.uplink({ fPort: 1, payload: parseHex("01") }));
    await until(() => errors.length > 0, "the failure");
    await until(() => network.applicationServer.uplinks.length > 0, "the uplink");
    await until(() => network.store.nextMessageDueAt() === undefined, "an empty outbox");
  });
}

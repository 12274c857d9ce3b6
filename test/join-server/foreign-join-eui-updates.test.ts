import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Json, keyHex, resultOf, useJoinServer } from "../support/join-server-rig.ts";
import { TestDevice } from "../support/test-device.ts";

/** As an import from a server that keeps none. */
const NO_JOIN_EUI = "0000000000000000";

const rig = useJoinServer();

async function registered(joinEui = NO_JOIN_EUI): Promise<TestDevice> {
  const device = new TestDevice("1.0.3");
  await rig.register(device, { joinEui, allowsForeignJoinEui: true });
  return device;
}

const askUpdate = (device: TestDevice) =>
  rig.ask("RootKeyUpdateReq", { DevEUI: device.devEui, Reason: "age" });

/** Both messages of the device, and the join that ends an update. */
async function finish(device: TestDevice, request: Json): Promise<void> {
  const ready = device.receiveCommand(request["MACCommand"] as string);
  assert.ok(ready, "the device takes the request");
  const answer = await rig.ask("RootKeyCommandReq", { DevEUI: device.devEui, MACCommand: ready });
  device.receiveCommand(answer["MACCommand"] as string);
  await rig.join(device);
}

async function assertGeneration(device: TestDevice, expected: number): Promise<void> {
  const stored = await rig.store.loadDevice(device.devEui as never);
  assert.equal(stored?.rootKeys.generation, expected);
  assert.equal(keyHex(stored.rootKeys.currentKeys.nwkKey), keyHex(device.currentKeys.nwkKey));
}

describe("updates of a device whose AppEUI is not the JoinEUI on record", () => {
  it("are bound to the AppEUI that it joins with, also after a restart in between", async () => {
    const device = await registered();
    await rig.join(device);
    const request = await askUpdate(device);
    assert.equal(resultOf(request), "Success");
    rig.restart();
    await finish(device, request);
    await assertGeneration(device, 1);
    rig.restart();
    rig.clock.time += 48 * 3_600_000;
    await finish(device, await askUpdate(device));
    await assertGeneration(device, 2);
  });

  it("are not started before it has joined, since nobody knows it until then", async () => {
    const device = await registered();
    const request = await askUpdate(device);
    assert.equal(resultOf(request), "Deferred");
    const started = await rig.call("POST", `devices/${device.devEui}/root-key-update`);
    assert.equal(started.status, 409);
    assert.match(String(started.body["detail"]), /has not joined yet/);
    const stored = await rig.store.loadDevice(device.devEui as never);
    assert.equal(stored?.rootKeys.lastUpdateId, 0, "no UpdateID is used up");
  });

  it("begin anew with the JoinEUI on record when the device gets other root keys", async () => {
    const device = await registered();
    await rig.join(device);
    const again = new TestDevice("1.0.3");
    const { body } = await rig.call("PUT", `devices/${device.devEui}/root-keys`, {
      nwkKey: keyHex(again.currentKeys.nwkKey),
    });
    assert.equal(body["title"], undefined);
    const stored = await rig.store.loadDevice(device.devEui as never);
    assert.equal(stored?.rootKeys.joinEui, NO_JOIN_EUI);
  });
});

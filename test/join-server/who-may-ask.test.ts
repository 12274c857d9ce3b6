import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Device } from "../../src/join-server/device.ts";
import { parseJoinEuiRange } from "../../src/join-server/join-eui-range.ts";
import { parseEui64, parseNetId } from "../../src/lorawan/identifiers.ts";
import { decodeJoinRequest } from "../../src/lorawan/join/join-request.ts";
import type { MacVersion } from "../../src/lorawan/mac-version.ts";
import {
  AS_ID,
  type JoinServerRig,
  type Json,
  NET_ID,
  OTHER_NET_ID,
  resultOf,
  useJoinServer,
} from "../support/join-server-rig.ts";
import { TestDevice } from "../support/test-device.ts";

const FOREIGN = parseEui64("0102030405060708");

async function registered(
  rig: JoinServerRig,
  macVersion: MacVersion,
  changes: Partial<Device> = {},
): Promise<TestDevice> {
  const device = new TestDevice(macVersion);
  await rig.register(device);
  await change(rig, device, changes);
  return device;
}

async function change(
  rig: JoinServerRig,
  device: TestDevice,
  changes: Partial<Device>,
): Promise<void> {
  const stored = await rig.store.loadDevice(device.devEui);
  assert.ok(stored);
  assert.equal(await rig.store.saveDevice({ ...stored, ...changes }), "saved");
}

async function ask(rig: JoinServerRig, device: TestDevice, members: Json = {}): Promise<string> {
  return resultOf(await rig.askJoin(device, device.joinRequest(), { members }));
}

/** Every message about a device that has joined, each acceptable. */
async function askEverything(
  rig: JoinServerRig,
  device: TestDevice,
  SessionKeyID: unknown,
  members: Json = {},
): Promise<Record<string, string>> {
  const { devEui: DevEUI } = device;
  const rejoin = { members };
  const command = { DevEUI, MACCommand: "80010000", ...members };
  return {
    AppSKeyReq: resultOf(
      await rig.ask("AppSKeyReq", { SenderID: AS_ID, DevEUI, SessionKeyID, ...members }),
    ),
    RootKeyUpdateReq: resultOf(
      await rig.ask("RootKeyUpdateReq", { DevEUI, Reason: "age", ...members }),
    ),
    RootKeyCommandReq: resultOf(await rig.ask("RootKeyCommandReq", command)),
    HomeNSReq: resultOf(await rig.ask("HomeNSReq", { DevEUI, ...members })),
    RejoinReq: resultOf(await rig.askJoin(device, device.rejoinRequest(0), rejoin)),
    JoinReq: resultOf(await rig.askJoin(device, device.joinRequest(), { members })),
  };
}

describe("a device that is switched off", () => {
  const rig = useJoinServer();

  it("gets nothing but the answer to where it is at home, and everything when it is on again", async () => {
    const device = await registered(rig, "1.1.0");
    const { SessionKeyID } = await rig.join(device);
    await change(rig, device, { isDisabled: true });
    const before = rig.dump();
    const { HomeNSReq, ...others } = await askEverything(rig, device, SessionKeyID);
    assert.equal(HomeNSReq, "Success");
    assert.deepEqual(new Set(Object.values(others)), new Set(["ActivationDisallowed"]));
    assert.equal(rig.dump(), before);
    assert.equal(rig.events.at(-1)?.reason, "device-disabled");
    await change(rig, device, { isDisabled: false });
    const again = await askEverything(rig, device, SessionKeyID);
    assert.deepEqual(new Set(Object.values(again)), new Set(["Success"]));
  });

  it("looks to other networks like any that is not theirs", async () => {
    const device = await registered(rig, "1.0.3", { isDisabled: true });
    await ask(rig, device, { SenderID: OTHER_NET_ID });
    assert.equal(rig.events.at(-1)?.reason, "activation-disallowed");
  });
});

describe("a peer that is not allowed", () => {
  const rig = useJoinServer();

  it("is refused whatever it asks, and gets no AppSKey on the way either", async () => {
    const device = await registered(rig, "1.1.0");
    const { SessionKeyID } = await rig.join(device);
    const applicationServer = await rig.store.loadApplicationServer(AS_ID);
    const networkServer = await rig.store.loadNetworkServer(parseNetId(NET_ID));
    assert.ok(applicationServer && networkServer);
    await rig.store.saveApplicationServer({ ...applicationServer, isAllowed: false });
    const answer = await rig.askJoin(device, device.joinRequest());
    assert.deepEqual([resultOf(answer), "AppSKey" in answer], ["Success", false]);
    await rig.store.saveNetworkServer({ ...networkServer, isAllowed: false });
    const before = rig.dump();
    const results = await askEverything(rig, device, SessionKeyID);
    assert.deepEqual(new Set(Object.values(results)), new Set(["ActivationDisallowed"]));
    assert.equal(rig.dump(), before);
    assert.equal(rig.events.at(-1)?.reason, "peer-not-allowed");
  });
});

describe("ReceiverID", () => {
  const rig = useJoinServer();

  it("must be a JoinEUI, in every message", async () => {
    const device = await registered(rig, "1.1.0");
    const { SessionKeyID } = await rig.join(device);
    const before = rig.dump();
    for (const ReceiverID of ["", "000013", "example-js", "0x", "70b3d57ed000000100"]) {
      const results = await askEverything(rig, device, SessionKeyID, { ReceiverID });
      assert.deepEqual(new Set(Object.values(results)), new Set(["UnkownReceiver"]), ReceiverID);
    }
    assert.equal(rig.dump(), before);
  });

  it("must be the JoinEUI of the device, in every message of LoRaWAN 1.1", async () => {
    const device = await registered(rig, "1.1.0");
    const { SessionKeyID } = await rig.join(device);
    const results = await askEverything(rig, device, SessionKeyID, { ReceiverID: FOREIGN });
    const { JoinReq, RejoinReq, ...others } = results;
    assert.deepEqual([JoinReq, RejoinReq], ["MalformedRequest", "MalformedRequest"]);
    assert.deepEqual(new Set(Object.values(others)), new Set(["UnkownReceiver"]));
  });
});

describe("JoinEUI ranges", () => {
  const rig = useJoinServer();
  const range = parseJoinEuiRange("70b3d57ed0000000/40");

  it("say which JoinEUIs are served, once there is one", async () => {
    const device = await registered(rig, "1.0.3");
    const other = await registered(rig, "1.0.3", { joinEui: FOREIGN });
    Object.assign(other, { joinEui: FOREIGN });
    assert.equal(await ask(rig, other, { ReceiverID: FOREIGN }), "Success");
    await rig.store.saveJoinEuiRange(range);
    assert.equal(await ask(rig, device), "Success");
    const before = rig.dump();
    assert.equal(await ask(rig, other, { ReceiverID: FOREIGN }), "UnkownReceiver");
    assert.equal(await ask(rig, device, { ReceiverID: FOREIGN }), "UnkownReceiver");
    assert.equal(await ask(rig, device, { ReceiverID: "70b3d57ed0ffffff" }), "Success");
    const unknown = { DevEUI: "ffffffffffffffff" };
    const home = async (members: Json) => resultOf(await rig.ask("HomeNSReq", members));
    assert.equal(await home(unknown), "UnknownDevEUI");
    assert.equal(await home({ ...unknown, ReceiverID: FOREIGN }), "UnkownReceiver");
    assert.notEqual(rig.dump(), before);
    await rig.store.deleteJoinEuiRange(range);
    assert.equal(await ask(rig, other, { ReceiverID: FOREIGN }), "Success");
  });
});

describe("the AppEUI of somebody else", () => {
  const rig = useJoinServer();
  const joinAs = async (device: TestDevice, joinEui: string, devNonce: number) => {
    const foreign = new TestDevice(device.macVersion, device.currentKeys);
    Object.assign(foreign, { devEui: device.devEui, joinEui });
    const request = foreign.joinRequestUnder(device.currentKeys, devNonce);
    assert.equal(decodeJoinRequest(request.phyPayload).joinEui, joinEui);
    return resultOf(await rig.askJoin(device, request, { members: { ReceiverID: joinEui } }));
  };

  it("is taken from a 1.0.x device whose record allows it, even outside of the ranges", async () => {
    const device = await registered(rig, "1.0.3");
    assert.equal(await joinAs(device, FOREIGN, 1), "UnkownReceiver");
    await change(rig, device, { allowsForeignJoinEui: true });
    assert.equal(await joinAs(device, FOREIGN, 1), "Success");
    const range = parseJoinEuiRange("70b3d57ed0000000/40");
    await rig.store.saveJoinEuiRange(range);
    assert.equal(await joinAs(device, FOREIGN, 2), "Success");
    await rig.store.deleteJoinEuiRange(range);
  });

  it("has DevNonces of its own", async () => {
    const device = await registered(rig, "1.0.3", { allowsForeignJoinEui: true });
    assert.equal(await joinAs(device, FOREIGN, 9), "Success");
    assert.equal(await joinAs(device, FOREIGN, 9), "JoinReqFailed");
    assert.equal(await joinAs(device, device.joinEui, 9), "Success");
    assert.equal(await joinAs(device, device.joinEui, 9), "JoinReqFailed");
  });

  it("is never taken from a 1.1 device", async () => {
    const device = await registered(rig, "1.1.0", { allowsForeignJoinEui: true });
    assert.equal(await joinAs(device, FOREIGN, 1), "UnkownReceiver");
  });
});

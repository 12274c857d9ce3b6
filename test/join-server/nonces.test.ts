import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { MacVersion } from "../../src/lorawan/mac-version.ts";
import { type Json, OTHER_NET_ID, resultOf, useJoinServer } from "../support/join-server-rig.ts";
import { randomKey, TestDevice } from "../support/test-device.ts";

const RANDOM_NONCE: readonly MacVersion[] = ["1.0.0", "1.0.1", "1.0.2", "1.0.3"];
const COUNTED_NONCE: readonly MacVersion[] = ["1.0.4", "1.1.0"];

const rig = useJoinServer();

async function registered(macVersion: MacVersion): Promise<TestDevice> {
  const device = new TestDevice(macVersion);
  await rig.register(device);
  return device;
}

/** The ResultCode of a Join-request with this DevNonce; the device takes the accept if there is one. */
async function joinWith(device: TestDevice, devNonce: number, members: Json = {}): Promise<string> {
  const request = device.joinRequestUnder(device.currentKeys, devNonce);
  return resultOf(await rig.askJoin(device, request, { members }));
}

/** Asserts that the request is refused and that no row of the database changes by it. */
async function refused(expected: string, ask: () => Promise<string>): Promise<void> {
  const before = rig.dump();
  assert.equal(await ask(), expected);
  assert.equal(rig.dump(), before);
}

describe("DevNonce", () => {
  for (const macVersion of RANDOM_NONCE) {
    it(`of ${macVersion} may come in any order but never again, not even after a restart`, async () => {
      const device = await registered(macVersion);
      for (const devNonce of [500, 3, 0, 65_535]) {
        assert.equal(await joinWith(device, devNonce), "Success");
      }
      await refused("JoinReqFailed", () => joinWith(device, 3));
      rig.restart();
      for (const devNonce of [500, 3, 0, 65_535]) {
        await refused("JoinReqFailed", () => joinWith(device, devNonce));
      }
      await refused("FrameReplayed", () => joinWith(device, 3, { ProtocolVersion: "1.1" }));
      assert.equal(await joinWith(device, 4), "Success");
    });
  }

  for (const macVersion of COUNTED_NONCE) {
    it(`of ${macVersion} may be 0 first and must grow then, also after a restart`, async () => {
      const device = await registered(macVersion);
      assert.equal(await joinWith(device, 0), "Success");
      await refused("JoinReqFailed", () => joinWith(device, 0));
      assert.equal(await joinWith(device, 5), "Success");
      for (const devNonce of [0, 4, 5]) {
        await refused("JoinReqFailed", () => joinWith(device, devNonce));
      }
      rig.restart();
      await refused("JoinReqFailed", () => joinWith(device, 5));
      assert.equal(await joinWith(device, 6), "Success");
      assert.equal(await joinWith(device, 65_535), "Success");
      await refused("JoinReqFailed", () => joinWith(device, 65_535));
      await refused("FrameReplayed", () => joinWith(device, 1, { ProtocolVersion: "1.1" }));
    });
  }

  it("of one device is free for another", async () => {
    const [one, two] = [await registered("1.0.3"), await registered("1.0.3")];
    assert.equal(await joinWith(one, 9), "Success");
    assert.equal(await joinWith(two, 9), "Success");
  });

  it("is not used up by a refused request", async () => {
    const device = await registered("1.0.3");
    const wrong = device.joinRequestUnder({ nwkKey: randomKey(), appKey: randomKey() }, 9);
    await refused("MICFailed", async () => resultOf(await rig.askJoin(device, wrong)));
    assert.equal(await joinWith(device, 9), "Success");
  });
});

describe("JoinNonce", () => {
  it("goes to 2^24-1 and never beyond", async () => {
    const device = await registered("1.1.0");
    const stored = await rig.store.loadDevice(device.devEui);
    assert.ok(stored);
    await rig.store.saveDevice({ ...stored, joinNonce: 2 ** 24 - 2 });
    await rig.join(device);
    assert.equal(device.sessionInUse().joinNonce, 2 ** 24 - 1);
    for (const ProtocolVersion of ["1.0", "1.1"]) {
      await refused("JoinReqFailed", () => joinWith(device, 100, { ProtocolVersion }));
    }
    device.rjCount0 = 1;
    await refused("JoinReqFailed", async () =>
      resultOf(await rig.askJoin(device, device.rejoinRequest(0))),
    );
  });
});

describe("a refused join", () => {
  const refusals: Record<string, { result: string; result11?: string; members: Json }> = {
    "from an unknown NetID": { result: "UnknownSender", members: { SenderID: "00dead" } },
    "from text that is no NetID": { result: "UnknownSender", members: { SenderID: "example-as" } },
    "from another network": {
      result: "ActivationDisallowed",
      members: { SenderID: OTHER_NET_ID },
    },
    "of an unknown DevEUI": {
      result: "UnknownDevEUI",
      members: { DevEUI: "ffffffffffffffff" },
    },
    "with a ReceiverID that is not its JoinEUI": {
      result: "MalformedRequest",
      result11: "MalformedMessage",
      members: { ReceiverID: "70b3d57ed0000002" },
    },
    "with OptNeg 1 and MACVersion 1.0.3": {
      result: "MalformedRequest",
      result11: "MalformedMessage",
      members: { MACVersion: "1.0.3" },
    },
    "with OptNeg 0 and MACVersion 1.1": {
      result: "MalformedRequest",
      result11: "MalformedMessage",
      members: { DLSettings: "00" },
    },
    "with a frame that is too short": {
      result: "MalformedRequest",
      result11: "MalformedMessage",
      members: { PHYPayload: "00" },
    },
    "with no frame": {
      result: "MalformedRequest",
      result11: "MalformedMessage",
      members: { PHYPayload: "" },
    },
    "with a data frame": {
      result: "MalformedRequest",
      result11: "MalformedMessage",
      members: { PHYPayload: `40${"00".repeat(22)}` },
    },
    "with a malformed member": {
      result: "MalformedRequest",
      result11: "MalformedMessage",
      members: { RxDelay: 16 },
    },
  };
  for (const [what, { result, result11 = result, members }] of Object.entries(refusals)) {
    it(`${what} is told ${result} and changes nothing`, async () => {
      const device = await registered("1.1.0");
      await refused(result, () => joinWith(device, 1, members));
      await refused(result11, () => joinWith(device, 1, { ...members, ProtocolVersion: "1.1" }));
      assert.equal(await joinWith(device, 1), "Success");
    });
  }

  it("with the DevEUI of another device is malformed", async () => {
    const [device, other] = [await registered("1.1.0"), await registered("1.1.0")];
    await refused("MalformedRequest", () => joinWith(device, 1, { DevEUI: other.devEui }));
  });

  it("with another JoinEUI in the frame is not for us", async () => {
    const device = await registered("1.0.3");
    const foreign = new TestDevice("1.0.3", device.currentKeys);
    Object.assign(foreign, { devEui: device.devEui, joinEui: "70b3d57ed00000ff" });
    await refused("UnkownReceiver", () => joinWith(foreign, 1));
  });

  it("with OptNeg 1 for a 1.0.x device is malformed, whatever MACVersion says", async () => {
    const device = await registered("1.0.4");
    for (const MACVersion of ["1.1", "1.0.4"]) {
      await refused("MalformedRequest", () =>
        joinWith(device, 1, { DLSettings: "80", MACVersion }),
      );
    }
  });

  it("with a changed octet anywhere has a wrong MIC or is malformed", async () => {
    const device = await registered("1.1.0");
    const frame = device.joinRequestUnder(device.currentKeys, 1).phyPayload;
    for (let index = 0; index < frame.length; index++) {
      const changed = Buffer.from(frame);
      changed[index] = (changed[index] as number) ^ 0x01;
      const before = rig.dump();
      const result = await joinWith(device, 1, { PHYPayload: changed.toString("hex") });
      assert.ok(["MICFailed", "MalformedRequest", "UnkownReceiver"].includes(result), `${index}`);
      assert.equal(rig.dump(), before);
    }
  });

  it("says of a wrong MIC that it is wrong before it says that a nonce is old", async () => {
    const device = await registered("1.1.0");
    assert.equal(await joinWith(device, 5), "Success");
    const wrong = device.joinRequestUnder({ nwkKey: randomKey(), appKey: randomKey() }, 5);
    await refused("MICFailed", async () => resultOf(await rig.askJoin(device, wrong)));
  });

  it("of a 1.0.x device takes any ReceiverID", async () => {
    const device = await registered("1.0.3");
    assert.equal(await joinWith(device, 1, { ReceiverID: "70b3d57ed0009999" }), "Success");
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  AS_ID,
  type Json,
  keyHex,
  NET_ID,
  OTHER_AS_ID,
  OTHER_NET_ID,
  openEnvelope,
  resultOf,
  useJoinServer,
} from "../support/join-server-rig.ts";
import { findKey } from "../support/key-search.ts";
import { TestDevice } from "../support/test-device.ts";

const rig = useJoinServer();

async function joined(): Promise<{ device: TestDevice; SessionKeyID: string }> {
  const device = new TestDevice("1.1.0");
  await rig.register(device);
  const answer = await rig.join(device);
  return { device, SessionKeyID: answer["SessionKeyID"] as string };
}

const askAppSKey = (members: Json) => rig.ask("AppSKeyReq", { SenderID: AS_ID, ...members });

describe("AppSKeyReq", () => {
  it("gives the Application Server of the device the AppSKey under its KEK", async () => {
    const { device, SessionKeyID } = await joined();
    for (const spelling of [SessionKeyID, SessionKeyID.toUpperCase(), `0x${SessionKeyID}`]) {
      const answer = await askAppSKey({ DevEUI: device.devEui, SessionKeyID: spelling });
      assert.equal(resultOf(answer), "Success");
      assert.equal(answer["MessageType"], "AppSKeyAns");
      assert.equal(answer["DevEUI"], device.devEui);
      assert.equal(answer["SessionKeyID"], spelling);
      assert.equal(answer["ReceiverID"], AS_ID);
      const { appSKey } = device.sessionInUse();
      assert.equal(openEnvelope(answer["AppSKey"], rig.asKek), keyHex(appSKey));
      assert.equal(findKey(JSON.stringify(answer), device.allKeys), undefined);
    }
  });

  it("gives the AppSKey of the session before, since its uplinks may still be on the way", async () => {
    const { device, SessionKeyID } = await joined();
    const { appSKey } = device.sessionInUse();
    await rig.join(device);
    const answer = await askAppSKey({ DevEUI: device.devEui, SessionKeyID });
    assert.equal(openEnvelope(answer["AppSKey"], rig.asKek), keyHex(appSKey));
  });

  it("gives nobody else anything, and changes nothing", async () => {
    const { device, SessionKeyID } = await joined();
    const { devEui: DevEUI } = device;
    const before = rig.dump();
    const refusals: [string, Json][] = [
      ["ActivationDisallowed", { DevEUI, SessionKeyID, SenderID: OTHER_AS_ID }],
      ["UnknownSender", { DevEUI, SessionKeyID, SenderID: "nobody" }],
      ["UnknownSender", { DevEUI, SessionKeyID, SenderID: NET_ID }],
      ["UnknownSender", { DevEUI, SessionKeyID, SenderID: AS_ID.toUpperCase() }],
      ["UnknownDevEUI", { DevEUI: "ffffffffffffffff", SessionKeyID }],
      ["UnknownDevEUI", { DevEUI, SessionKeyID: "00".repeat(16) }],
      ["UnknownDevEUI", { DevEUI, SessionKeyID: "" }],
      ["MalformedRequest", { DevEUI }],
      ["MalformedRequest", { DevEUI, SessionKeyID: 7 }],
      ["MalformedRequest", { DevEUI: "01", SessionKeyID }],
      ["MalformedMessage", { DevEUI, ProtocolVersion: "1.1" }],
    ];
    for (const [expected, members] of refusals) {
      const answer = await askAppSKey(members);
      assert.equal(resultOf(answer), expected, JSON.stringify(members));
      assert.ok(!("AppSKey" in answer));
    }
    assert.equal(rig.dump(), before);
  });

  it("tells the session of one device from that of another", async () => {
    const [one, two] = [await joined(), await joined()];
    const { SessionKeyID } = two;
    const answer = await askAppSKey({ DevEUI: one.device.devEui, SessionKeyID });
    assert.equal(resultOf(answer), "UnknownDevEUI");
  });
});

describe("HomeNSReq", () => {
  it("tells any network on record where a device is at home", async () => {
    const { device } = await joined();
    for (const SenderID of [NET_ID, OTHER_NET_ID, `0x${OTHER_NET_ID}`]) {
      const answer = await rig.ask("HomeNSReq", { DevEUI: device.devEui, SenderID });
      assert.equal(resultOf(answer), "Success");
      assert.equal(answer["HNetID"], NET_ID);
      assert.equal(answer["MessageType"], "HomeNSAns");
    }
  });

  it("tells nobody else", async () => {
    const { device } = await joined();
    for (const SenderID of ["00beef", AS_ID, ""]) {
      const answer = await rig.ask("HomeNSReq", { DevEUI: device.devEui, SenderID });
      assert.equal(resultOf(answer), "UnknownSender");
      assert.ok(!("HNetID" in answer));
    }
  });

  it("of an unknown device is refused", async () => {
    const answer = await rig.ask("HomeNSReq", { DevEUI: "ffffffffffffffff" });
    assert.equal(resultOf(answer), "UnknownDevEUI");
  });
});

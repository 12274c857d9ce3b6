import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { importAes128Key } from "../../src/crypto/aes128.ts";
import { parseHex } from "../../src/lorawan/hex.ts";
import { parseEui64 } from "../../src/lorawan/identifiers.ts";
import { decryptJoinAccept } from "../../src/lorawan/join/secure-join-accept.ts";
import { deriveSessionKeys11 } from "../../src/lorawan/keys/session-keys.ts";
import {
  type Json,
  keyHex,
  OTHER_NET_ID,
  openEnvelope,
  registrationOf,
  resultOf,
  useJoinServer,
} from "../support/join-server-rig.ts";
import { findKey } from "../support/key-search.ts";
import { type AirRequest, randomKey, TestDevice } from "../support/test-device.ts";

const TYPES = [0, 1, 2] as const;
const rig = useJoinServer();

async function joined(): Promise<TestDevice> {
  const device = new TestDevice("1.1.0");
  await rig.register(device);
  await rig.join(device);
  return device;
}

async function refused(
  expected: string,
  device: TestDevice,
  request: AirRequest,
  members: Json = {},
): Promise<void> {
  const before = rig.dump();
  assert.equal(resultOf(await rig.askJoin(device, request, { members })), expected);
  assert.equal(rig.dump(), before);
}

/** The device asks and the accept is lost. */
async function rejoinInVain(device: TestDevice, type: 0 | 1 | 2): Promise<void> {
  assert.equal(resultOf(await rig.askJoin(device, device.rejoinRequest(type))), "Success");
}

/** A root key update up to the confirmation: succeeds only if the server still knows the session. */
async function confirmUpdate(device: TestDevice): Promise<void> {
  const { devEui: DevEUI } = device;
  const { MACCommand: request } = await rig.ask("RootKeyUpdateReq", { DevEUI, Reason: "age" });
  const ready = device.receiveCommand(request as string);
  const answer = await rig.ask("RootKeyCommandReq", { DevEUI, MACCommand: ready });
  assert.ok("MACCommand" in answer, "the Join Server does not know the session in use");
  device.receiveCommand(answer["MACCommand"] as string);
  assert.ok(device.update.candidate?.isConfirmed);
}

describe("a rejoin", () => {
  for (const type of TYPES) {
    it(`of type ${type} gives both ends the same keys`, async () => {
      const device = await joined();
      const answer = await rig.join(device, device.rejoinRequest(type));
      const session = device.sessionInUse();
      assert.equal(session.joinNonce, 2);
      assert.equal(answer["MessageType"], "RejoinAns");
      assert.equal(openEnvelope(answer["FNwkSIntKey"], rig.nsKek), keyHex(session.fNwkSIntKey));
      assert.equal(openEnvelope(answer["SNwkSIntKey"], rig.nsKek), keyHex(session.sNwkSIntKey));
      assert.equal(openEnvelope(answer["NwkSEncKey"], rig.nsKek), keyHex(session.nwkSEncKey));
      assert.equal(openEnvelope(answer["AppSKey"], rig.asKek), keyHex(session.appSKey));
      assert.equal(findKey(JSON.stringify(answer), device.allKeys), undefined);
    });

    it(`of type ${type} is answered under JSEncKey, not NwkKey`, async () => {
      const device = await joined();
      const request = device.rejoinRequest(type);
      const answer = await rig.askJoin(device, request);
      const phyPayload = parseHex(answer["PHYPayload"] as string);
      const underNwkKey = decryptJoinAccept(phyPayload, device.currentKeys.nwkKey);
      assert.notEqual(underNwkKey.subarray(1, 4).join(), "2,0,0");
      assert.equal(device.receiveJoinAccept(request, phyPayload).joinNonce, 2);
    });

    it(`of type ${type} may not come twice, nor an older one later`, async () => {
      const device = await joined();
      const older = device.rejoinRequest(type);
      const request = device.rejoinRequest(type);
      await rejoinAccepted(device, request);
      await refused("JoinReqFailed", device, request);
      await refused("FrameReplayed", device, request, { ProtocolVersion: "1.1" });
      await refused("JoinReqFailed", device, older);
      rig.restart();
      await refused("JoinReqFailed", device, request);
    });

    it(`of type ${type} with a wrong MIC changes nothing`, async () => {
      const device = await joined();
      const request = device.rejoinRequest(type);
      const phyPayload = Uint8Array.from(request.phyPayload);
      phyPayload[phyPayload.length - 1] = (phyPayload.at(-1) as number) ^ 1;
      await refused("MICFailed", device, { ...request, phyPayload });
      await rig.join(device, request);
    });

    it(`of type ${type} exists from LoRaWAN 1.1 on`, async () => {
      const device = await joined();
      const request = device.rejoinRequest(type);
      const without = { MACVersion: "1.0.3", DLSettings: "00" };
      await refused("MalformedRequest", device, request, without);
      const old = new TestDevice("1.0.4");
      await rig.register(old);
      await rig.join(old);
      const ofOld = old.rejoinRequest(type);
      for (const members of [{}, { MACVersion: "1.1", DLSettings: "80" }]) {
        await refused("MalformedRequest", old, ofOld, members);
      }
    });

    it(`of type ${type} comes from the home network`, async () => {
      const device = await joined();
      const request = device.rejoinRequest(type);
      await refused("ActivationDisallowed", device, request, { SenderID: OTHER_NET_ID });
    });
  }

  async function rejoinAccepted(device: TestDevice, request: AirRequest): Promise<void> {
    assert.equal(resultOf(await rig.askJoin(device, request)), "Success");
  }

  it("of types 0 and 2 counts RJcount0 within its session, from 0", async () => {
    const device = await joined();
    for (const type of [0, 2, 0] as const) await rig.join(device, device.rejoinRequest(type));
    assert.equal(device.rjCount0, 0);
    await rejoinInVain(device, 0);
    await rejoinInVain(device, 2);
    device.rjCount0 = 1;
    await refused("JoinReqFailed", device, device.rejoinRequest(0));
  });

  it("of type 1 counts RJcount1 for ever, over joins and rejoins", async () => {
    const device = await joined();
    device.rjCount1 = 7;
    await rig.join(device, device.rejoinRequest(1));
    await rig.join(device);
    await rig.join(device, device.rejoinRequest(0));
    device.rjCount1 = 7;
    await refused("JoinReqFailed", device, device.rejoinRequest(1));
    await rig.join(device, device.rejoinRequest(1));
  });

  it("of types 0 and 2 names the network that it is for", async () => {
    const device = await joined();
    const session = device.sessionInUse();
    device.session = { ...session, netId: OTHER_NET_ID };
    await refused("MalformedRequest", device, device.rejoinRequest(0));
  });

  it("under a session that is over has a wrong MIC", async () => {
    const device = await joined();
    const first = device.sessionInUse();
    await rig.join(device);
    await rig.join(device);
    device.session = first;
    await refused("MICFailed", device, device.rejoinRequest(0));
  });

  it("of a device that never joined has a wrong MIC", async () => {
    const device = new TestDevice("1.1.0");
    await rig.register(device);
    const keys = {
      fNwkSIntKey: randomKey(),
      sNwkSIntKey: randomKey(),
      nwkSEncKey: randomKey(),
      appSKey: randomKey(),
    };
    device.session = { ...keys, joinNonce: 1, optNeg: true, netId: "000013" };
    for (const type of [0, 2] as const) {
      await refused("MICFailed", device, device.rejoinRequest(type));
    }
  });

  it("that arrives after a later join of the device is refused", async () => {
    const device = await joined();
    const late = [device.rejoinRequest(0), device.rejoinRequest(2)];
    await rig.join(device);
    for (const request of late) await refused("JoinReqFailed", device, request);
    assert.equal(resultOf(await rig.askJoin(device, device.rejoinRequest(0))), "Success");
  });

  it("cannot be repeated until the JoinNonces are used up, and joins go on", async () => {
    const device = await joined();
    const used = async (joinNonce: number) => {
      const stored = await rig.store.loadDevice(parseEui64(device.devEui));
      assert.ok(stored);
      assert.equal(await rig.store.saveDevice({ ...stored, joinNonce }), "saved");
    };
    await used(1_024);
    for (const type of TYPES) await refused("JoinReqFailed", device, device.rejoinRequest(type));
    rig.clock.time += 512_000;
    assert.equal(resultOf(await rig.askJoin(device, device.rejoinRequest(0))), "Success");
    await refused("JoinReqFailed", device, device.rejoinRequest(0));
    await rig.join(device);
  });

  it("is not counted with the JoinNonces that the device came with, nor with those before it was deleted", async () => {
    const device = new TestDevice("1.1.0");
    const { devEui } = device;
    const { body } = await rig.call("POST", "devices/batch", {
      devices: [{ devEui, ...registrationOf(device), nonces: { joinNonce: 5_000 } }],
    });
    assert.deepEqual(body["counts"], { created: 1, known: 0, refused: 0 });
    await rig.join(device);
    assert.equal(device.session?.joinNonce, 5_001);
    await rig.join(device, device.rejoinRequest(2));
    await rig.call("DELETE", `devices/${devEui}`);
    await rig.register(device);
    await rig.join(device);
    assert.equal(device.session?.joinNonce, 5_003);
    await rig.join(device, device.rejoinRequest(2));
  });

  it("is not taken for a join, nor a join for it", async () => {
    const device = await joined();
    const rejoin = device.rejoinRequest(1);
    await refused("MalformedRequest", device, rejoin, { MessageType: "JoinReq" });
    const join = device.joinRequest();
    await refused("MalformedRequest", device, join, { MessageType: "RejoinReq" });
  });

  it("never uses candidate keys and leaves a confirmed update alone", async () => {
    const device = await joined();
    await confirmUpdate(device);
    await rig.join(device, device.rejoinRequest(0));
    const { update, generation } = await rig.show(device);
    assert.equal((update as Json)["status"], "confirmed");
    assert.equal(generation, 0);
    await rig.join(device);
    assert.equal((await rig.show(device))["generation"], 1);
    await rig.join(device, device.rejoinRequest(1));
  });
});

describe("lost rejoin accepts", () => {
  for (const type of [0, 2] as const) {
    it(`of type ${type}, many in a row, do not push out the session in use`, async () => {
      const device = await joined();
      for (let count = 0; count < 20; count++) await rejoinInVain(device, type);
      await confirmUpdate(device);
      assert.ok(((await rig.show(device))["sessions"] as Json[]).length <= 2);
    });
  }

  it("of type 1, seven in a row, do not push out the session in use", async () => {
    const device = await joined();
    for (let count = 0; count < 7; count++) await rejoinInVain(device, 1);
    await confirmUpdate(device);
  });

  it("of type 1, many in a row, do not push out a session proven in use", async () => {
    const device = await joined();
    await rejoinInVain(device, 0);
    for (let count = 0; count < 20; count++) await rejoinInVain(device, 1);
    assert.ok(((await rig.show(device))["sessions"] as Json[]).length <= 9);
    await confirmUpdate(device);
  });

  it("between accepts that arrive do not push out the session in use", async () => {
    const device = await joined();
    await rejoinInVain(device, 1);
    await rig.join(device, device.rejoinRequest(1));
    await rejoinInVain(device, 1);
    await rejoinInVain(device, 1);
    await rejoinInVain(device, 1);
    await confirmUpdate(device);
  });

  it("are forgotten at the next join", async () => {
    const device = await joined();
    for (let count = 0; count < 5; count++) await rejoinInVain(device, 1);
    await rig.join(device);
    assert.equal(((await rig.show(device))["sessions"] as Json[]).length, 2);
  });
});

describe("session keys of a rejoin", () => {
  it("follow the 1.1 formula with RJcount in place of DevNonce", () => {
    // Inputs of brocaar/lorawan's rejoin test; its published keys follow the 1.0 formula by mistake.
    const keys = deriveSessionKeys11({
      nwkKey: importAes128Key(parseHex("01020304050607080102030405060708")),
      appKey: importAes128Key(new Uint8Array(16)),
      joinNonce: 65_536,
      joinEui: parseEui64("0807060504030201"),
      devNonce: 123,
    });
    assert.deepEqual(
      [keys.fNwkSIntKey, keys.sNwkSIntKey, keys.nwkSEncKey, keys.appSKey].map(keyHex),
      [
        "7aae91b421cd273a1573d1edf5b23e75",
        "c4f1b16a0468e82070b6ad7dee6ca23d",
        "b2b6ee36b4a683fb67e2e7d11bffca94",
        "fe357ecee6df7b7c1a178324db1d1a7a",
      ],
    );
  });
});

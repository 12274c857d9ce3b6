import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Aes128Key } from "../../src/crypto/aes128.ts";
import { parseHex } from "../../src/lorawan/hex.ts";
import type { MacVersion } from "../../src/lorawan/mac-version.ts";
import {
  AS_ID,
  DEV_ADDR,
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

const CASES: readonly { macVersion: MacVersion; optNeg: boolean }[] = [
  { macVersion: "1.0.0", optNeg: false },
  { macVersion: "1.0.1", optNeg: false },
  { macVersion: "1.0.2", optNeg: false },
  { macVersion: "1.0.3", optNeg: false },
  { macVersion: "1.0.4", optNeg: false },
  { macVersion: "1.1.0", optNeg: true },
  { macVersion: "1.1.0", optNeg: false },
];
const NETWORK_KEYS_11 = ["FNwkSIntKey", "SNwkSIntKey", "NwkSEncKey"] as const;

describe("a join", () => {
  const rig = useJoinServer();

  async function registered(macVersion: MacVersion, changes: Json = {}): Promise<TestDevice> {
    const device = new TestDevice(macVersion);
    await rig.register(device, changes);
    return device;
  }

  for (const { macVersion, optNeg } of CASES) {
    describe(`of ${macVersion} with OptNeg ${optNeg ? 1 : 0}`, () => {
      let device: TestDevice;
      let answer: Json;
      before(async () => {
        device = await registered(macVersion);
        answer = await rig.join(device, device.joinRequest(), { optNeg });
      });

      it("gives both ends the same network keys, under the Network Server's KEK alone", () => {
        const session = device.sessionInUse();
        const expected = optNeg
          ? {
              FNwkSIntKey: session.fNwkSIntKey,
              SNwkSIntKey: session.sNwkSIntKey,
              NwkSEncKey: session.nwkSEncKey,
            }
          : { NwkSKey: session.fNwkSIntKey };
        for (const [name, key] of Object.entries(expected) as [string, Aes128Key][]) {
          assert.equal(openEnvelope(answer[name], rig.nsKek), keyHex(key), name);
          assert.equal((answer[name] as Json)["KEKLabel"], "ns:kek");
          assert.throws(() => openEnvelope(answer[name], rig.asKek), /does not open/);
        }
        const others = optNeg ? ["NwkSKey"] : NETWORK_KEYS_11;
        for (const name of others) assert.ok(!(name in answer), name);
      });

      it("gives both ends the same AppSKey, under the Application Server's KEK alone", () => {
        assert.equal(
          openEnvelope(answer["AppSKey"], rig.asKek),
          keyHex(device.sessionInUse().appSKey),
        );
        assert.equal((answer["AppSKey"] as Json)["KEKLabel"], "as:kek");
        assert.throws(() => openEnvelope(answer["AppSKey"], rig.nsKek), /does not open/);
      });

      it("shows no key in the clear", () => {
        assert.equal(findKey(JSON.stringify(answer), device.allKeys), undefined);
      });

      it("answers with Lifetime and a SessionKeyID", () => {
        assert.equal(answer["Lifetime"], 0);
        assert.match(answer["SessionKeyID"] as string, /^[0-9a-f]{32}$/);
      });

      it("starts JoinNonce at 1 and adds 1 to it", async () => {
        assert.equal(device.sessionInUse().joinNonce, 1);
        for (const expected of [2, 3]) {
          await rig.join(device, device.joinRequest(), { optNeg });
          assert.equal(device.sessionInUse().joinNonce, expected);
        }
      });
    });
  }

  it("says in the accept what the Network Server wants", async () => {
    const device = await registered("1.1.0");
    const request = device.joinRequest();
    const cfList = "184f84e85684b85e84886684586e8400";
    const answer = await rig.askJoin(device, request, { cfList, members: { RxDelay: 15 } });
    const accept = device.receiveJoinAccept(request, parseHex(answer["PHYPayload"] as string));
    assert.equal(accept.netId, NET_ID);
    assert.equal(accept.devAddr, DEV_ADDR);
    assert.deepEqual(accept.dlSettings, { optNeg: true, rx1DrOffset: 0, rx2DataRate: 2 });
    assert.equal(accept.rxDelay, 15);
    assert.deepEqual(accept.cfList, parseHex(cfList));
  });

  it("gives the AppSKey as the Application Server wants it", async () => {
    const device = await registered("1.1.0", { asId: OTHER_AS_ID });
    const kek = keyHex(rig.otherAsKek);
    for (const [delivery, members] of [
      ["envelope", ["AppSKey"]],
      ["session-key-id", ["SessionKeyID"]],
      ["both", ["AppSKey", "SessionKeyID"]],
    ] as const) {
      await rig.put(`application-servers/${OTHER_AS_ID}`, { kek, appSKeyDelivery: delivery });
      const answer = await rig.join(device);
      const given = ["AppSKey", "SessionKeyID"].filter((name) => name in answer);
      assert.deepEqual(given, members);
      if ("AppSKey" in answer) {
        assert.equal((answer["AppSKey"] as Json)["KEKLabel"], OTHER_AS_ID);
        assert.equal(
          openEnvelope(answer["AppSKey"], rig.otherAsKek),
          keyHex(device.sessionInUse().appSKey),
        );
      }
    }
  });

  it("sends no AppSKey under a KEK that the Network Server has too", async () => {
    const device = await registered("1.0.3", { asId: "shared-kek-as" });
    await rig.put("application-servers/shared-kek-as", {
      kek: keyHex(rig.nsKek),
      appSKeyDelivery: "both",
    });
    const answer = await rig.join(device);
    assert.deepEqual(["AppSKey" in answer, "SessionKeyID" in answer], [false, true]);
    const asked = await rig.ask("AppSKeyReq", {
      SenderID: "shared-kek-as",
      DevEUI: device.devEui,
      SessionKeyID: answer["SessionKeyID"],
    });
    assert.equal(resultOf(asked), "ActivationDisallowed");
    assert.ok(!("AppSKey" in asked));
  });

  it("sends no AppSKey when the Application Server is not known", async () => {
    const device = await registered("1.0.3", { asId: "nobody" });
    const answer = await rig.join(device);
    assert.deepEqual(["AppSKey" in answer, "SessionKeyID" in answer], [false, true]);
  });

  it("tells the generation to a Network Server that takes part in updates, and to no other", async () => {
    await rig.put("network-servers/000018", { kek: "5a".repeat(16), url: "http://127.0.0.1:9" });
    const partaker = await registered("1.0.3", { homeNetId: "000018" });
    const members = { SenderID: "000018" };
    const told = await rig.join(partaker, partaker.joinRequest(), { members });
    assert.equal(told["RootKeyGeneration"], 0);
    const { devEui } = partaker;
    await rig.call("PATCH", `devices/${devEui}`, { homeNetId: OTHER_NET_ID });
    const others = { members: { SenderID: OTHER_NET_ID } };
    const untold = await rig.join(partaker, partaker.joinRequest(), others);
    assert.ok(!("RootKeyGeneration" in untold));
  });

  it("uses the GenAppKey of a 1.0.x device for nothing", async () => {
    const device = new TestDevice("1.0.3");
    const genAppKey = keyHex(new TestDevice("1.1.0").currentKeys.appKey);
    await rig.register(device, { appKey: genAppKey });
    await rig.join(device);
  });

  it("uses KEKs of 192 and 256 bits", async () => {
    for (const [netId, lengthBytes] of [
      ["000016", 24],
      ["000017", 32],
    ] as const) {
      await rig.put(`network-servers/${netId}`, { kek: "5a".repeat(lengthBytes) });
      const device = await registered("1.0.3", { homeNetId: netId, asId: AS_ID });
      const answer = await rig.join(device, device.joinRequest(), { members: { SenderID: netId } });
      assert.equal((answer["NwkSKey"] as Json)["KEKLabel"], netId);
      assert.equal((answer["NwkSKey"] as Json)["AESKey"]?.toString().length, 48);
    }
  });
});

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { importKek } from "../../src/crypto/key-wrap.ts";
import {
  DEFAULT_APPLICATION_SERVER_SETTINGS,
  DEFAULT_PEER_SETTINGS,
} from "../../src/join-server/peers.ts";
import { formatHex, parseHex } from "../../src/lorawan/hex.ts";
import type { MacVersion } from "../../src/lorawan/mac-version.ts";
import { splitIntoFragments } from "../../src/root-key/fragments.ts";
import {
  AS_ID,
  type Json,
  keyHex,
  NET_ID,
  OTHER_AS_ID,
  resultOf,
  useJoinServer,
} from "../support/join-server-rig.ts";
import { randomKey, TestDevice } from "../support/test-device.ts";

const rig = useJoinServer();
const RELAYS = { relaysRootKeyUpdates: true };

async function joined(changes: Json = {}, macVersion: MacVersion = "1.0.3"): Promise<TestDevice> {
  const device = new TestDevice(macVersion);
  await rig.register(device, { updatePolicy: { minimumPeriodMs: 0 }, ...changes });
  await rig.join(device);
  return device;
}

/** As the Application Server of the device, unless `members` says otherwise. */
const askUpdate = ({ devEui: DevEUI }: TestDevice, members: Json = {}) =>
  rig.ask("RootKeyUpdateReq", { SenderID: AS_ID, DevEUI, Reason: "operator", ...members });

const sendUp = ({ devEui: DevEUI }: TestDevice, MACCommand: string, members: Json = {}) =>
  rig.ask("RootKeyCommandReq", { SenderID: AS_ID, DevEUI, MACCommand, ...members });

/** Up to the device's NewKeyReadyReq, not sent yet. */
async function derived(device: TestDevice): Promise<string> {
  const { MACCommand } = await askUpdate(device);
  return device.receiveCommand(MACCommand as string) as string;
}

describe("root key updates on an application port", () => {
  before(async () => {
    for (const asId of [AS_ID, OTHER_AS_ID]) {
      const { status } = await rig.call("PATCH", `application-servers/${asId}`, RELAYS);
      assert.equal(status, 200);
    }
  });

  describe("an Application Server that carries root key updates", () => {
    for (const macVersion of ["1.0.3", "1.1.0"] satisfies MacVersion[]) {
      it(`asks for one and carries it to its end on ${macVersion}`, async () => {
        const device = await joined({}, macVersion);
        const old = device.currentKeys;
        const asked = await askUpdate(device);
        assert.deepEqual(
          [resultOf(asked), asked["UpdateID"], asked["ReceiverID"]],
          ["Success", 1, AS_ID],
        );
        assert.deepEqual((await askUpdate(device))["MACCommand"], asked["MACCommand"]);
        const ready = device.receiveCommand(asked["MACCommand"] as string) as string;
        const answer = await sendUp(device, ready, { FPort: 199 });
        device.receiveCommand(answer["MACCommand"] as string);
        await rig.join(device);
        assert.notEqual(keyHex(device.currentKeys.nwkKey), keyHex(old.nwkKey));
        const { generation, update } = await rig.show(device);
        const { carrier, requestedBy } = update as Json;
        assert.deepEqual(
          { generation, carrier, requestedBy },
          {
            generation: 1,
            carrier: "application-port",
            requestedBy: `application-server:${AS_ID}`,
          },
        );
      });
    }

    it("hands over fragments of a healing update one by one", async () => {
      const device = await joined({ updatePolicy: { minimumPeriodMs: 0, isHealing: true } });
      const ready = await derived(device);
      assert.equal(ready.length, 2 * 43);
      const answers = [];
      for (const fragment of splitIntoFragments(parseHex(ready))) {
        answers.push((await sendUp(device, formatHex(fragment)))["MACCommand"]);
      }
      assert.deepEqual(answers.slice(0, -1), [undefined, undefined, undefined, undefined]);
      device.receiveCommand(answers.at(-1) as string);
      await rig.join(device);
      assert.equal((await rig.show(device))["generation"], 1);
    });

    it("speaks of its own devices only", async () => {
      const device = await joined();
      const ready = await derived(device);
      const row = rig.dump();
      for (const [SenderID, expected] of [
        [OTHER_AS_ID, "ActivationDisallowed"],
        ["nobody-knows-it", "UnknownSender"],
        ["ns:kek", "UnknownSender"],
        ["", "UnknownSender"],
      ]) {
        assert.equal(resultOf(await askUpdate(device, { SenderID })), expected, SenderID);
        const answer = await sendUp(device, ready, { SenderID });
        assert.equal(resultOf(answer), expected, SenderID);
        assert.ok(!("MACCommand" in answer));
      }
      assert.equal(rig.dump(), row);
    });

    it("has its record say that it relays, and the device to be switched on", async () => {
      await rig.put("application-servers/silent-as", { kek: keyHex(randomKey()) });
      const silent = await joined({ asId: "silent-as" });
      const asSilent = { SenderID: "silent-as" };
      assert.equal(resultOf(await askUpdate(silent, asSilent)), "ActivationDisallowed");
      const device = await joined();
      await rig.call("PATCH", `devices/${device.devEui}`, { isDisabled: true });
      assert.equal(resultOf(await askUpdate(device)), "ActivationDisallowed");
    });

    it("has no say where the device's updates go by MAC commands, nor a Network Server in its place", async () => {
      const byMac = await joined({ carrier: "mac-commands" });
      assert.equal(resultOf(await askUpdate(byMac)), "Deferred");
      assert.equal(resultOf(await askUpdate(byMac, { SenderID: NET_ID })), "Success");
      const byPort = await joined({ carrier: "application-port" });
      assert.equal(resultOf(await askUpdate(byPort, { SenderID: NET_ID })), "Deferred");
      assert.equal(resultOf(await askUpdate(byPort)), "Success");
    });

    it("is refused another port than that of its record, and what is no command", async () => {
      const device = await joined();
      const ready = await derived(device);
      const row = rig.dump();
      assert.equal(resultOf(await sendUp(device, ready, { FPort: 198 })), "InvalidFPort");
      assert.equal(resultOf(await sendUp(device, ready, { FPort: 256 })), "MalformedRequest");
      for (const command of ["", "00", "81", `${ready}00`, "82ff", `83${"00".repeat(41)}`]) {
        assert.equal(resultOf(await sendUp(device, command)), "MalformedRequest", command);
      }
      assert.equal(rig.dump(), row);
      assert.equal(resultOf(await sendUp(device, ready)), "Success");
    });

    it("shows who it is as its record asks for", async () => {
      const token = "what-this-application-server-sends";
      await rig.put("application-servers/careful-as", {
        ...RELAYS,
        kek: keyHex(randomKey()),
        authentication: { kind: "bearer", token },
      });
      const device = await joined({ asId: "careful-as" });
      const members = { SenderID: "careful-as" };
      assert.equal(resultOf(await askUpdate(device, members)), "UnknownSender");
    });

    it("is held to the number of frames in the device's policy", async () => {
      const device = await joined({ updatePolicy: { minimumPeriodMs: 0, maxFrames: 100 } });
      const asking = (Frames: number) => askUpdate(device, { Reason: "frames", Frames });
      assert.equal(resultOf(await asking(99)), "Deferred");
      assert.equal(resultOf(await asking(-1)), "MalformedRequest");
      assert.equal(resultOf(await asking(100)), "Success");
    });
  });

  describe("a SenderID of 6 hex digits", () => {
    it("is a NetID in every spelling, and no AS-ID", async () => {
      const device = await joined();
      const { devEui: DevEUI } = device;
      for (const SenderID of [NET_ID, `0x${NET_ID}`, `0X${NET_ID}`]) {
        const answer = await rig.ask("RootKeyUpdateReq", { SenderID, DevEUI, Reason: "age" });
        assert.equal(resultOf(answer), "Success", SenderID);
      }
    });

    it("is refused as AS-ID of a new record", async () => {
      for (const asId of ["c0ffee", "C0FFEE", "0xc0ffee"]) {
        const kek = keyHex(randomKey());
        const { status, body } = await rig.call("PUT", `application-servers/${asId}`, { kek });
        assert.deepEqual([status, body["title"]], [400, "value-out-of-range"], asId);
      }
    });

    it("of an Application Server from before stays an AS-ID in AppSKeyReq alone", async () => {
      const asId = "abcdef";
      await rig.store.saveApplicationServer({
        ...DEFAULT_PEER_SETTINGS,
        ...DEFAULT_APPLICATION_SERVER_SETTINGS,
        asId,
        kek: { label: asId, kek: importKek(new Uint8Array(16).fill(9)) },
      });
      const { status } = await rig.call("PATCH", `application-servers/${asId}`, {
        isAllowed: true,
      });
      assert.equal(status, 200);
      const patched = await rig.call("PATCH", `application-servers/${asId}`, RELAYS);
      assert.equal(patched.status, 400);
      const device = await joined({ asId });
      assert.equal(resultOf(await askUpdate(device, { SenderID: asId })), "UnknownSender");
      const session = ((await rig.show(device))["sessions"] as Json[])[0] as Json;
      const { sessionKeyId: SessionKeyID } = session;
      const { devEui: DevEUI } = device;
      const asked = await rig.ask("AppSKeyReq", { SenderID: asId, DevEUI, SessionKeyID });
      assert.equal(resultOf(asked), "Success");
    });
  });

  describe("what a server says and hears besides", () => {
    const GATEWAY = "aabbccddeeff0011";
    const gatewayOf = async (device: TestDevice) =>
      (await rig.store.loadDevice(device.devEui))?.lastGatewayId;

    it("the gateway is kept in saves that happen anyway", async () => {
      const device = new TestDevice("1.0.3");
      await rig.register(device, { updatePolicy: { minimumPeriodMs: 0 } });
      await rig.join(device, device.joinRequest(), { members: { GatewayID: GATEWAY } });
      assert.equal(await gatewayOf(device), GATEWAY);
      await rig.join(device, device.joinRequest());
      assert.equal(await gatewayOf(device), GATEWAY, "one that says nothing changes nothing");
      const ready = await derived(device);
      const other = "1122334455667788";
      await sendUp(device, ready, { GatewayID: other });
      assert.equal(await gatewayOf(device), other);
      const row = rig.dump();
      const stale = { GatewayID: GATEWAY };
      assert.equal(resultOf(await sendUp(device, "80090000", stale)), "Success");
      assert.equal(rig.dump(), row);
    });

    it("a JoinReq of a server that means something else by GatewayID is answered", async () => {
      const device = new TestDevice("1.0.3");
      await rig.register(device);
      await rig.join(device, device.joinRequest(), { members: { GatewayID: "roof-3" } });
      assert.equal(await gatewayOf(device), undefined);
    });

    it("a Network Server that relays is told after how many frames to ask", async () => {
      await rig.call("PATCH", `network-servers/${NET_ID}`, { relaysRootKeyUpdates: true });
      const device = new TestDevice("1.1.0");
      await rig.register(device, { updatePolicy: { maxFrames: 5_000 } });
      assert.equal((await rig.join(device))["RootKeyMaxFrames"], 5_000);
      const other = new TestDevice("1.1.0");
      await rig.register(other);
      assert.ok(!("RootKeyMaxFrames" in (await rig.join(other))));
      await rig.call("PATCH", `network-servers/${NET_ID}`, { relaysRootKeyUpdates: false });
      assert.ok(!("RootKeyMaxFrames" in (await rig.join(device))));
    });
  });
});

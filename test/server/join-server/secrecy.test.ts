import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ADMIN_TOKEN, JoinServerRig, type Json, keyHex } from "../../support/join-server-rig.ts";
import { findKey } from "../../support/key-search.ts";
import { randomKey, TestDevice } from "../../support/test-device.ts";

/** A life with everything in it that touches keys, the refusals included. */
async function live(rig: JoinServerRig): Promise<TestDevice[]> {
  const devices = (["1.0.2", "1.0.4", "1.1.0"] as const).map((version) => new TestDevice(version));
  for (const device of devices) {
    const { devEui: DevEUI } = device;
    await rig.register(device);
    await rig.register(device);
    const answer = await rig.join(device);
    const { SessionKeyID } = answer;
    await rig.ask("AppSKeyReq", { SenderID: "example-as", DevEUI, SessionKeyID });
    await rig.ask("AppSKeyReq", { SenderID: "other-as", DevEUI, SessionKeyID });
    const wrong = device.joinRequestUnder({ nwkKey: randomKey(), appKey: randomKey() }, 1000);
    await rig.askJoin(device, wrong);
    await rig.askJoin(device, device.joinRequestUnder(device.currentKeys, 0));
    if (device.macVersion === "1.1.0") await rig.join(device, device.rejoinRequest(1));
    await rig.call("POST", `devices/${device.devEui}/root-key-update`);
    const { MACCommand } = await rig.ask("RootKeyUpdateReq", { DevEUI, Reason: "age" });
    const ready = device.receiveCommand(MACCommand as string);
    const wrongReady = `${ready?.slice(0, -2)}00`;
    await rig.ask("RootKeyCommandReq", { DevEUI, MACCommand: wrongReady });
    const readyAns = await rig.ask("RootKeyCommandReq", { DevEUI, MACCommand: ready });
    device.receiveCommand(readyAns["MACCommand"] as string);
    await rig.show(device);
    await rig.join(device);
    await rig.show(device);
    const key = keyHex(device.currentKeys.nwkKey);
    await rig.call("PUT", `devices/${device.devEui}`, { nwkKey: `${key}zz`, appKey: [key] });
    await rig.call("PUT", "network-servers/0000aa", { kek: `${key}0` });
    await rig.call("PUT", `devices/ff02030405060708`, { nwkKey: key, secret: key });
  }
  await rig.call("GET", "devices");
  return devices;
}

describe("keys", () => {
  it("stand in no answer and in no line of the log, in no spelling", async () => {
    const rig = await JoinServerRig.start();
    const devices = await live(rig);
    const keys = [
      ...devices.flatMap((device) => device.allKeys),
      rig.nsKek,
      rig.asKek,
      rig.otherAsKek,
    ];
    assert.ok(keys.length > 30);
    assert.ok(rig.log.lines.length > 20 && rig.bodies.length > 30);
    assert.equal(findKey(rig.bodies.join("\n"), keys), undefined);
    assert.equal(findKey(rig.log.lines.join(""), keys), undefined);
    assert.ok(!rig.log.lines.join("").includes(ADMIN_TOKEN));
  });

  it("would be found if they stood there", () => {
    const key = randomKey();
    const bytes = Buffer.from(keyHex(key), "hex");
    for (const text of [
      keyHex(key),
      keyHex(key).toUpperCase(),
      bytes.toString("base64"),
      bytes.toString("base64url"),
    ]) {
      assert.ok(findKey(`{"x":"${text}"}`, [randomKey(), key]));
    }
  });

  it("are told apart in the log by their generation", async () => {
    const rig = await JoinServerRig.start();
    await live(rig);
    const lines = rig.log.lines.map((line) => JSON.parse(line) as Json);
    const joins = lines.filter((line) => line["event"] === "join-accepted");
    assert.equal(joins.length, 6);
    const generations = new Set(joins.map((line) => line["generation"]));
    assert.deepEqual([...generations].sort(), [0, 1]);
    assert.equal(lines.filter((line) => line["event"] === "update-committed").length, 3);
    assert.deepEqual(
      lines.filter((line) => line["event"] === "defect"),
      [],
    );
  });
});

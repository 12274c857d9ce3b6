import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseHex } from "../../../../src/lorawan/hex.ts";
import {
  JoinServerRig,
  keyHex,
  NET_ID,
  resultOf,
  useJoinServer,
} from "../../../support/join-server-rig.ts";
import { TestDevice } from "../../../support/test-device.ts";
import { importText, lineOf, send } from "./support.ts";

function fleet(count: number): TestDevice[] {
  return Array.from({ length: count }, () => new TestDevice("1.0.3"));
}

/** A device whose next Join-request has the DevNonce. */
async function joinWith(rig: JoinServerRig, device: TestDevice, devNonce: number) {
  device.devNonce = devNonce;
  const request = device.joinRequest();
  return { request, answer: await rig.askJoin(device, request) };
}

describe("POST /imports", () => {
  const rig = useJoinServer();
  const count = async (): Promise<number> => await rig.store.countDevices();

  it("adds devices, which can join then", async () => {
    const devices = [new TestDevice("1.0.3"), new TestDevice("1.0.4"), new TestDevice("1.1.0")];
    const answer = await importText(rig, devices.map((device) => lineOf(device)).join(""));
    assert.deepEqual(answer.counts, { created: 3, unchanged: 0, different: 0, error: 0 });
    assert.deepEqual(
      answer.records.map(({ record, line, devEui, outcome }) => [record, line, devEui, outcome]),
      devices.map(({ devEui }, index) => [index + 1, index + 1, devEui, "created"]),
    );
    for (const device of devices) await rig.join(device);
  });

  it("takes over what a record says of updates, and refuses what no device can have", async () => {
    const device = new TestDevice("1.1.0");
    const own = {
      carrier: "application-port",
      deviceProfile: "meters",
      updatePolicy: { maxAgeMs: 86_400_000 },
    };
    const { counts } = await importText(rig, lineOf(device, own));
    assert.equal(counts.created, 1);
    const shown = await rig.show(device);
    const { carrier, deviceProfile, updatePolicy } = shown;
    assert.deepEqual({ carrier, deviceProfile, updatePolicy }, own);
    for (const wrong of [
      { carrier: "pigeon" },
      { updatePolicy: { maxAgeMs: -1 } },
      { deviceProfile: "x".repeat(65) },
      { deviceProfile: "a\0b" },
      { deviceProfile: "a\ud800b" },
    ]) {
      const answer = await importText(rig, lineOf(new TestDevice("1.1.0"), wrong));
      const [record] = answer.records;
      assert.deepEqual([record?.outcome, record?.code], ["error", "text-malformed"]);
      assert.ok(record?.detail?.includes(Object.keys(wrong)[0] as string), record?.detail);
    }
  });

  it("leaves what is there as it is: unchanged, or different", async () => {
    const [one, other] = fleet(2) as [TestDevice, TestDevice];
    const text = lineOf(one) + lineOf(other);
    await importText(rig, text);
    await rig.join(one);
    const again = await importText(rig, text);
    assert.deepEqual(again.counts, { created: 0, unchanged: 2, different: 0, error: 0 });
    const changed = await importText(
      rig,
      lineOf(one, { name: "other name" }) + lineOf(other, { nwkKey: `${"0f".repeat(15)}aa` }),
    );
    assert.deepEqual(changed.counts, { created: 0, unchanged: 0, different: 2, error: 0 });
    assert.equal(changed.records[0]?.code, "write-conflict");
    assert.equal((await rig.show(one))["name"], "");
  });

  it("adds none of a batch with an error in its record 500", async () => {
    const before = await count();
    const lines = fleet(1000).map((device) => lineOf(device));
    const wrong = lines.with(499, (lines[499] as string).replace(/"nwkKey":"../, '"nwkKey":"'));
    const answer = await importText(rig, wrong.join(""));
    assert.equal(answer.isWritten, false);
    assert.equal(answer.counts.error, 1);
    const error = answer.records.find(({ outcome }) => outcome === "error");
    assert.deepEqual([error?.record, error?.line, error?.code], [500, 500, "text-malformed"]);
    assert.equal(await count(), before);
    const skipped = await importText(rig, wrong.join(""), "format=warren&skipErrors=true");
    assert.deepEqual([skipped.counts.created, skipped.counts.error], [999, 1]);
    assert.equal(await count(), before + 999);
  });

  it("adds nothing in a dry run, and says what it would", async () => {
    const before = await count();
    const text = fleet(3)
      .map((device) => lineOf(device))
      .join("");
    const answer = await importText(rig, text, "format=warren&dryRun=true");
    assert.deepEqual([answer.counts.created, answer.isWritten, answer.isDryRun], [3, false, true]);
    assert.equal(await count(), before);
  });

  it("answers only what there is something to say of, when asked to", async () => {
    const [good, weak] = fleet(2) as [TestDevice, TestDevice];
    const text = lineOf(good) + lineOf(weak, { nwkKey: "11".repeat(16) });
    const answer = await importText(rig, text, "format=warren&only=problems");
    assert.equal(answer.counts.created, 2);
    assert.deepEqual(
      answer.records.map(({ devEui }) => devEui),
      [weak.devEui],
    );
    assert.match(answer.records[0]?.warnings?.join() ?? "", /weak/);
  });

  it("detects the format, and takes from the query what the devices do not say", async () => {
    const device = new TestDevice("1.0.3");
    const text = `dev_eui;app_key\n${device.devEui};${keyHex(device.currentKeys.nwkKey)}\n`;
    const query = `homeNetId=${NET_ID}&asId=example-as&joinEui=${device.joinEui}&macVersion=MAC_V1_0_3`;
    const { format, counts } = await importText(rig, text, query);
    assert.deepEqual([format, counts.created], ["tts-csv", 1]);
    await rig.join(device);
  });

  it("refuses a text that is no devices", async () => {
    for (const [query, text] of [
      ["", "hello"],
      ["", ""],
      ["", "LW:D0:42FFFFFFFFFFFFFF:4242FFFFFFFFFFFF:42FFFF42"],
      ["format=xml", "<a/>"],
      ["macVersion=9", "{}"],
    ]) {
      const { status, body } = await send(rig, "POST", `imports?${query}`, text);
      assert.equal(status, 400, body);
    }
  });

  it("takes no more than 8 MB", async () => {
    const { status } = await send(rig, "POST", "imports?format=warren", " ".repeat(9 * 2 ** 20));
    assert.equal(status, 413);
  });

  it("is in the audit log with its DevEUIs, and no key is", async () => {
    const device = new TestDevice("1.0.3");
    await importText(rig, lineOf(device));
    const last = await rig.store.lastAudit();
    assert.deepEqual([last?.action, last?.actor], ["device.create", "file-token"]);
    assert.deepEqual(last?.details["devEuis"], [device.devEui]);
    assert.doesNotMatch(JSON.stringify(last), new RegExp(keyHex(device.currentKeys.nwkKey)));
  });
});

describe("nonces of imported devices", () => {
  const rig = useJoinServer();

  it("go on where The Things Stack left them", async () => {
    const device = new TestDevice("1.0.4");
    const text = JSON.stringify({
      ids: { device_id: "a", dev_eui: device.devEui, join_eui: device.joinEui },
      lorawan_version: "MAC_V1_0_4",
      root_keys: { app_key: { key: keyHex(device.currentKeys.nwkKey) } },
      net_id: NET_ID,
      last_dev_nonce: 9,
      last_join_nonce: 41,
    });
    await importText(rig, text, "format=tts-json&asId=example-as");
    const refused = await joinWith(rig, device, 9);
    assert.equal(resultOf(refused.answer), "JoinReqFailed");
    const { request, answer } = await joinWith(rig, device, 10);
    assert.equal(resultOf(answer), "Success");
    device.receiveJoinAccept(request, parseHex(answer["PHYPayload"] as string));
    assert.equal(device.session?.joinNonce, 42);
  });

  it("of before 1.0.4 never come back, with any of its JoinEUIs", async () => {
    const device = new TestDevice("1.0.2");
    const elsewhere = "0000000000000042";
    const text = JSON.stringify({
      devEui: device.devEui,
      joinEui: device.joinEui,
      macVersion: "1.0.2",
      nwkKey: keyHex(device.currentKeys.nwkKey),
      devNonces: { [device.joinEui]: [7, 9], [elsewhere]: [3] },
      joinNonce: 5,
    });
    await importText(rig, text, `format=chirpstack&asId=example-as&homeNetId=${NET_ID}`);
    assert.equal(resultOf((await joinWith(rig, device, 7)).answer), "JoinReqFailed");
    assert.equal(resultOf((await joinWith(rig, device, 3)).answer), "Success");
    const used = await rig.store.listUsedDevNonces(device.devEui);
    assert.ok(used.some(({ joinEui, devNonce }) => joinEui === elsewhere && devNonce === 3));
  });

  it("and root key updates go on from Warren to Warren", async () => {
    const device = new TestDevice("1.1.0");
    await importText(rig, lineOf(device, { generation: 3, lastUpdateId: 8, rjCount1: 2 }));
    const { generation, lastUpdateId, rjCount1 } = await rig.show(device);
    assert.deepEqual([generation, lastUpdateId, rjCount1], [3, 8, 2]);
  });
});

describe("a server that was restarted", () => {
  it("still has the import key that devices were sealed to", async () => {
    const rig = await JoinServerRig.start();
    const before = await rig.call("GET", "import-key");
    rig.restart();
    assert.deepEqual((await rig.call("GET", "import-key")).body, before.body);
    assert.equal("d" in before.body, false);
  });
});

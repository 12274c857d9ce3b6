import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { ErrorCode } from "../../src/errors.ts";
import type { JoinServerEvent } from "../../src/join-server/ports/events.ts";
import { remedyOf } from "../../src/join-server/refusals/remedies.ts";
import {
  AS_ID,
  DEV_ADDR,
  type Json,
  NET_ID,
  OTHER_AS_ID,
  useJoinServer,
} from "../support/join-server-rig.ts";
import { randomKey, TestDevice } from "../support/test-device.ts";

const rig = useJoinServer();

async function registered(macVersion: "1.0.3" | "1.1.0"): Promise<TestDevice> {
  const device = new TestDevice(macVersion);
  await rig.register(device);
  return device;
}

/** What is told while `act` runs. */
async function toldBy(act: () => Promise<unknown>): Promise<JoinServerEvent[]> {
  const before = rig.events.length;
  await act();
  return rig.events.slice(before);
}

describe("events", () => {
  it("tell of a join who joined by whom, with which nonces", async () => {
    const device = await registered("1.0.3");
    const events = await toldBy(() =>
      rig.join(device, device.joinRequestUnder(device.currentKeys, 77)),
    );
    assert.deepEqual(events, [
      {
        kind: "join-accepted",
        at: rig.clock.now(),
        devEui: device.devEui,
        joinEui: device.joinEui,
        senderId: NET_ID,
        devAddr: DEV_ADDR,
        devNonce: 77,
        joinNonce: 1,
        generation: 0,
      },
    ]);
  });

  it("tell of a refused join why, and what to do", async () => {
    const device = await registered("1.1.0");
    const { devEui, joinEui } = device;
    const wrong = device.joinRequestUnder({ nwkKey: randomKey(), appKey: randomKey() }, 5);
    const [event, ...others] = await toldBy(() => rig.askJoin(device, wrong));
    assert.deepEqual(others, []);
    const { at: _, remedy, ...facts } = event ?? {};
    assert.deepEqual(facts, {
      kind: "join-refused",
      devEui,
      joinEui,
      senderId: NET_ID,
      devAddr: DEV_ADDR,
      devNonce: 5,
      reason: "mic-mismatch",
    });
    assert.match(remedy ?? "", /fingerprints/);
  });

  it("say of a DevNonce that was used which one was the last, and how to help the device", async () => {
    const device = await registered("1.1.0");
    await rig.join(device, device.joinRequestUnder(device.currentKeys, 300));
    const reset = device.joinRequestUnder(device.currentKeys, 2);
    const [event] = await toldBy(() => rig.askJoin(device, reset));
    assert.deepEqual([event?.reason, event?.devNonce], ["dev-nonce-replayed", 2]);
    assert.match(event?.remedy ?? "", /2 is not above 300.*lost its counter.*reset its nonces/s);
  });

  it("tell of rejoins and of AppSKeys, given and refused", async () => {
    const device = await registered("1.1.0");
    const { SessionKeyID } = await rig.join(device);
    const { devEui: DevEUI } = device;
    const events = await toldBy(async () => {
      await rig.ask("AppSKeyReq", { SenderID: AS_ID, DevEUI, SessionKeyID });
      await rig.ask("AppSKeyReq", { SenderID: OTHER_AS_ID, DevEUI, SessionKeyID });
      const rejoin = device.rejoinRequest(1);
      await rig.join(device, rejoin);
      await rig.askJoin(device, rejoin);
    });
    assert.deepEqual(
      events.map(({ kind, senderId, reason, joinNonce }) => [kind, senderId, reason, joinNonce]),
      [
        ["app-s-key-delivered", AS_ID, undefined, 1],
        ["app-s-key-refused", OTHER_AS_ID, "activation-disallowed", undefined],
        ["rejoin-accepted", NET_ID, undefined, 2],
        ["rejoin-refused", NET_ID, "rj-count-replayed", undefined],
      ],
    );
    for (const event of events) assert.equal(event.devEui, DevEUI);
  });

  it("tell of each step of an update", async () => {
    const device = await registered("1.1.0");
    await rig.join(device);
    const { devEui: DevEUI } = device;
    const events = await toldBy(async () => {
      const { MACCommand } = await rig.ask("RootKeyUpdateReq", { DevEUI, Reason: "age" });
      const ready = device.receiveCommand(MACCommand as string);
      const answer = await rig.ask("RootKeyCommandReq", { DevEUI, MACCommand: ready });
      device.receiveCommand(answer["MACCommand"] as string);
      await rig.join(device);
    });
    assert.deepEqual(
      events.map(({ kind, updateId, generation }) => [kind, updateId, generation]),
      [
        ["update-started", 1, 0],
        ["update-confirmed", 1, 0],
        ["join-accepted", undefined, 1],
        ["update-committed", 1, 1],
      ],
    );
    assert.equal(events[0]?.reason, "age");
  });

  it("name as much as can be read of a message that cannot", async () => {
    const spoilt: [Json, Partial<JoinServerEvent>][] = [
      [{ DevEUI: 7 }, { devEui: undefined, devNonce: undefined }],
      [{ DevEUI: "0x0102030405060708", PHYPayload: "zz" }, { joinEui: undefined }],
      [{ SenderID: "f".repeat(500) }, { senderId: "f".repeat(64) }],
    ];
    for (const [members, expected] of spoilt) {
      const [event, ...others] = await toldBy(() => rig.ask("JoinReq", members));
      assert.deepEqual(others, []);
      assert.equal(event?.kind, "join-refused");
      const named = Object.keys(expected).map((name) => [name, event?.[name as "senderId"]]);
      assert.deepEqual(Object.fromEntries(named), expected);
    }
    assert.deepEqual(await toldBy(() => rig.ask("constructor", {})), []);
  });

  it("have a remedy for every reason that a join can be refused for", () => {
    const folder = join(import.meta.dirname, "../../src/join-server");
    const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => /^(joins|senders)\/.*\.ts$/.test(name))
      .map((name) => readFileSync(join(folder, name), "utf8"));
    const codes = sources.flatMap((text) =>
      [...text.matchAll(/new WarrenError\(\s*"([a-z0-9-]+)"/g)].map(
        ([, code]) => code as ErrorCode,
      ),
    );
    assert.ok(new Set(codes).size > 10);
    for (const code of codes) assert.ok(remedyOf(code, "message"), code);
  });
});

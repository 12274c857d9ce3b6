import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseNetId } from "../../src/lorawan/identifiers.ts";
import { AS_ID, JoinServerRig, type Json, NET_ID, resultOf } from "../support/join-server-rig.ts";
import { TestDevice } from "../support/test-device.ts";

/** So many results of the same question. */
async function results(count: number, ask: () => Promise<Json>): Promise<string[]> {
  const all: string[] = [];
  for (let index = 0; index < count; index++) all.push(resultOf(await ask()));
  return all;
}

describe("a limit for one device", () => {
  it("refuses its joins before the database is asked, and only its", async () => {
    const device = { perSecond: 0.1, burst: 3 };
    const rig = await JoinServerRig.start({ limits: { peer: undefined, device } });
    const [one, two] = [new TestDevice("1.0.3"), new TestDevice("1.0.3")];
    await rig.register(one);
    await rig.register(two);
    const join = (of: TestDevice) => () => rig.askJoin(of, of.joinRequest());
    assert.deepEqual(await results(3, join(one)), Array(3).fill("Success"));
    const load = rig.store.loadDevice;
    rig.store.loadDevice = () => assert.fail("asked the database");
    assert.deepEqual(await results(2, join(one)), ["Other", "Other"]);
    rig.store.loadDevice = load;
    assert.deepEqual(await results(1, join(two)), ["Success"]);
    assert.equal(
      rig.events.findLast(({ kind }) => kind === "join-refused")?.reason,
      "rate-limited",
    );
    rig.clock.time += 10_000;
    assert.deepEqual(await results(2, join(one)), ["Success", "Other"]);
  });

  it("is not used up by somebody else's questions about it", async () => {
    const device = { perSecond: 0.1, burst: 1 };
    const rig = await JoinServerRig.start({ limits: { peer: undefined, device } });
    const one = new TestDevice("1.0.3");
    await rig.register(one);
    const ask = () =>
      rig.ask("AppSKeyReq", { SenderID: AS_ID, DevEUI: one.devEui, SessionKeyID: "00" });
    assert.deepEqual(await results(3, ask), ["UnknownDevEUI", "Other", "Other"]);
    assert.equal(resultOf(await rig.askJoin(one, one.joinRequest())), "Success");
  });
});

describe("a limit for a peer", () => {
  const ask = (rig: JoinServerRig, members: Json = {}) =>
    rig.ask("HomeNSReq", { DevEUI: "ffffffffffffffff", ...members });

  it("is that of its record, or else that of all", async () => {
    const peer = { perSecond: 1, burst: 2 };
    const rig = await JoinServerRig.start({ limits: { peer, device: undefined } });
    assert.deepEqual(await results(3, () => ask(rig)), ["UnknownDevEUI", "UnknownDevEUI", "Other"]);
    const record = await rig.store.loadNetworkServer(parseNetId(NET_ID));
    assert.ok(record);
    await rig.store.saveNetworkServer({ ...record, rateLimit: { perSecond: 1, burst: 5 } });
    rig.clock.time += 3_600_000;
    const six = await results(6, () => ask(rig));
    assert.deepEqual(six, [...Array(5).fill("UnknownDevEUI"), "Other"]);
  });

  it("is one in all spellings of its NetID, and nobody else can use it up", async () => {
    const peer = { perSecond: 1, burst: 2 };
    const rig = await JoinServerRig.start({ limits: { peer, device: undefined } });
    const remote = { method: "POST" as const, url: "/", remoteAddress: "203.0.113.9" };
    for (let count = 0; count < 5; count++) {
      const payload = {
        ProtocolVersion: "1.0",
        SenderID: NET_ID,
        ReceiverID: "70b3d57ed0000001",
        TransactionID: 1,
        MessageType: "HomeNSReq",
        DevEUI: "ffffffffffffffff",
      };
      const response = await rig.backend.inject({ ...remote, payload });
      assert.equal(resultOf(response.json()), "UnknownSender");
    }
    assert.equal(resultOf(await ask(rig)), "UnknownDevEUI");
    assert.equal(resultOf(await ask(rig, { SenderID: `0x${NET_ID}` })), "UnknownDevEUI");
    assert.equal(resultOf(await ask(rig, { SenderID: `0X0x${NET_ID}` })), "Other");
  });
});

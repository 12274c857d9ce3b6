import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type Json,
  joinMembers,
  OTHER_NET_ID,
  resultOf,
  useJoinServer,
} from "../support/join-server-rig.ts";
import { TestDevice } from "../support/test-device.ts";

const WINDOW_MS = 5_000;

/** An answer without what belongs to the one request. */
function bodyOf(answer: Json): Json {
  const { TransactionID: _, ...body } = answer;
  return body;
}

describe("the same JoinReq again", () => {
  const rig = useJoinServer({ repeatWindowMs: WINDOW_MS });

  async function registered(macVersion: "1.0.3" | "1.1.0" = "1.0.3"): Promise<TestDevice> {
    const device = new TestDevice(macVersion);
    await rig.register(device);
    return device;
  }

  it("within a few seconds gets the very same answer under its own TransactionID", async () => {
    const device = await registered();
    const request = device.joinRequest();
    const first = await rig.askJoin(device, request, { members: { TransactionID: 7 } });
    const stored = rig.dump();
    rig.clock.time += WINDOW_MS - 1;
    const second = await rig.askJoin(device, request, { members: { TransactionID: 8 } });
    assert.equal(resultOf(first), "Success");
    assert.deepEqual(bodyOf(second), bodyOf(first));
    assert.deepEqual([first["TransactionID"], second["TransactionID"]], [7, 8]);
    assert.equal(rig.dump(), stored);
    const joins = rig.events.filter(
      ({ kind, devEui }) => kind === "join-accepted" && devEui === device.devEui,
    );
    assert.equal(joins.length, 1);
  });

  it("many times at once is one join", async () => {
    const device = await registered();
    const request = device.joinRequest();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => rig.askJoin(device, request)),
    );
    for (const answer of answers) assert.deepEqual(bodyOf(answer), bodyOf(answers[0] as Json));
    assert.equal((await rig.show(device))["joinNonce"], 1);
  });

  it("later is the replay that it looks like", async () => {
    const device = await registered();
    const request = device.joinRequest();
    await rig.join(device, request);
    rig.clock.time += WINDOW_MS;
    assert.equal(resultOf(await rig.askJoin(device, request)), "JoinReqFailed");
  });

  it("with another word in it is a replay at once", async () => {
    const device = await registered();
    const request = device.joinRequest();
    await rig.join(device, request);
    const others: Json[] = [
      { RxDelay: 2 },
      { DevAddr: "00000001" },
      { DLSettings: "03" },
      { CFList: "184f84e85684b85e84886684586e8400" },
      { MACVersion: "1.0.2" },
      { ReceiverID: "70b3d57ed0000002" },
    ];
    for (const members of others) {
      const answer = await rig.askJoin(device, request, { members });
      assert.equal(resultOf(answer), "JoinReqFailed", JSON.stringify(members));
    }
    const stranger = await rig.askJoin(device, request, { members: { SenderID: OTHER_NET_ID } });
    assert.equal(resultOf(stranger), "ActivationDisallowed");
  });

  it("by a peer that has no more right to it is refused", async () => {
    const device = await registered();
    const request = device.joinRequest();
    await rig.join(device, request);
    const members = { ...joinMembers(device, request, {}), SenderID: "00dead" };
    assert.equal(resultOf(await rig.ask("JoinReq", members)), "UnknownSender");
  });

  it("after a refusal is decided anew", async () => {
    const device = new TestDevice("1.0.3");
    const request = device.joinRequest();
    assert.equal(resultOf(await rig.askJoin(device, request)), "UnknownDevEUI");
    await rig.register(device);
    assert.equal(resultOf(await rig.askJoin(device, request)), "Success");
  });

  it("holds for RejoinReq too", async () => {
    const device = await registered("1.1.0");
    await rig.join(device);
    const request = device.rejoinRequest(0);
    const first = await rig.askJoin(device, request);
    assert.equal(resultOf(first), "Success");
    assert.deepEqual(bodyOf(await rig.askJoin(device, request)), bodyOf(first));
  });
});

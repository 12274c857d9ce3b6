import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { verifyRejoinRequestMic } from "../../src/lorawan/join/rejoin-request.ts";
import { deriveJsIntKey } from "../../src/lorawan/keys/join-server-keys.ts";
import { encodeMhdr, MType } from "../../src/lorawan/mhdr.ts";
import { keysAsHex } from "../support/keys-as-hex.ts";
import { DeviceBench } from "./support/device-bench.ts";
import { decodeRejoinRequest, devEui, mTypeOf } from "./support/fake-server.ts";

function joined(): DeviceBench {
  const bench = new DeviceBench();
  bench.join();
  return bench;
}

const isRejoin = (frame: Uint8Array) => mTypeOf(frame) === MType.RejoinRequest;

function nextRejoin(bench: DeviceBench, limitMs?: number): Uint8Array {
  for (let count = 0; count < 100; count++) {
    const frame = bench.nextFrame(limitMs);
    if (isRejoin(frame)) return frame;
  }
  throw new Error("no rejoin");
}

describe("a rejoin", () => {
  for (const type of [0, 1, 2] as const) {
    test(`of type ${type} makes a new session; its counter starts at 1`, () => {
      const bench = joined();
      const before = bench.device.state.session;
      bench.device.rejoin(type);
      bench.onUplink = (frame) =>
        isRejoin(frame) ? bench.server.accept(1, { joinReqType: type }) : undefined;
      const frame = nextRejoin(bench);
      const request = decodeRejoinRequest(frame);
      assert.equal(request.rejoinType, type);
      assert.equal(request.rejoinType === 1 ? request.rjCount1 : request.rjCount0, 1);
      const key =
        type === 1 ? deriveJsIntKey(bench.server.keys.nwkKey, devEui) : before?.keys.sNwkSIntKey;
      assert.ok(key && verifyRejoinRequestMic(frame, key));
      bench.timeline.advanceUntil(() => bench.device.state.session?.devAddr !== before?.devAddr);
      const after = bench.device.state.session;
      assert.deepEqual(keysAsHex(after?.keys), keysAsHex(bench.server.session?.keys));
      assert.equal(after?.fCntUp, 0);
      assert.equal(after?.isIndicating, true);
      assert.deepEqual(after?.radio.channels.length, type === 2 ? 8 : 3);
      assert.ok(bench.nextUplink().names.includes("RekeyInd"));
    });
  }

  test("counters grow with each request; RJcount0 starts again with a session, RJcount1 never", () => {
    const bench = joined();
    const count = (type: 0 | 1 | 2) => {
      bench.device.rejoin(type);
      const request = decodeRejoinRequest(nextRejoin(bench));
      bench.timeline.advance(7_000);
      return request.rejoinType === 1 ? request.rjCount1 : request.rjCount0;
    };
    assert.deepEqual([count(0), count(2), count(1), count(1)], [1, 2, 1, 2]);
    bench.restart();
    assert.deepEqual([count(0), count(1)], [3, 3]);
    bench.device.join();
    bench.join();
    assert.deepEqual([count(2), count(1)], [1, 4]);
  });

  test("the session goes on while nobody answers", () => {
    const bench = joined();
    bench.device.rejoin(0);
    nextRejoin(bench);
    assert.ok(bench.nextUplink());
  });

  test("an accept for another rejoin type is refused", () => {
    const bench = joined();
    bench.device.rejoin(0);
    bench.onUplink = () => bench.server.accept(1, { joinReqType: 2 });
    nextRejoin(bench);
    bench.timeline.advance(8_000);
    assert.equal(bench.refused["mic-mismatch"], 1);
  });

  test("a data downlink may answer it", () => {
    const bench = joined();
    bench.device.rejoin(0);
    bench.onUplink = (frame) =>
      isRejoin(frame) ? bench.server.downlink({ commands: [{ name: "DevStatusReq" }] }) : undefined;
    nextRejoin(bench);
    bench.timeline.advance(6_000);
    assert.ok(bench.nextUplink().names.includes("DevStatusAns"));
  });

  test("ForceRejoinReq makes it, with its data rate, and repeats it", () => {
    const bench = joined();
    bench.nextUplink(() =>
      bench.server.downlink({
        commands: [
          { name: "ForceRejoinReq", period: 0, maxRetries: 2, rejoinType: 2, dataRate: 3 },
        ],
      }),
    );
    bench.timeline.advance(3 * 64_000);
    const rejoins = bench.frames.filter(({ phyPayload }) => isRejoin(phyPayload));
    assert.equal(rejoins.length, 3);
    assert.deepEqual(
      rejoins.map(({ phyPayload }) => decodeRejoinRequest(phyPayload).rejoinType),
      [2, 2, 2],
    );
    assert.ok(rejoins.every(({ modulation }) => modulation === "SF9BW125"));
  });

  test("RejoinParamSetupReq makes it periodic, by count and by time", () => {
    const byCount = joined();
    byCount.nextUplink(() =>
      byCount.server.downlink({
        commands: [{ name: "RejoinParamSetupReq", maxTimeN: 15, maxCountN: 0 }],
      }),
    );
    byCount.onUplink = (frame) =>
      byCount.server.uplink(frame) ? byCount.server.downlink() : undefined;
    nextRejoin(byCount);
    const sent = byCount.frames.filter(({ phyPayload }) => !isRejoin(phyPayload)).length;
    assert.ok(sent <= 16, `${sent} uplinks`);
    const byTime = joined();
    byTime.nextUplink(() =>
      byTime.server.downlink({
        commands: [{ name: "RejoinParamSetupReq", maxTimeN: 0, maxCountN: 15 }],
      }),
    );
    const setAt = byTime.timeline.now();
    byTime.onUplink = (frame) =>
      byTime.server.uplink(frame) ? byTime.server.downlink() : undefined;
    nextRejoin(byTime);
    assert.ok(byTime.timeline.now() - setAt <= 2 ** 10 * 1_000 + 1_000);
  });

  test("a device that has used up an RJcount joins instead", () => {
    for (const type of [0, 1] as const) {
      const bench = joined();
      const { profile, state } = bench.device;
      assert.ok(state.session);
      const session = { ...state.session, rjCount0: 0x1_0000 };
      bench.store.saveDevices([{ profile, state: { ...state, rjCount1: 0x1_0000, session } }]);
      bench.restart();
      bench.device.rejoin(type);
      bench.timeline.advanceUntil(() => bench.device.state.session === null);
      bench.join();
      assert.notEqual(bench.device.state.session, null);
    }
  });

  test("only a 1.1 session can", () => {
    const bench = new DeviceBench({ macVersion: "1.0.4" });
    bench.join();
    assert.throws(() => bench.device.rejoin(0), { code: "session-unknown" });
    assert.equal(encodeMhdr(MType.RejoinRequest), 0xc0);
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { JoinReqType } from "../../src/lorawan/join/join-accept-mic.ts";
import { decodeJoinRequest } from "../../src/lorawan/join/join-request.ts";
import type { MacVersion } from "../../src/lorawan/mac-version.ts";
import { MType } from "../../src/lorawan/mhdr.ts";
import { keysAsHex } from "../support/keys-as-hex.ts";
import { DeviceBench } from "./support/device-bench.ts";
import { mTypeOf, rootKeys } from "./support/fake-server.ts";

const versions: MacVersion[] = ["1.0.2", "1.0.3", "1.0.4", "1.1.0"];

describe("a join", () => {
  for (const macVersion of versions) {
    test(`makes the same session on both sides (${macVersion})`, () => {
      const bench = new DeviceBench({ macVersion });
      bench.join();
      const { session } = bench.device.state;
      assert.equal(session?.devAddr, bench.server.session?.devAddr);
      assert.deepEqual(keysAsHex(session?.keys), keysAsHex(bench.server.session?.keys));
      assert.equal(session?.isLorawan11, macVersion === "1.1.0");
      assert.ok(bench.nextUplink().fCntUp > 0);
    });
  }

  test("RX2 is as good as RX1", () => {
    const bench = new DeviceBench();
    bench.window = "rx2";
    bench.join();
    assert.notEqual(bench.device.state.session, null);
  });

  test("an accept under other root keys is refused, and the device asks again", () => {
    const bench = new DeviceBench();
    bench.onUplink = (frame) => {
      const devNonce = bench.server.joinRequest(frame);
      return devNonce === undefined
        ? undefined
        : bench.server.accept(devNonce, { keys: rootKeys(9) });
    };
    bench.timeline.advance(60_000);
    assert.equal(bench.device.state.session, null);
    assert.ok((bench.refused["mic-mismatch"] ?? 0) >= 2);
    assert.ok(bench.server.devNonces.length >= 3);
  });

  test("a 1.1 accept for another DevNonce is refused", () => {
    const bench = new DeviceBench();
    bench.onUplink = (frame) => bench.server.accept(decodeJoinRequest(frame).devNonce + 1);
    bench.timeline.advance(20_000);
    assert.equal(bench.device.state.session, null);
    assert.ok((bench.refused["mic-mismatch"] ?? 0) >= 1);
  });

  test("a 1.1 accept for a rejoin is refused", () => {
    const bench = new DeviceBench();
    bench.onUplink = (frame) =>
      bench.server.accept(decodeJoinRequest(frame).devNonce, {
        joinReqType: JoinReqType.RejoinRequest0,
      });
    bench.timeline.advance(20_000);
    assert.equal(bench.device.state.session, null);
  });

  test("a 1.1 device in a 1.0 network takes its 1.0 keys from NwkKey and sends no RekeyInd", () => {
    const bench = new DeviceBench();
    bench.onUplink = (frame) =>
      bench.server.accept(decodeJoinRequest(frame).devNonce, { optNeg: false });
    bench.timeline.advanceUntil(() => bench.device.state.session !== null);
    const { session } = bench.device.state;
    assert.equal(session?.isLorawan11, false);
    assert.deepEqual(keysAsHex(session?.keys), keysAsHex(bench.server.session?.keys));
    assert.equal(session?.keys.sNwkSIntKey, session?.keys.fNwkSIntKey);
    assert.ok(!bench.nextUplink().names.includes("RekeyInd"));
  });

  test("waits longer and longer, at random, when nobody answers", () => {
    const bench = new DeviceBench();
    bench.timeline.advance(2 * 3_600_000);
    const times = bench.frames.map((frame) => frame.startsAt);
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    assert.ok(gaps.length > 8 && gaps.length < 60, `${gaps.length} requests`);
    assert.ok((gaps.at(-1) ?? 0) > 10 * (gaps[0] ?? 0));
    const modulations = new Set(bench.frames.map((frame) => frame.modulation));
    assert.ok(modulations.has("SF7BW125") && modulations.has("SF12BW125"));
  });
});

describe("DevNonce", () => {
  for (const macVersion of ["1.0.4", "1.1.0"] as const) {
    test(`counts from 1 and goes on after a restart (${macVersion})`, () => {
      const bench = new DeviceBench({ macVersion });
      const nonces = [1, 2, 3].map(() => decodeJoinRequest(bench.nextFrame()).devNonce);
      bench.restart();
      nonces.push(decodeJoinRequest(bench.nextFrame()).devNonce);
      assert.deepEqual(nonces, [1, 2, 3, 4]);
    });
  }

  test("is stored before it is sent", () => {
    const bench = new DeviceBench();
    bench.nextFrame();
    assert.equal(bench.store.loadDevices()[0]?.state.devNonces.last, 1);
  });

  test("is drawn before 1.0.4 and never repeated", () => {
    const bench = new DeviceBench({ macVersion: "1.0.3" });
    const nonces = Array.from({ length: 12 }, () => decodeJoinRequest(bench.nextFrame()).devNonce);
    assert.equal(new Set(nonces).size, nonces.length);
    assert.ok(nonces.some((nonce) => nonce > 100));
    assert.deepEqual(bench.device.state.devNonces.drawn, nonces);
  });

  test("a device that has spent all falls silent", () => {
    const bench = new DeviceBench();
    bench.device.stop();
    const [stored] = bench.store.loadDevices();
    assert.ok(stored);
    const devNonces = { last: 0xffff, drawn: [] };
    bench.store.saveDevices([{ ...stored, state: { ...stored.state, devNonces } }]);
    bench.restart();
    bench.timeline.advance(600_000);
    assert.equal(bench.frames.length, 0);
    assert.ok(bench.events().includes("transmission-impossible"));
  });
});

describe("JoinNonce", () => {
  const rejoinWith = (macVersion: MacVersion, joinNonce: number) => {
    const bench = new DeviceBench({ macVersion });
    bench.server.joinNonce = 9;
    bench.join();
    assert.equal(bench.device.state.lastJoinNonce, 10);
    bench.onUplink = (frame) => {
      if (mTypeOf(frame) !== MType.JoinRequest) return undefined;
      return bench.server.accept(decodeJoinRequest(frame).devNonce, { joinNonce });
    };
    bench.device.join();
    bench.timeline.advance(20_000);
    return bench;
  };

  for (const macVersion of versions) {
    test(`0 is refused (${macVersion})`, () => {
      const bench = rejoinWith(macVersion, 0);
      assert.equal(bench.device.state.session, null);
      assert.ok((bench.refused["join-nonce-zero"] ?? 0) > 0);
    });

    test(`the last one is refused (${macVersion})`, () => {
      const bench = rejoinWith(macVersion, 10);
      assert.equal(bench.device.state.session, null);
      assert.ok((bench.refused["join-nonce-replayed"] ?? 0) > 0);
    });

    test(`a lower one is ${macVersion < "1.0.4" ? "taken" : "refused"} (${macVersion})`, () => {
      const bench = rejoinWith(macVersion, 5);
      assert.equal(bench.device.state.session !== null, macVersion < "1.0.4");
    });
  }
});

for (const macVersion of versions) {
  test(`a device told to join while it waits for an answer joins with a later request (${macVersion})`, () => {
    const bench = new DeviceBench({ macVersion });
    let requests = 0;
    bench.onUplink = (frame) => {
      const devNonce = bench.server.joinRequest(frame);
      if (devNonce === undefined) return undefined;
      requests += 1;
      // The answer to the first request is already on its way.
      if (requests === 1) bench.device.join();
      return bench.server.accept(devNonce);
    };
    bench.timeline.advanceUntil(() => bench.device.state.session !== null);
    assert.equal(requests, 2);
    assert.equal(bench.refused["join-accept-unexpected"], 1);
  });
}

test("a replayed 1.0.x accept leaves a session nobody knows, which the device gives up", () => {
  const bench = new DeviceBench({ macVersion: "1.0.3" });
  let recorded: Uint8Array | undefined;
  bench.onUplink = (frame) => {
    recorded = bench.server.accept(bench.server.joinRequest(frame) ?? 0);
    return recorded;
  };
  bench.timeline.advanceUntil(() => bench.device.state.session !== null);
  bench.join();
  // A later join, so that the recorded JoinNonce is not the last one.
  bench.device.join();
  bench.join();
  bench.onUplink = (frame) => (mTypeOf(frame) === MType.JoinRequest ? recorded : undefined);
  bench.device.join();
  bench.timeline.advanceUntil(() => bench.device.state.session !== null);
  assert.notDeepEqual(
    keysAsHex(bench.device.state.session?.keys),
    keysAsHex(bench.server.session?.keys),
  );
  bench.serve();
  bench.timeline.advanceUntil(() => bench.events().includes("session-dead"));
  bench.timeline.advanceUntil(() => bench.device.state.session !== null);
  assert.deepEqual(
    keysAsHex(bench.device.state.session?.keys),
    keysAsHex(bench.server.session?.keys),
  );
});

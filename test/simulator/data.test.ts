import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { importAes128Key } from "../../src/crypto/aes128.ts";
import { formatHex, parseHex } from "../../src/lorawan/hex.ts";
import { parseDevAddr } from "../../src/lorawan/identifiers.ts";
import { MType } from "../../src/lorawan/mhdr.ts";
import type { FactoryKeys } from "../../src/simulator/device/device-profile.ts";
import { DeviceBench } from "./support/device-bench.ts";
import { mTypeOf } from "./support/fake-server.ts";

const versions = ["1.0.2", "1.0.3", "1.0.4", "1.1.0"] as const;

function joined(macVersion: (typeof versions)[number] = "1.1.0", profile = {}): DeviceBench {
  const bench = new DeviceBench({ macVersion, profile });
  bench.join();
  return bench;
}

const key = (byte: number) => importAes128Key(new Uint8Array(16).fill(byte));
const abpKeys: Extract<FactoryKeys, { activation: "abp" }> = {
  activation: "abp",
  devAddr: parseDevAddr("00abcdef"),
  sessionKeys: {
    fNwkSIntKey: key(1),
    sNwkSIntKey: key(2),
    nwkSEncKey: key(3),
    appSKey: key(4),
  },
};

const data = (payload: string, fPort = 10) => ({ fPort, payload: parseHex(payload) });

function setNbTrans(bench: DeviceBench, nbTrans: number): void {
  const keep = { dataRate: 15, txPower: 15, chMask: 0xff, chMaskCntl: 0 };
  const commands = [{ name: "LinkADRReq", ...keep, nbTrans }] as const;
  bench.nextUplink(() => bench.server.downlink({ commands }));
}

describe("uplinks", () => {
  for (const macVersion of versions) {
    test(`count without gaps and arrive decrypted (${macVersion})`, () => {
      const bench = joined(macVersion);
      const first = bench.nextUplink();
      const second = bench.nextUplink();
      assert.equal(second.fCntUp, first.fCntUp + 1);
      assert.equal(formatHex(second.payload), second.fCntUp.toString(16).padStart(8, "0"));
      assert.equal(second.fPort, 1);
    });
  }

  test("application data goes out at once, in order, and survives a restart", () => {
    const bench = joined();
    const uplink = { fPort: 42, isConfirmed: false };
    bench.device.queueUplink({ ...uplink, uplinkId: "a", payload: "0a0b" });
    bench.device.queueUplink({ ...uplink, uplinkId: "b", payload: "0c" });
    assert.equal(formatHex(bench.nextUplink().payload), "0a0b");
    bench.restart();
    bench.timeline.advanceUntil(() => bench.device.state.outbox.length === 0);
    assert.equal(
      bench.server.uplink(bench.frames.at(-1)?.phyPayload ?? new Uint8Array())?.fPort,
      42,
    );
  });

  test("no counter is used twice after a restart", () => {
    const bench = joined();
    const { fCntUp } = bench.nextUplink();
    bench.restart();
    assert.ok(bench.nextUplink().fCntUp > fCntUp);
  });

  test("the counter is stored before the frame is sent", () => {
    const bench = joined();
    const frame = bench.nextFrame();
    const stored = bench.store.loadDevices()[0]?.state.session;
    assert.equal(stored?.fCntUp, (bench.server.uplink(frame)?.fCntUp ?? 0) + 1);
  });

  test("NbTrans repeats an unanswered uplink under the same counter, on other channels", () => {
    const bench = joined();
    setNbTrans(bench, 3);
    bench.frames.length = 0;
    bench.nextFrame();
    bench.timeline.advance(30_000);
    assert.equal(bench.frames.length, 3);
    const seen = bench.frames.map(({ phyPayload }) => bench.server.uplink(phyPayload));
    assert.equal(new Set(seen.map((uplink) => uplink?.fCntUp)).size, 1);
    assert.ok(new Set(bench.frames.map(({ frequencyHz }) => frequencyHz)).size > 1);
  });

  test("a downlink ends the repetition", () => {
    const bench = joined();
    setNbTrans(bench, 5);
    bench.frames.length = 0;
    bench.nextUplink(() => bench.server.downlink());
    bench.timeline.advance(20_000);
    assert.equal(bench.frames.length, 1);
  });

  test("a confirmed 1.0.3 uplink is repeated up to 8 times, until it is acknowledged", () => {
    const bench = joined("1.0.3", { confirmedUplinks: true });
    bench.nextFrame();
    bench.timeline.advance(59_000);
    assert.equal(bench.frames.length, 8);
    assert.ok(bench.events().includes("uplink-unacknowledged"));
    bench.frames.length = 0;
    bench.nextUplink(() => bench.server.downlink({ ack: true }));
    bench.timeline.advance(30_000);
    assert.equal(bench.frames.length, 1);
    assert.ok(bench.events().includes("uplink-acknowledged"));
  });

  test("a downlink without ACK does not end the repetition of a confirmed uplink", () => {
    const bench = joined("1.0.3", { confirmedUplinks: true });
    bench.frames.length = 0;
    bench.nextUplink(() => bench.server.downlink());
    bench.timeline.advance(20_000);
    assert.ok(bench.frames.length > 1);
  });

  test("a counter that is used up ends a session that a join can follow, and silences others", () => {
    for (const keys of [undefined, abpKeys]) {
      const bench = new DeviceBench(keys && { keys });
      if (keys === undefined) bench.join();
      bench.device.stop();
      const [stored] = bench.store.loadDevices();
      assert.ok(stored?.state.session);
      const session = { ...stored.state.session, fCntUp: 2 ** 32 };
      bench.store.saveDevices([{ ...stored, state: { ...stored.state, session } }]);
      bench.restart();
      bench.frames.length = 0;
      bench.timeline.advance(600_000);
      assert.ok(bench.events().includes("transmission-impossible"));
      const mTypes = new Set(bench.frames.map(({ phyPayload }) => mTypeOf(phyPayload)));
      assert.deepEqual([...mTypes], keys === undefined ? [MType.JoinRequest] : []);
    }
  });
});

describe("downlinks", () => {
  for (const macVersion of versions) {
    test(`application data arrives, and a confirmed one is acknowledged (${macVersion})`, () => {
      const bench = joined(macVersion);
      bench.nextUplink(() =>
        bench.server.downlink({ ...data("cafe"), isConfirmed: true, ack: false }),
      );
      assert.equal(bench.device.recorder.payloads.at(-1)?.payload, "cafe");
      const answer = bench.nextUplink();
      assert.equal(answer.fCtrl.ack, true);
      assert.equal(bench.nextUplink().fCtrl.ack, false);
    });

    test(`a replayed one is refused (${macVersion})`, () => {
      const bench = joined(macVersion);
      let recorded: Uint8Array | undefined;
      bench.nextUplink(() => {
        recorded = bench.server.downlink(data("01"));
        return recorded;
      });
      bench.nextUplink(() => bench.server.downlink(data("02")));
      bench.nextUplink(() => recorded);
      assert.equal(bench.refused["frame-counter-replayed"], 1);
      assert.equal(bench.device.recorder.payloads.length, 2);
    });

    test(`one with a wrong MIC is refused, and the next one is heard (${macVersion})`, () => {
      const bench = joined(macVersion);
      bench.nextUplink(() => {
        const forged = bench.server.downlink(data("01"));
        forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
        return forged;
      });
      assert.equal(bench.refused["mic-mismatch"], 1);
      bench.nextUplink(() => bench.server.downlink(data("02")));
      assert.equal(bench.device.recorder.payloads.at(-1)?.payload, "02");
    });
  }

  test("1.1 counts NFCntDown and AFCntDown apart", () => {
    const bench = joined();
    const before = bench.device.state.session;
    bench.nextUplink(() => bench.server.downlink(data("01")));
    const after = bench.device.state.session;
    assert.equal(after?.nFCntDown, before?.nFCntDown);
    assert.equal(after?.aFCntDown, 0);
  });

  test("counters go on past 16 bits, both ways", () => {
    const bench = joined();
    bench.device.stop();
    const [stored] = bench.store.loadDevices();
    const session = stored?.state.session;
    assert.ok(stored && session && bench.server.session);
    const far = { ...session, fCntUp: 0x1_ffff, nFCntDown: 0x2_fffe };
    bench.store.saveDevices([{ ...stored, state: { ...stored.state, session: far } }]);
    bench.restart();
    bench.server.session.nFCntDown = 0x2_ffff;
    bench.onUplink = () => bench.server.downlink({ confFCnt: 0 });
    bench.timeline.advanceUntil(() => bench.device.state.session?.nFCntDown === 0x3_0000);
    assert.ok((bench.device.state.session?.fCntUp ?? 0) >= 0x2_0000);
  });

  test("an ACK that is for another uplink is refused in 1.1", () => {
    const bench = joined();
    bench.nextUplink((seen) => bench.server.downlink({ ack: true, confFCnt: seen.fCntUp + 5 }));
    assert.equal(bench.refused["mic-mismatch"], 1);
  });

  test("frames for others are no news", () => {
    const bench = joined();
    const session = bench.server.session;
    assert.ok(session);
    const other = { ...session, devAddr: parseDevAddr("deadbeef") };
    bench.nextUplink(() => bench.server.downlink({}, other));
    assert.deepEqual(bench.refused, {});
  });

  test("bytes that are no frame are refused and nothing else", () => {
    const bench = joined();
    const garbage = ["60", "e0ff", "20aabb", "a0".repeat(40), "", "6001020304ffffff00112233"];
    for (const frame of garbage) bench.nextUplink(() => parseHex(frame));
    assert.notEqual(bench.device.state.session, null);
    assert.equal(bench.device.recorder.payloads.length, 0);
  });
});

describe("MAC commands", () => {
  test("RekeyInd goes up until RekeyConf", () => {
    const bench = new DeviceBench();
    bench.onUplink = (frame) => bench.server.accept(bench.server.joinRequest(frame) ?? 0);
    bench.timeline.advanceUntil(() => bench.device.state.session !== null);
    assert.deepEqual(bench.nextUplink().names.slice(0, 1), ["RekeyInd"]);
    bench.nextUplink(() => bench.server.downlink({ commands: [{ name: "RekeyConf", minor: 2 }] }));
    const repeated = bench.nextUplink(() =>
      bench.server.downlink({ commands: [{ name: "RekeyConf", minor: 1 }] }),
    );
    assert.ok(repeated.names.includes("RekeyInd"));
    assert.ok(!bench.nextUplink().names.includes("RekeyInd"));
  });

  test("without RekeyConf the device joins again", () => {
    const bench = new DeviceBench();
    bench.onUplink = (frame) => {
      const nonce = bench.frames.length === 1 ? bench.server.joinRequest(frame) : undefined;
      return nonce === undefined ? undefined : bench.server.accept(nonce);
    };
    bench.timeline.advanceUntil(() => bench.events().includes("session-dead"));
    bench.nextFrame();
    assert.equal(bench.device.recorder.counters.joinRequests, 2);
  });

  test("requests are answered with what they did", () => {
    const bench = joined();
    bench.nextUplink(() =>
      bench.server.downlink({
        onFPort0: true,
        commands: [
          { name: "DutyCycleReq", maxDCycle: 1 },
          { name: "RXParamSetupReq", rx1DrOffset: 0, rx2DataRate: 3, frequencyHz: 869_525_000 },
          { name: "DevStatusReq" },
          { name: "NewChannelReq", chIndex: 8, frequencyHz: 868_800_000, minDr: 0, maxDr: 5 },
          { name: "NewChannelReq", chIndex: 0, frequencyHz: 868_800_000, minDr: 0, maxDr: 5 },
          { name: "RXTimingSetupReq", delay: 1 },
          { name: "DlChannelReq", chIndex: 99, frequencyHz: 868_100_000 },
          { name: "ADRParamSetupReq", limitExp: 3, delayExp: 2 },
          { name: "RejoinParamSetupReq", maxTimeN: 10, maxCountN: 10 },
        ],
      }),
    );
    const answer = bench.nextUplink(() => bench.server.downlink());
    // Too long for FOpts.
    assert.equal(answer.fPort, 0);
    assert.deepEqual(answer.names, [
      "DutyCycleAns",
      "DevStatusAns",
      "NewChannelAns",
      "NewChannelAns",
      "ADRParamSetupAns",
      "RejoinParamSetupAns",
      "RXParamSetupAns",
      "RXTimingSetupAns",
      "DlChannelAns",
    ]);
    const [, , made, refused] = answer.commands;
    assert.deepEqual(made, {
      name: "NewChannelAns",
      channelFrequencyOk: true,
      dataRateRangeOk: true,
    });
    assert.ok(refused?.name === "NewChannelAns" && !refused.channelFrequencyOk);
    const { radio } = bench.device.state.session ?? {};
    assert.equal(radio?.rx2.dataRate, 3);
    assert.equal(radio?.adrAckLimit, 8);
    assert.deepEqual(radio?.rejoinLimits, { uplinks: 2 ** 14, periodMs: 2 ** 20 * 1_000 });
    assert.equal(bench.nextUplink().names.length, 0);
  });

  test("RXParamSetupAns is repeated until a downlink is heard", () => {
    const bench = joined();
    bench.nextUplink(() =>
      bench.server.downlink({
        commands: [
          { name: "RXParamSetupReq", rx1DrOffset: 0, rx2DataRate: 0, frequencyHz: 869_525_000 },
        ],
      }),
    );
    assert.ok(bench.nextUplink().names.includes("RXParamSetupAns"));
    assert.ok(bench.nextUplink(() => bench.server.downlink()).names.includes("RXParamSetupAns"));
    assert.ok(!bench.nextUplink().names.includes("RXParamSetupAns"));
  });

  test("a LinkADRReq that cannot be obeyed changes nothing", () => {
    const bench = joined();
    const before = bench.device.state.session?.radio;
    bench.nextUplink(() =>
      bench.server.downlink({
        commands: [
          { name: "LinkADRReq", dataRate: 3, txPower: 2, chMask: 0, chMaskCntl: 0, nbTrans: 2 },
        ],
      }),
    );
    const [answer] = bench.nextUplink().commands;
    assert.deepEqual(answer, {
      name: "LinkADRAns",
      channelMaskAck: false,
      dataRateAck: false,
      powerAck: true,
    });
    assert.deepEqual(bench.device.state.session?.radio, before);
  });

  test("a block of LinkADRReq has one answer in 1.1 and one each in 1.0", () => {
    for (const [macVersion, count] of [
      ["1.1.0", 1],
      ["1.0.3", 2],
    ] as const) {
      const bench = joined(macVersion);
      const command = {
        name: "LinkADRReq",
        dataRate: 3,
        txPower: 2,
        chMask: 7,
        chMaskCntl: 0,
        nbTrans: 1,
      } as const;
      bench.nextUplink(() => bench.server.downlink({ commands: [command, command] }));
      const answers = bench.nextUplink().names.filter((name) => name === "LinkADRAns");
      assert.equal(answers.length, count);
      assert.equal(bench.device.state.session?.radio.dataRate, 3);
    }
  });

  test("an unknown command ends the processing", () => {
    const bench = joined();
    const octets = parseHex("06f00606");
    bench.nextUplink(() => bench.server.downlink({ octets }));
    assert.deepEqual(bench.nextUplink().names, ["DevStatusAns"]);
  });

  test("the device asks when it hears nothing, and joins again in vain", () => {
    const bench = joined("1.0.4");
    for (let index = 0; index < 8; index++) bench.nextUplink();
    assert.ok(bench.nextUplink().names.includes("LinkCheckReq"));
    bench.timeline.advanceUntil(() => bench.events().includes("session-dead"));
  });

  test("an ABP device keeps its session for ever and announces itself until ResetConf", () => {
    const bench = new DeviceBench({ keys: abpKeys });
    bench.server.session = {
      devAddr: abpKeys.devAddr,
      is11: true,
      keys: abpKeys.sessionKeys,
      joinNonce: 0,
      nFCntDown: -1,
      aFCntDown: -1,
      lastFCntUp: -1,
    };
    assert.deepEqual(bench.nextUplink().names, ["ResetInd"]);
    bench.nextUplink(() => bench.server.downlink({ commands: [{ name: "ResetConf", minor: 1 }] }));
    assert.deepEqual(bench.nextUplink().names, []);
    bench.timeline.advance(3_600_000);
    bench.restart();
    assert.ok(bench.nextUplink().fCntUp > 30);
    assert.throws(() => bench.device.join());
  });
});

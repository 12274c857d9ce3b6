import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Air } from "../../src/simulator/air/air.ts";
import {
  type AirSettings,
  type DownlinkReceiver,
  perfectAir,
  type RadioFrame,
  type ReceiveWindow,
} from "../../src/simulator/air/radio-frame.ts";
import { seededChance } from "../../src/simulator/air/seeded-random.ts";
import { ManualTimeline } from "./support/manual-timeline.ts";

class Receiver implements DownlinkReceiver {
  place = 0;
  heard: string[] = [];
  closed = 0;
  takes = true;

  receive(_phyPayload: Uint8Array, window: ReceiveWindow): boolean {
    this.heard.push(window.name);
    return this.takes;
  }

  windowsClosed(): void {
    this.closed += 1;
  }
}

function setUp(settings: Partial<AirSettings> = {}, seed = 1) {
  const timeline = new ManualTimeline();
  const air = new Air(timeline, seededChance(seed), { ...perfectAir, ...settings });
  const heard: RadioFrame[] = [];
  air.addGateway({ receive: (frame) => heard.push(frame) });
  const channel = { frequencyHz: 868_100_000, modulation: "SF7BW125" };
  const send = (receiver: DownlinkReceiver) => {
    const startsAt = timeline.now();
    const phyPayload = Uint8Array.of(1);
    const opensAt = startsAt + 1_050;
    air.sendUplink(
      { ...channel, phyPayload, startsAt, timeOnAirMs: 50 },
      [
        { ...channel, name: "rx1", opensAt },
        {
          frequencyHz: 869_525_000,
          modulation: "SF12BW125",
          name: "rx2",
          opensAt: opensAt + 1_000,
        },
      ],
      receiver,
    );
    return startsAt;
  };
  const answer = (startsAt: number, changes: Partial<RadioFrame> = {}) =>
    air.sendDownlink({
      ...channel,
      phyPayload: Uint8Array.of(2),
      startsAt,
      timeOnAirMs: 60,
      ...changes,
    });
  return { timeline, air, heard, send, answer };
}

const rx2 = { frequencyHz: 869_525_000, modulation: "SF12BW125" };

describe("a downlink reaches a device only in its windows", () => {
  const cases: [string, number, Partial<RadioFrame>, string[]][] = [
    ["in RX1", 1_050, {}, ["rx1"]],
    ["a little late", 1_069, {}, ["rx1"]],
    ["too late", 1_071, {}, []],
    ["too early", 1_029, {}, []],
    ["on another frequency", 1_050, { frequencyHz: 868_300_000 }, []],
    ["at another data rate", 1_050, { modulation: "SF8BW125" }, []],
    ["in RX2", 2_050, rx2, ["rx2"]],
    ["in RX2 as if it were RX1", 2_050, {}, []],
  ];
  for (const [name, delayMs, changes, expected] of cases) {
    test(name, () => {
      const { timeline, send, answer } = setUp();
      const receiver = new Receiver();
      const startsAt = send(receiver);
      answer(startsAt + delayMs, changes);
      timeline.advance(10_000);
      assert.deepEqual(receiver.heard, expected);
      assert.equal(receiver.closed, 1);
    });
  }

  test("a frame for the device closes RX2, another one does not", () => {
    for (const takes of [true, false]) {
      const { timeline, send, answer } = setUp();
      const receiver = new Receiver();
      receiver.takes = takes;
      const startsAt = send(receiver);
      answer(startsAt + 1_050);
      answer(startsAt + 2_050, rx2);
      timeline.advance(10_000);
      assert.deepEqual(receiver.heard, takes ? ["rx1"] : ["rx1", "rx2"]);
    }
  });

  test("a receiver busy with one frame hears no other", () => {
    const { timeline, send, answer } = setUp();
    const receiver = new Receiver();
    receiver.takes = false;
    const startsAt = send(receiver);
    answer(startsAt + 1_050, { timeOnAirMs: 1_500 });
    answer(startsAt + 2_050, rx2);
    timeline.advance(10_000);
    assert.deepEqual(receiver.heard, ["rx1"]);
  });
});

describe("faults", () => {
  const count = (settings: Partial<AirSettings>, seed?: number) => {
    const { timeline, heard, send, answer } = setUp(settings, seed);
    const receiver = new Receiver();
    for (let index = 0; index < 2_000; index++) {
      const startsAt = send(receiver);
      answer(startsAt + 1_050);
      timeline.advance(10_000);
    }
    return { up: heard.length, down: receiver.heard.length };
  };

  test("loss up and down are the shares that were set", () => {
    const { up, down } = count({ lossUp: 0.2, lossDown: 0.4 });
    assert.ok(Math.abs(up / 2_000 - 0.8) < 0.03, `${up} up`);
    assert.ok(Math.abs(down / 2_000 - 0.6) < 0.03, `${down} down`);
  });

  test("the same seed makes the same faults", () => {
    const settings = { lossUp: 0.3, lossDown: 0.3, duplicate: 0.3, delayMs: 50 };
    assert.deepEqual(count(settings, 5), count(settings, 5));
    assert.notDeepEqual(count(settings, 5), count(settings, 6));
  });

  test("a frame that is repeated comes again up, and in a later window down", () => {
    const { up, down } = count({ duplicate: 0.5 });
    assert.ok(Math.abs(up / 2_000 - 1.5) < 0.05, `${up} up`);
    // Repetitions come between the genuine frames, each of which takes its window.
    assert.ok(down >= 2_000, `${down} down`);
  });

  test("a late downlink misses its window and comes in a later one", () => {
    const { timeline, send, answer } = setUp({ delayMs: 5_000 });
    const receiver = new Receiver();
    const startsAt = send(receiver);
    answer(startsAt + 1_050);
    timeline.advance(20_000);
    assert.deepEqual(receiver.heard, []);
    for (let index = 0; index < 10; index++) {
      send(receiver);
      timeline.advance(20_000);
    }
    assert.equal(receiver.heard.length, 1);
  });

  test("a late uplink is forwarded late, and still says when it was on the air", () => {
    const { timeline, heard, send } = setUp({ delayMs: 500 });
    const startsAt = send(new Receiver());
    timeline.advance(49);
    assert.equal(heard.length, 0);
    timeline.advance(1_000);
    assert.equal(heard[0]?.startsAt, startsAt);
  });
});

test("a device reaches as many neighbouring gateways as it is set to, and they reach it", () => {
  const timeline = new ManualTimeline();
  const air = new Air(timeline, seededChance(1), { ...perfectAir, gatewaysInRange: 2 });
  const heardBy: number[] = [];
  const gateways = [0, 1, 2, 3].map((number) => ({ receive: () => heardBy.push(number) }));
  for (const gateway of gateways) air.addGateway(gateway);
  const channel = { frequencyHz: 868_100_000, modulation: "SF7BW125" };
  const hearing = (place: number) => {
    const receiver = Object.assign(new Receiver(), { place, takes: false });
    const startsAt = timeline.now();
    const frame = { ...channel, phyPayload: new Uint8Array(20), startsAt, timeOnAirMs: 50 };
    const opensAt = startsAt + 1_050;
    air.sendUplink(frame, [{ ...channel, name: "rx1", opensAt }], receiver);
    heardBy.length = 0;
    timeline.advance(100);
    return { receiver, downlink: { ...frame, startsAt: opensAt } };
  };
  hearing(4);
  assert.deepEqual(heardBy, [0, 1]);
  hearing(7);
  assert.deepEqual(heardBy, [0, 3]);
  for (const [from, isHeard] of [
    [1, false],
    [2, true],
    [3, true],
  ] as const) {
    const { receiver, downlink } = hearing(2);
    air.sendDownlink(downlink, gateways[from]);
    timeline.advance(5_000);
    assert.equal(receiver.heard.length, isHeard ? 1 : 0, `gateway ${from}`);
  }
});

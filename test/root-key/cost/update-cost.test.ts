import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { frameDurationMs } from "../../../src/lorawan/region/frame-duration.ts";
import { regionByName } from "../../../src/lorawan/region/regions.ts";
import { updateCost } from "../../../src/root-key/cost/update-cost.ts";
import { type UpdateFlow, updateExchanges } from "../../../src/root-key/cost/update-exchanges.ts";
import { updatesPerYear, YEAR_MS, yearlyCost } from "../../../src/root-key/cost/yearly-cost.ts";
import { splitIntoFragments } from "../../../src/root-key/fragments.ts";
import {
  ROOT_KEY_DOWNLINK_COMMANDS,
  ROOT_KEY_UPLINK_COMMANDS,
} from "../../../src/root-key/mac-commands.ts";
import { warrenError } from "../../support/warren-error.ts";

const eu868 = regionByName("EU868");
const us915 = regionByName("US915");
/** An application port always has FPort, as the frames of the values below. */
const plain: UpdateFlow = {
  region: eu868,
  dataRate: 5,
  isLorawan11: false,
  isHealing: false,
  carrier: "application-port",
};
/** EU868: DR0 is SF12. */
const dataRateOf = (spreadingFactor: number) => 12 - spreadingFactor;

function assertNear(actual: number, expected: number, tolerance: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual}, not ${expected}`);
}

/** Radio energy in mJ by spreading factor: 3.3 V, 45 mA, 4.6 mA, rounded to the digits given. */
const ENERGY = {
  "a plain update": { 7: 27.9, 9: 95, 10: 170, 12: 682 },
  "a join alone": { 7: 10.3, 9: 34, 10: 62, 12: 248 },
};

describe("the energy of an update", () => {
  for (const [spreadingFactor, expected] of Object.entries(ENERGY["a plain update"])) {
    it(`is ${expected} mJ at SF${spreadingFactor}`, () => {
      const dataRate = dataRateOf(Number(spreadingFactor));
      const { energyMj } = updateCost({ ...plain, dataRate });
      assertNear(energyMj, expected, expected < 30 ? 0.05 : 0.5, "update");
    });
  }

  it("is that of the join for more than a third", () => {
    for (const [spreadingFactor, expected] of Object.entries(ENERGY["a join alone"])) {
      const dataRate = dataRateOf(Number(spreadingFactor));
      const join = updateExchanges({ ...plain, dataRate }).at(-1);
      assert.deepEqual(
        [join?.uplink.phyPayloadLengthBytes, join?.downlink?.phyPayloadLengthBytes],
        [23, 33],
      );
      const modulation = `SF${spreadingFactor}BW125`;
      const mj =
        (3.3 *
          (45 * frameDurationMs(modulation, 23, "up") +
            4.6 * frameDurationMs(modulation, 33, "down"))) /
        1_000;
      assertNear(mj, expected, expected < 30 ? 0.06 : 0.5, `join at SF${spreadingFactor}`);
    }
  });

  it("of the healing kind is about that of a flow with messages of 43, 42 and 10 octets", () => {
    // Ours has 43, 43 and 7: an octet more on the uplink is up to five symbols.
    for (const [spreadingFactor, mj] of [
      [7, 35.6],
      [9, 119],
      [10, 217],
      [12, 845],
    ] as const) {
      const flow = { ...plain, dataRate: dataRateOf(spreadingFactor), isHealing: true };
      assertNear(updateCost(flow).energyMj, mj, mj * 0.03, `SF${spreadingFactor}`);
    }
  });
});

describe("the time on the air", () => {
  it("is as published for uplinks", () => {
    const published = {
      13: [46.3, 82.4, 164.9, 288.8, 577.5, 1155.1],
      17: [51.5, 92.7, 164.9, 329.7, 659.5, 1318.9],
      23: [61.7, 113.2, 205.8, 370.7, 823.3, 1482.8],
      24: [61.7, 113.2, 205.8, 370.7, 823.3, 1482.8],
      33: [71.9, 133.6, 246.8, 452.6, 987.1, 1810.4],
      55: [107.8, 195.1, 349.2, 657.4, 1396.7, 2465.8],
      64: [118.0, 215.6, 390.1, 698.4, 1560.6, 2793.5],
    };
    for (const [octets, durations] of Object.entries(published)) {
      durations.forEach((expected, index) => {
        const actual = frameDurationMs(`SF${7 + index}BW125`, Number(octets), "up");
        assertNear(actual, expected, 0.06, `${octets} octets at SF${7 + index}`);
      });
    }
  });
});

describe("the frames of an update", () => {
  const lengthsOf = (flow: UpdateFlow) =>
    updateExchanges(flow).map(({ uplink, downlink, count }) => [
      count,
      uplink.phyPayloadLengthBytes,
      downlink?.phyPayloadLengthBytes,
    ]);

  it("carry messages as long as the commands are", () => {
    const lengthOf = (commands: typeof ROOT_KEY_UPLINK_COMMANDS, cid: number) =>
      1 + (commands.find((command) => command.cid === cid)?.payloadLengthBytes ?? 0);
    const [request, proof] = updateExchanges(plain);
    assert.equal(
      request?.downlink?.phyPayloadLengthBytes,
      13 + lengthOf(ROOT_KEY_DOWNLINK_COMMANDS, 0x80),
    );
    assert.equal(
      proof?.uplink.phyPayloadLengthBytes,
      13 + lengthOf(ROOT_KEY_UPLINK_COMMANDS, 0x81),
    );
    assert.equal(
      proof?.downlink?.phyPayloadLengthBytes,
      13 + lengthOf(ROOT_KEY_DOWNLINK_COMMANDS, 0x81),
    );
    const [healing] = updateExchanges({ ...plain, isHealing: true });
    assert.equal(
      healing?.downlink?.phyPayloadLengthBytes,
      13 + lengthOf(ROOT_KEY_DOWNLINK_COMMANDS, 0x83),
    );
  });

  it("need no FPort as MAC commands in FOpts, and 1.1 confirms its session keys", () => {
    assert.deepEqual(lengthsOf({ ...plain, carrier: "mac-commands", isLorawan11: true }), [
      [1, 13, 23],
      [1, 23, 19],
      [1, 23, 33],
      [1, 14, 14],
    ]);
  });

  it("are fragments where the data rate takes no more, as with US915 up, not down", () => {
    const healing = { ...plain, region: us915, dataRate: 0, isHealing: true };
    const fragments = splitIntoFragments(Uint8Array.of(0x83, ...new Array(42).fill(0)));
    assert.deepEqual(
      [fragments.length, fragments[0]?.length],
      [5, 11],
      "what a carrier makes of the message",
    );
    assert.deepEqual(lengthsOf(healing), [
      [1, 13, 56],
      [4, 24, undefined],
      [1, 24, 20],
      [1, 23, 33],
    ]);
    const [request, , , join] = updateExchanges(healing);
    assert.deepEqual(
      [request?.downlink?.modulation, join?.uplink.modulation],
      ["SF10BW500", "SF10BW125"],
    );
  });

  it("join at a data rate that Join-requests have", () => {
    const joinOf = (flow: UpdateFlow) => updateExchanges(flow).at(-1)?.uplink.modulation;
    assert.equal(joinOf({ ...plain, dataRate: 7 }), "SF7BW125");
    assert.equal(joinOf({ ...plain, region: us915, dataRate: 3 }), "SF10BW125");
    assert.equal(joinOf({ ...plain, region: us915, dataRate: 4 }), "SF8BW500");
  });

  it("are not of a data rate that uplinks have not", () => {
    for (const dataRate of [-1, 8, 15]) {
      assert.throws(
        () => updateExchanges({ ...plain, region: us915, dataRate }),
        warrenError("value-out-of-range"),
      );
    }
  });
});

describe("an update with losses", () => {
  it("needs as many frames as a simulation of it", () => {
    const loss = 0.2;
    const random = seededRandom(1);
    const rounds = 40_000;
    let uplinks = 0;
    let downlinks = 0;
    for (let round = 0; round < rounds; round++) {
      for (const { downlink } of updateExchanges(plain)) {
        for (let isThrough = false; !isThrough; ) {
          uplinks++;
          const isHeard = random() >= loss;
          if (isHeard && downlink !== undefined) downlinks++;
          isThrough = isHeard && (downlink === undefined || random() >= loss);
        }
      }
    }
    const expected = updateCost(plain, { loss });
    assertNear(uplinks / rounds, expected.uplinks, 0.05, "uplinks");
    assertNear(downlinks / rounds, expected.downlinks, 0.05, "downlinks");
  });

  it("costs more with every loss", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 0.8, noNaN: true }),
        fc.integer({ min: 0, max: 7 }),
        fc.boolean(),
        (loss, dataRate, isHealing) => {
          const flow = { ...plain, dataRate, isHealing };
          const less = updateCost(flow, { loss });
          const more = updateCost(flow, { loss: loss + 0.1 });
          for (const member of Object.keys(less) as (keyof typeof less)[]) {
            assert.ok(more[member] > less[member], member);
          }
        },
      ),
    );
  });
});

describe("a year under a policy", () => {
  const never = { maxAgeMs: null, maxSessions: null, maxFrames: null, minimumPeriodMs: 0 };
  const use = { uplinksPerDay: 24, sessionsPerYear: 12 };
  const DAY_MS = YEAR_MS / 365;

  it("has an update for each time that a limit is reached first", () => {
    assert.equal(updatesPerYear(never, use), 0);
    assert.equal(updatesPerYear({ ...never, maxAgeMs: YEAR_MS / 4 }, use), 4);
    // The first of them is made by the join that ends an update.
    assert.equal(updatesPerYear({ ...never, maxSessions: 7 }, use), 2);
    assert.equal(updatesPerYear({ ...never, maxFrames: 240 }, use), 36.5);
    const all = { ...never, maxAgeMs: YEAR_MS, maxSessions: 7, maxFrames: 24 * 365 };
    assert.equal(updatesPerYear(all, use), 2);
    const idle = { uplinksPerDay: 0, sessionsPerYear: 0 };
    assert.equal(updatesPerYear({ ...never, maxFrames: 1, maxSessions: 2 }, idle), 0);
    const always = { ...never, maxSessions: 1, minimumPeriodMs: DAY_MS };
    assert.equal(updatesPerYear(always, idle), 365);
  });

  it("has none more than the minimum period allows", () => {
    const policy = { ...never, maxFrames: 1, minimumPeriodMs: DAY_MS };
    assert.equal(updatesPerYear(policy, use), 365);
  });

  it("takes 0.0024 % of a battery of 2400 mAh per update at SF12", () => {
    const year = yearlyCost(updateCost({ ...plain, dataRate: 0 }), 1);
    assertNear(year.batteryShare, 0.000024, 0.0000005, "share of the battery");
    // Monthly for ten years.
    assertNear(120 * year.batteryShare, 0.0029, 0.00005, "share in ten years");
    assertNear(year.dutyCycleShare, (1155.1 + 2 * 1482.8) / (0.01 * YEAR_MS), 1e-9, "duty cycle");
  });
});

/** Mulberry32; 0 to below 1. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

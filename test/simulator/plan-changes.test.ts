import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { eu868 } from "../../src/lorawan/region/eu868.ts";
import { type Agenda, emptyAgenda } from "../../src/simulator/device/agenda.ts";
import type { DeviceProfile } from "../../src/simulator/device/device-profile.ts";
import type { DeviceState } from "../../src/simulator/device/device-state.ts";
import { speakSoonForUpdate, uplinkSent } from "../../src/simulator/device/plan-changes.ts";

const NOW = 1_000_000;
const ports = {
  timeline: { now: () => NOW, at: () => () => undefined },
  chance: () => 0.5,
  region: eu868,
};

describe("after a data frame", () => {
  const sentAt = (uplinkAt: number, isOnRootKeyPort: boolean): Agenda => {
    const agenda = { ...emptyAgenda(), uplinkAt };
    const profile = { uplinkIntervalMs: 60_000 } as DeviceProfile;
    uplinkSent(agenda, ports, { profile, isOnRootKeyPort, outbox: [] });
    return agenda;
  };

  test("the next regular one is due an interval later", () => {
    assert.equal(sentAt(NOW, false).uplinkAt, NOW + 60_000);
    assert.equal(sentAt(NOW + 1, false).uplinkAt, NOW + 1, "it was not the regular one");
  });

  test("of the root key port the regular one that was due still is", () => {
    assert.equal(sentAt(NOW, true).uplinkAt, NOW);
  });
});

describe("while NewKeyReadyReq is not answered", () => {
  /** In how many milliseconds the device speaks up. */
  const waitsMs = (candidate: object, device: object = {}): number => {
    const agenda = emptyAgenda();
    const session = { portAnswers: [] };
    const update = { candidate: { isConfirmed: false, nextFragment: 0, ...candidate } };
    const state = { session, update, rootKeyCarrier: "mac", ...device };
    speakSoonForUpdate(agenda, state as unknown as DeviceState, ports);
    return agenda.soonAt - NOW;
  };

  test("the device speaks up at once, then after 4, 8 and 16 seconds, then no more by itself", () => {
    assert.equal(waitsMs({ timesSent: 0 }), 1_800);
    const repeats = [1, 2, 3, 4].map((timesSent) => waitsMs({ timesSent }));
    assert.deepEqual(repeats, [4_000, 8_000, 16_000, Number.POSITIVE_INFINITY]);
  });

  test("the fragments of one sending follow each other at once", () => {
    for (const timesSent of [0, 1, 5]) {
      assert.equal(waitsMs({ timesSent, nextFragment: 2 }), 1_800);
    }
  });

  test("nobody speaks up once it is answered, or out of a session", () => {
    assert.equal(waitsMs({ timesSent: 0, isConfirmed: true }), Number.POSITIVE_INFINITY);
    assert.equal(waitsMs({ timesSent: 0 }, { session: null }), Number.POSITIVE_INFINITY);
  });

  test("an answer that waits for the root key port goes at once", () => {
    const session = { portAnswers: [Uint8Array.of(0x80)] };
    const device = { session, rootKeyCarrier: "port" };
    assert.equal(waitsMs({ isConfirmed: true }, device), 1_800);
  });
});

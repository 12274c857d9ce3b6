import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DeviceActivity } from "../../../src/join-server/overview/device-activity.ts";
import { RecentDevices } from "../../../src/join-server/overview/recent-devices.ts";
import type { EventKind, JoinServerEvent } from "../../../src/join-server/ports/events.ts";
import type { Eui64 } from "../../../src/lorawan/identifiers.ts";

const eui = (index: number) => index.toString(16).padStart(16, "0") as Eui64;
const DEVICE = eui(0xa);

/** Events a millisecond apart. */
class Happening {
  readonly activity = new DeviceActivity(0);
  #at = 0;

  tell(kind: EventKind, devEui: Eui64, reason?: string): void {
    this.activity.receive({ kind, at: ++this.#at, devEui, reason });
  }

  kindsOf(devEui: Eui64): string[] {
    return this.activity
      .eventsOf(devEui)
      .map(({ kind, reason }) => (reason === undefined ? kind : `${kind} ${reason}`));
  }
}

describe("DeviceActivity", () => {
  it("has the events of a device, newest first", () => {
    const happening = new Happening();
    happening.tell("join-refused", DEVICE, "device-unknown");
    happening.tell("device-created", DEVICE);
    happening.tell("join-refused", DEVICE, "sender-unknown");
    happening.tell("join-accepted", DEVICE);
    happening.tell("join-accepted", eui(0xb));
    happening.activity.receive({ kind: "devices-imported", at: 9, count: 3 });
    assert.deepEqual(happening.kindsOf(DEVICE), [
      "join-accepted",
      "join-refused sender-unknown",
      "device-created",
      "join-refused device-unknown",
    ]);
    assert.deepEqual(happening.kindsOf(eui(0xc)), []);
  });

  it("keeps what a device did apart from refusals, of which anybody can cause any number", () => {
    const happening = new Happening();
    happening.tell("join-accepted", DEVICE);
    for (let i = 0; i < 1_000; i++) happening.tell("join-refused", DEVICE, "mic-mismatch");
    const kinds = happening.kindsOf(DEVICE);
    assert.equal(kinds.length, 21);
    assert.equal(kinds.at(-1), "join-accepted");
    for (let i = 0; i < 100; i++) happening.tell("join-accepted", DEVICE);
    assert.equal(happening.kindsOf(DEVICE).length, 50);
  });

  it("does not forget a known device for any number of unknown ones", () => {
    const happening = new Happening();
    happening.tell("join-accepted", DEVICE);
    happening.tell("join-refused", eui(0xb), "mic-mismatch");
    happening.tell("join-refused", eui(0xc), "device-unknown");
    for (let i = 0; i < 50_000; i++) {
      happening.tell("join-refused", eui(0x1000 + i), i % 2 ? "device-unknown" : "sender-unknown");
    }
    assert.deepEqual(happening.kindsOf(DEVICE), ["join-accepted"]);
    assert.deepEqual(happening.kindsOf(eui(0xb)), ["join-refused mic-mismatch"]);
    assert.deepEqual(happening.kindsOf(eui(0xc)), []);
    assert.equal(happening.kindsOf(eui(0x1000 + 49_999)).length, 1);
  });
});

describe("RecentDevices", () => {
  const event = (devEui: Eui64): JoinServerEvent => ({ kind: "join-accepted", at: 0, devEui });

  it("keeps those touched last, and bounded numbers of devices and events", () => {
    const recent = new RecentDevices({ devices: 100, events: 400 });
    const add = (devEui: Eui64) => recent.add(devEui, "events", event(devEui), 30);
    for (let i = 0; i < 1_000; i++) {
      add(eui(1));
      add(eui(1_000 + i));
    }
    const kept = Array.from({ length: 1_000 }, (_, i) => recent.find(eui(1_000 + i))).filter(
      (found) => found !== undefined,
    );
    assert.ok(kept.length >= 49 && kept.length <= 100, String(kept.length));
    assert.equal(recent.find(eui(1))?.events.length, 30);
    assert.notEqual(recent.find(eui(1_999)), undefined);
    for (let i = 0; i < 100; i++) for (let n = 0; n < 30; n++) add(eui(i));
    const events = Array.from({ length: 2_000 }, (_, i) => recent.find(eui(i))?.events.length ?? 0);
    const sum = events.reduce((total, count) => total + count, 0);
    assert.ok(sum >= 200 && sum <= 460, String(sum));
  });
});

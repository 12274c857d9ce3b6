import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { systemRandomBytes } from "../../src/crypto/random.ts";
import { us915 } from "../../src/lorawan/region/us915.ts";
import type { DeviceState } from "../../src/simulator/device/device-state.ts";
import { receiveRootKeyCommand } from "../../src/simulator/device/update/receive-root-key-command.ts";
import { SqliteSimulatorStore } from "../../src/storage/simulator/sqlite-simulator-store.ts";
import { type BenchOptions, DeviceBench } from "./support/device-bench.ts";
import { assertSwitched, UpdateBench } from "./support/update-bench.ts";

function joined(options: BenchOptions = {}): UpdateBench {
  const update = new UpdateBench(new DeviceBench(options));
  update.until(() => (update.device.state.session?.fCntUp ?? 0) > 0);
  return update;
}

function sqliteStore(context: TestContext): SqliteSimulatorStore {
  const folder = mkdtempSync(join(tmpdir(), "warren-simulator-"));
  const store = new SqliteSimulatorStore(join(folder, "simulator.sqlite"));
  context.after(() => {
    store.close();
    rmSync(folder, { recursive: true });
  });
  return store;
}

/** US915 at its slowest: 11 octets a frame. */
function atSlowest(update: UpdateBench): void {
  const { session } = update.device.state;
  assert.ok(session);
  Object.assign(session.radio, { dataRate: 0 });
}

describe("an update on each carrier", () => {
  for (const macVersion of ["1.0.3", "1.1.0"] as const) {
    for (const carrier of ["mac", "port"] as const) {
      for (const isHealing of [false, true]) {
        test(`${macVersion}, ${carrier}, ${isHealing ? "healing" : "plain"}`, () => {
          const update = joined({ macVersion });
          update.carrier = carrier;
          update.start(1, isHealing);
          update.until(() => update.device.state.generation === 1);
          assertSwitched(update);
          const lengthBytes = isHealing ? 43 : 11;
          const place = carrier === "port" ? "port" : isHealing ? "FPort 0" : "FOpts";
          assert.deepEqual(
            update.seen.map(({ octets, place }) => [octets.length, place]),
            [[lengthBytes, place]],
            "answered on the carrier that the request came by, in one frame",
          );
          assert.equal(update.device.state.rootKeyCarrier, carrier);
        });
      }
    }
  }

  test("another port is an application's", () => {
    const update = joined({ profile: { rootKeyFPort: 77 } });
    update.carrier = "port";
    update.start();
    update.until(() => update.device.state.generation === 1);
    assert.equal(update.device.recorder.payloads.length, 0, "not given to the application");
    const other = new UpdateBench(new DeviceBench({ profile: { rootKeyFPort: 77 } }));
    Object.assign(other, { rootKeyFPort: 199, carrier: "port" });
    other.until(() => other.device.state.session !== null);
    other.start();
    other.bench.timeline.advance(600_000);
    assert.equal(other.device.state.update?.candidate, undefined);
    assert.ok(other.device.recorder.payloads.some(({ fPort }) => fPort === 199));
  });

  test("the newest request decides the carrier", () => {
    const update = joined();
    update.carrier = "port";
    update.losesAnswers = true;
    update.start();
    update.until(() => update.seen.length === 1);
    update.carrier = "mac";
    update.start();
    update.until(() => update.device.state.update?.lastUpdateId === 2);
    update.losesAnswers = false;
    update.until(() => update.device.state.generation === 1);
    assert.deepEqual(update.seen.map(({ carrier }) => carrier).slice(-1), ["mac"]);
    assertSwitched(update);
  });
});

describe("a device that knows no healing", () => {
  for (const carrier of ["mac", "port"] as const) {
    for (const roomBytes of [242, 11]) {
      test(`refuses (${carrier}, ${roomBytes} octets)`, () => {
        const update = joined({ profile: { supportsHealing: false, uplinkIntervalMs: 10_000 } });
        Object.assign(update, { carrier, roomBytes });
        update.start(1, true);
        update.until(() => update.state.update?.status === "failed");
        assert.equal(update.state.update?.reason, "suite-not-supported");
        assert.deepEqual(
          update.seen.map((command) => [command.octets.length, command.carrier]),
          [[4, carrier]],
        );
        assert.equal(update.device.state.session?.portAnswers.length, 0);
        assert.ok(update.bench.events().includes("root-key-update-ans-sent"));
      });
    }
  }
});

describe("a healing update in fragments", () => {
  for (const carrier of ["mac", "port"] as const) {
    test(`both ways, at eleven octets a frame (${carrier})`, () => {
      const update = joined({
        region: us915,
        macVersion: "1.0.3",
        profile: { uplinkIntervalMs: 20_000 },
      });
      atSlowest(update);
      Object.assign(update, { carrier, roomBytes: 11 });
      update.start(2, true);
      update.until(() => update.device.state.generation === 1);
      assertSwitched(update);
      assert.deepEqual(
        update.seen.map(({ octets }) => [octets[0], (octets[1] as number) & 0x0f]),
        [0, 1, 2, 3, 4].map((index) => [0x82, index]),
      );
      const places = new Set(update.seen.map(({ place }) => place));
      assert.deepEqual([...places], [carrier === "port" ? "port" : "FOpts"]);
    });
  }

  test("a request in fragments is taken up where it was after a restart", (context) => {
    const update = joined({ store: sqliteStore(context), profile: { uplinkIntervalMs: 10_000 } });
    update.roomBytes = 11;
    update.start(1, true);
    update.until(() => update.device.state.update?.fragments !== undefined);
    update.bench.timeline.advance(1_500);
    const collected = update.device.state.update?.fragments;
    update.bench.restart();
    assert.deepEqual(update.device.state.update?.fragments, collected);
    update.until(() => update.device.state.generation === 1);
    assertSwitched(update);
  });
});

describe("application data beside the root key port", () => {
  test("waits its turn and is not lost", () => {
    const update = joined({ profile: { uplinkIntervalMs: 3_600_000 } });
    update.carrier = "port";
    update.start();
    update.device.queueUplink({ uplinkId: "a", fPort: 5, payload: "aa", isConfirmed: true });
    update.losesAnswers = true;
    update.until(() => update.device.state.update?.candidate !== undefined);
    update.uplinks.length = 0;
    for (const payload of ["b1", "b2", "b3"]) {
      update.device.queueUplink({ uplinkId: payload, fPort: 5, payload, isConfirmed: true });
    }
    update.until(() => update.device.state.outbox.length === 0);
    update.bench.timeline.advance(3_000);
    const ports = update.uplinks.map(({ fPort, isConfirmed }) => [fPort, isConfirmed]);
    assert.deepEqual(ports[0], [199, false], "unconfirmed, and first");
    assert.deepEqual(
      update.uplinks.filter(({ fPort }) => fPort === 5).map(({ payload }) => payload[0]),
      [0xb1, 0xb2, 0xb3],
    );
    assert.ok(update.seen.length >= 2, "repeated in between");
  });

  test("a reading that was due goes out after it", () => {
    const update = joined({ profile: { uplinkIntervalMs: 60_000 } });
    update.carrier = "port";
    update.start();
    update.losesAnswers = true;
    update.until(() => (update.device.state.update?.candidate?.timesSent ?? 0) >= 5);
    update.uplinks.length = 0;
    update.bench.timeline.advance(60 * 60_000);
    const readings = update.uplinks.filter(({ fPort }) => fPort === 1).length;
    assert.ok(readings >= 54, `${readings} readings in an hour`);
    update.bench.timeline.advance(180 * 60_000);
    assert.equal(update.device.state.update?.candidate?.timesSent, 8, "and no more after eight");
  });
});

test("on the port only the answer to the newest request waits", () => {
  const update = joined({ profile: { supportsHealing: false, uplinkIntervalMs: 3_600_000 } });
  const receive = (state: DeviceState): DeviceState => {
    update.start(1, true);
    const options = { random: systemRandomBytes, supportsHealing: false, carrier: "port" } as const;
    return receiveRootKeyCommand(state, update.request ?? Uint8Array.of(), options).state;
  };
  const answered = receive(receive(update.device.state));
  assert.deepEqual(answered.session?.portAnswers, [Uint8Array.of(0x80, 2, 0, 1)]);
});

test("the carrier and a waiting answer outlive a restart", (context) => {
  const update = joined({
    store: sqliteStore(context),
    profile: { supportsHealing: false, uplinkIntervalMs: 3_600_000 },
  });
  update.carrier = "port";
  update.start(1, true);
  update.device.queueUplink({ uplinkId: "a", fPort: 5, payload: "aa", isConfirmed: false });
  update.until(() => (update.device.state.session?.portAnswers.length ?? 0) > 0);
  update.bench.restart();
  assert.equal(update.device.state.rootKeyCarrier, "port");
  assert.equal(update.device.state.session?.portAnswers.length, 1);
  update.until(() => update.seen.length > 0);
  assert.equal(update.seen[0]?.carrier, "port");
  assert.ok(update.bench.events().includes("root-key-update-ans-sent"));
});

describe("on an air that loses, delays and repeats frames", () => {
  for (const carrier of ["mac", "port"] as const) {
    test(`healing updates end, by ${carrier}, in fragments`, () => {
      for (let seed = 1; seed <= 4; seed++) {
        const air = { lossUp: 0.2, lossDown: 0.2, delayMs: 100, duplicate: 0.4 };
        const update = joined({ air, seed });
        Object.assign(update, { carrier, roomBytes: 11 });
        for (let count = 0; count < 3; count++) {
          update.start(1, true);
          update.bench.timeline.advance(2 * 3_600_000);
          if (count % 2 === 0) update.bench.restart();
        }
        assert.ok(update.state.generation >= 1, `seed ${seed}: no update went through`);
      }
    });
  }
});

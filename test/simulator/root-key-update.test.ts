import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import type { MacVersion } from "../../src/lorawan/mac-version.ts";
import { equalRootKeys } from "../../src/root-key/root-keys.ts";
import { ALL_SUITES } from "../../src/root-key/suite.ts";
import { SqliteSimulatorStore } from "../../src/storage/simulator/sqlite-simulator-store.ts";
import { formatState } from "../../src/storage/simulator/state-json.ts";
import { DeviceBench } from "./support/device-bench.ts";
import { assertSwitched, UpdateBench } from "./support/update-bench.ts";

function sqliteBench(context: TestContext, macVersion: MacVersion) {
  const folder = mkdtempSync(join(tmpdir(), "warren-simulator-"));
  const path = join(folder, "simulator.sqlite");
  const store = new SqliteSimulatorStore(path);
  const bench = new UpdateBench(new DeviceBench({ macVersion, store }));
  context.after(() => {
    store.close();
    rmSync(folder, { recursive: true });
  });
  return bench;
}

describe("a root key update", () => {
  for (const macVersion of ["1.0.2", "1.0.3", "1.0.4", "1.1.0"] as const) {
    for (const suite of macVersion === "1.1.0" ? ALL_SUITES : ([1] as const)) {
      test(`goes through (${macVersion}, suite ${suite})`, () => {
        const update = new UpdateBench(new DeviceBench({ macVersion }));
        update.until(() => update.device.state.session !== null);
        const nonce = update.device.state.devNonces.last;
        update.start(suite);
        update.until(() => update.state.generation === 1 && update.device.state.generation === 1);
        assertSwitched(update);
        assert.ok(macVersion < "1.0.4" || update.device.state.devNonces.last > nonce);
        const events = update.bench.events();
        for (const event of [
          "root-key-update-accepted",
          "new-key-ready-req-sent",
          "root-keys-confirmed",
          "root-keys-switched",
        ]) {
          assert.ok(events.includes(event), event);
        }
      });
    }
  }

  test("the answer to a request goes up within seconds", () => {
    const update = new UpdateBench(new DeviceBench({ profile: { uplinkIntervalMs: 3_600_000 } }));
    update.until(() => update.device.state.session !== null);
    update.start();
    update.until(() => update.device.state.update?.candidate !== undefined);
    const at = update.bench.timeline.now();
    update.until(() => update.state.update?.status === "confirmed");
    assert.ok(update.bench.timeline.now() - at < 5_000);
    update.until(() => update.device.state.generation === 1);
    assert.ok(update.bench.timeline.now() - at < 30_000);
  });

  test("the ready message is repeated with back-off until it is answered", () => {
    const update = new UpdateBench(new DeviceBench());
    update.until(() => update.device.state.session !== null);
    update.start();
    update.losesAnswers = true;
    update.until(() => (update.device.state.update?.candidate?.timesSent ?? 0) >= 4);
    update.losesAnswers = false;
    update.until(() => update.device.state.generation === 1);
    assertSwitched(update);
  });

  test("the ready message is repeated within a minute when nothing at all is heard", () => {
    const update = new UpdateBench(new DeviceBench({ profile: { uplinkIntervalMs: 3_600_000 } }));
    update.until(() => update.device.state.session !== null);
    update.start();
    update.until(() => update.device.state.update?.candidate !== undefined);
    update.bench.onUplink = () => undefined;
    update.bench.timeline.advance(60_000);
    assert.equal(update.device.state.update?.candidate?.timesSent, 3);
  });

  test("joins alternate, and rejoins under the kept candidate, when accepts are lost", () => {
    const update = new UpdateBench(new DeviceBench());
    update.until(() => update.device.state.session !== null);
    update.start();
    update.losesAccepts = true;
    update.requestsUnder.length = 0;
    update.until(() => update.requestsUnder.length >= 6);
    assert.deepEqual(update.requestsUnder, [
      "candidate",
      "candidate",
      "current",
      "candidate",
      "candidate",
      "current",
    ]);
  });

  test("a forged request is ignored in silence", () => {
    const update = new UpdateBench(new DeviceBench());
    update.until(() => update.device.state.session !== null);
    update.start();
    update.request = update.request?.with(-1, 0) ?? new Uint8Array();
    update.request[9] = (update.request[9] ?? 0) ^ 1;
    update.bench.timeline.advance(300_000);
    assert.equal(update.device.state.update?.candidate, undefined);
    assert.ok(update.bench.events().includes("root-key-command-ignored"));
  });
});

describe("on an air that loses, delays and repeats frames", () => {
  for (const macVersion of ["1.0.3", "1.1.0"] as const) {
    test(`the device is never lost, and every update ends (${macVersion})`, () => {
      for (let seed = 1; seed <= 8; seed++) {
        const air = { lossUp: 0.2, lossDown: 0.2, delayMs: 100, duplicate: 0.4 };
        const update = new UpdateBench(new DeviceBench({ macVersion, air, seed }));
        update.until(() => update.device.state.session !== null);
        for (let count = 0; count < 4; count++) {
          update.start();
          update.bench.timeline.advance(2 * 3_600_000);
          if (count % 2 === 0) update.bench.restart();
          const { currentKeys, candidate } = update.device.state.update ?? {};
          assert.ok(currentKeys);
          const isKnown =
            equalRootKeys(update.state.currentKeys, currentKeys) ||
            (candidate && equalRootKeys(update.state.currentKeys, candidate.keys));
          assert.ok(isKnown, `seed ${seed}: the Join Server has keys the device has not`);
        }
        assert.ok(update.state.generation >= 1, `seed ${seed}: no update went through`);
      }
    });
  }
});

describe("a restart in the middle of an update, with the store opened again", () => {
  const moments: Record<string, (update: UpdateBench) => boolean> = {
    "after the request": ({ device }) => device.state.update?.candidate !== undefined,
    "after the ready message": ({ device }) => (device.state.update?.candidate?.timesSent ?? 0) > 0,
    "after the confirmation": ({ device }) => device.state.update?.candidate?.isConfirmed === true,
    "after the first join under the candidate": ({ requestsUnder }) =>
      requestsUnder.includes("candidate"),
    "after the switch": ({ device }) => device.state.generation === 1,
  };
  for (const [name, isThere] of Object.entries(moments)) {
    for (const macVersion of ["1.0.3", "1.1.0"] as const) {
      test(`${name} (${macVersion})`, (context) => {
        const update = sqliteBench(context, macVersion);
        update.until(() => update.device.state.session !== null);
        update.start();
        update.until(() => isThere(update));
        const before = update.device.state;
        update.bench.restart();
        assert.equal(formatState(update.device.state), formatState(before));
        update.until(() => update.device.state.generation === 1);
        assertSwitched(update);
        update.until(() => update.device.recorder.counters.downlinks > 1);
      });
    }
  }
});

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, test } from "node:test";
import { SqliteSimulatorStore } from "../../../src/storage/simulator/sqlite-simulator-store.ts";
import { DeviceBench } from "../../simulator/support/device-bench.ts";
import { keysAsHex } from "../../support/keys-as-hex.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

describe("the memory of a device", () => {
  for (const macVersion of ["1.0.3", "1.1.0"] as const) {
    test(`is the same when it is read again (${macVersion})`, () => {
      const path = join(temporaryFolder(), "simulator.sqlite");
      const store = new SqliteSimulatorStore(path);
      const bench = new DeviceBench({ macVersion, store });
      bench.join();
      bench.device.queueUplink({ uplinkId: "a", fPort: 3, payload: "00ff", isConfirmed: true });
      const { profile, state } = bench.device;
      bench.device.stop();
      store.close();
      const again = new SqliteSimulatorStore(path);
      const [stored] = again.loadDevices();
      assert.deepEqual(stored?.profile, profile);
      assert.deepEqual(keysAsHex(stored?.state.session), keysAsHex(state.session));
      assert.deepEqual(
        keysAsHex(stored?.state.update?.currentKeys),
        keysAsHex(state.update?.currentKeys),
      );
      assert.deepEqual(stored?.state.outbox, state.outbox);
      again.close();
      assert.equal(statSync(path).mode & 0o077, 0);
    });
  }

  test("of an earlier version goes on as MAC carrier, with healing and the default port", () => {
    const path = join(temporaryFolder(), "simulator.sqlite");
    const store = new SqliteSimulatorStore(path);
    const bench = new DeviceBench({ store });
    bench.join();
    bench.device.stop();
    store.close();
    const database = new DatabaseSync(path);
    const row = database.prepare("SELECT profile, state FROM device").get();
    const profile = JSON.parse(String(row?.["profile"]));
    const state = JSON.parse(String(row?.["state"]));
    const { rootKeyFPort, supportsHealing, ...oldProfile } = profile;
    const { rootKeyCarrier, ...oldState } = state;
    delete oldState.session.portAnswers;
    oldState.update.candidate = { updateId: 1, timesSent: 2 };
    database
      .prepare("UPDATE device SET profile = ?, state = ?")
      .run(JSON.stringify(oldProfile), JSON.stringify(oldState));
    database.close();
    const again = new SqliteSimulatorStore(path);
    const [stored] = again.loadDevices();
    again.close();
    assert.deepEqual(
      [rootKeyFPort, supportsHealing, rootKeyCarrier],
      [stored?.profile.rootKeyFPort, stored?.profile.supportsHealing, stored?.state.rootKeyCarrier],
    );
    assert.deepEqual(stored?.state.session?.portAnswers, []);
    assert.equal(stored?.state.update?.candidate?.nextFragment, 0);
  });

  test("is kept together with those of others, or not at all", () => {
    const path = join(temporaryFolder(), "simulator.sqlite");
    const store = new SqliteSimulatorStore(path);
    const reader = new SqliteSimulatorStore(path);
    const { profile, state } = new DeviceBench({ store }).device;
    const save = (rjCount1: number) => store.saveState(profile, { ...state, rjCount1 });
    const stored = () => reader.loadDevices()[0]?.state.rjCount1;
    store.together(() => {
      save(5);
      store.together(() => save(6));
      assert.equal(stored(), 1, "not before the end");
    });
    assert.equal(stored(), 6);
    assert.throws(() =>
      store.together(() => {
        save(7);
        throw new Error("a defect");
      }),
    );
    assert.equal(stored(), 6);
    save(8);
    assert.equal(stored(), 8);
    store.close();
    reader.close();
  });

  test("survives kill -9 right after a write", () => {
    const path = join(temporaryFolder(), "simulator.sqlite");
    const bench = join(import.meta.dirname, "../../simulator/support/device-bench.ts");
    const module = join(
      import.meta.dirname,
      "../../../src/storage/simulator/sqlite-simulator-store.ts",
    );
    const script = `
      import { SqliteSimulatorStore } from ${JSON.stringify(module)};
import { DeviceBench } from ${JSON.stringify(bench)};
      const bench = new DeviceBench({ store: new SqliteSimulatorStore(${JSON.stringify(path)}) });
      for (let index = 0; index < 3; index++) bench.nextFrame();
      process.kill(process.pid, "SIGKILL");`;
    const child = spawnSync(process.execPath, ["--input-type=module-typescript", "-e", script]);
    assert.equal(child.signal, "SIGKILL", child.stderr.toString());
    const store = new SqliteSimulatorStore(path);
    assert.equal(store.loadDevices()[0]?.state.devNonces.last, 3);
    store.close();
  });
});

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { WarrenError } from "../../src/errors.ts";
import { sealedVersion } from "../../src/join-server/ports/vault.ts";
import { masterKeyPlaces } from "../../src/vault/master-key-places.ts";
import { openVault } from "../../src/vault/open-vault.ts";
import {
  beginRotation,
  finishRotation,
  pendingRotation,
  prepareMasterKey,
  type RotationContext,
  type SweepObserver,
} from "../../src/vault/rotation.ts";
import type { VaultSettings } from "../../src/vault/vault-settings.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { warrenError } from "../support/warren-error.ts";
import { MemoryDatabase } from "./support/memory-database.ts";
import { SoftHsm, softHsmMissing } from "./support/soft-hsm.ts";

const now = () => Date.parse("2026-01-01T00:00:00Z");
const newFile = () => ({ kind: "file", path: join(temporaryFolder(), "data", "keys") }) as const;
const toTheEnd: SweepObserver = { signal: new AbortController().signal, onProgress() {} };
/** More than two calls of the sweep. */
const VALUES = 2_500;

/** A process that rotates, opened anew on the database. */
async function rotator(
  settings: VaultSettings,
  database: MemoryDatabase,
): Promise<RotationContext> {
  const vault = await openVault(settings, database, { now });
  return {
    places: masterKeyPlaces(settings, now),
    store: database.openedWith(vault),
    vault,
    now,
    actor: "cli",
  };
}

/** As the command: goes on with a rotation that was begun, or begins one. */
async function rotate(context: RotationContext, observer = toTheEnd): Promise<boolean> {
  const pending = await pendingRotation(context.store, context.places);
  return finishRotation(context, pending ?? (await beginRotation(context)), observer);
}

async function filledDatabase(settings: VaultSettings, count = 50): Promise<MemoryDatabase> {
  const database = new MemoryDatabase();
  const vault = await openVault(settings, database, { now });
  for (let n = 0; n < count; n++) {
    database.values.push(vault.seal(Uint8Array.of(n >> 8, n & 0xff), `value/${n}`));
  }
  return database;
}

async function assertAllUnder(settings: VaultSettings, database: MemoryDatabase, version: number) {
  assert.deepEqual(
    database.records.map((record) => record.version),
    [version],
  );
  const { current } = masterKeyPlaces(settings, now);
  assert.deepEqual(await current.listVersions(), [version]);
  const vault = await openVault(settings, database, { now });
  for (const [n, value] of database.values.entries()) {
    assert.equal(sealedVersion(value), version);
    assert.deepEqual([...vault.open(value, `value/${n}`)], [n >> 8, n & 0xff]);
  }
}

describe("a rotation", () => {
  it("seals every value anew and destroys the keys before", async () => {
    const settings = newFile();
    const database = await filledDatabase(settings, VALUES);
    const progress: [number, number][] = [];
    const observer = {
      ...toTheEnd,
      onProgress: (...step: [number, number]) => progress.push(step),
    };
    assert.equal(await rotate(await rotator(settings, database), observer), true);
    await assertAllUnder(settings, database, 2);
    assert.equal(await database.leastSealingVersion(), 2);
    assert.deepEqual(
      progress.map(([done]) => done),
      [0, 1000, 2000, 2500, 2500],
    );
    assert.ok(progress.every(([, total]) => total === VALUES));
    assert.deepEqual(
      database.audit.map(({ actor, action, subject }) => `${actor} ${action} ${subject}`),
      [
        "system vault.create 1",
        "cli vault.rotate 2",
        "cli vault.require-key 2",
        "cli vault.destroy-key 1",
      ],
    );
    assert.equal(await rotate(await rotator(settings, database)), true);
    await assertAllUnder(settings, database, 3);
  });

  it("goes on where it was, wherever it ended", async () => {
    // Every call of the database and of the key file fails in turn, before and after its work.
    const steps = [
      "insertDataKey",
      "raiseLeastSealingVersion",
      "resealSome",
      "deleteDataKey",
    ] as const;
    for (const step of [...steps, "createMasterKey", "destroyMasterKeys"] as const) {
      for (const when of ["before", "after"]) {
        const settings = newFile();
        const database = await filledDatabase(settings);
        const context = await rotator(settings, database);
        const target = (step in context.places.current
          ? context.places.current
          : context.store) as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
        const real = target[step]?.bind(target);
        assert.ok(real);
        target[step] = async (...args) => {
          if (when === "after") await real(...args);
          throw new Error("killed");
        };
        await assert.rejects(rotate(context), /killed/, `${when} ${step}`);
        assert.equal(await rotate(await rotator(settings, database)), true);
        // After its last step nothing is left to go on with.
        const isDone = step === "destroyMasterKeys" && when === "after";
        await assertAllUnder(settings, database, isDone ? 3 : 2);
      }
    }
  });

  it("stops between two calls of the sweep when it is told to", async () => {
    const settings = newFile();
    const database = await filledDatabase(settings, VALUES);
    const stop = new AbortController();
    const observer = {
      signal: stop.signal,
      onProgress: (done: number) => done >= 1000 && stop.abort(),
    };
    const context = await rotator(settings, database);
    assert.equal(await rotate(context, observer), false);
    assert.equal(await context.store.countSealedBefore(2), VALUES - 1000);
    const again = await rotator(settings, database);
    assert.equal(await pendingRotation(again.store, again.places), 2);
    assert.equal(await rotate(again), true);
    await assertAllUnder(settings, database, 2);
  });

  it("destroys no key while the database has a value under it", async () => {
    const settings = newFile();
    const database = await filledDatabase(settings);
    const context = await rotator(settings, database);
    context.store.resealSome = () => Promise.resolve(0);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 250);
    const observer = { signal: stop.signal, onProgress() {} };
    assert.equal(await rotate(context, observer), false);
    assert.deepEqual(
      database.records.map(({ version }) => version),
      [1, 2],
    );
  });

  it("uses the master key that was prepared", async () => {
    const settings = newFile();
    const database = await filledDatabase(settings);
    const context = await rotator(settings, database);
    assert.deepEqual(await prepareMasterKey(context), { version: 2, isNew: true });
    assert.deepEqual(await prepareMasterKey(context), { version: 2, isNew: false });
    assert.equal(await pendingRotation(context.store, context.places), undefined);
    assert.equal((await openVault(settings, database, { now })).sealingVersion, 1);
    assert.equal(await rotate(context), true);
    await assertAllUnder(settings, database, 2);
  });

  it("takes its own new master key back when another machine was faster with another", async () => {
    const [here, there] = [newFile(), newFile()];
    const database = await filledDatabase(here);
    // The other machine has a copy of the first key file.
    const { cpSync, mkdirSync } = await import("node:fs");
    mkdirSync(join(there.path, ".."), { mode: 0o700 });
    cpSync(here.path, there.path);
    const [first, second] = [await rotator(here, database), await rotator(there, database)];
    const insert = database.insertDataKey.bind(database);
    database.insertDataKey = async (record, audit) => {
      database.insertDataKey = insert;
      await beginRotation(second);
      return insert(record, audit);
    };
    await assert.rejects(beginRotation(first), warrenError("master-key-wrong"));
    assert.deepEqual(await first.places.current.listVersions(), [1]);
    await assert.rejects(openVault(here, database, { now }), (error) => {
      assert.ok(error instanceof WarrenError && error.code === "master-key-missing");
      return /put the newest key file/.test(error.message);
    });
    cpSync(there.path, here.path);
    assert.equal(await rotate(await rotator(here, database)), true);
    await assertAllUnder(here, database, 2);
  });

  it("brings keys from a file to a token", { skip: softHsmMissing() }, async () => {
    const file = newFile();
    const token = new SoftHsm().settings;
    const database = await filledDatabase(file);
    assert.equal(await rotate(await rotator({ ...token, previous: file }, database)), true);
    await assertAllUnder(token, database, 2);
    assert.equal(database.records[0]?.vault, "pkcs11");
    assert.ok(!existsSync(file.path));
  });
});

import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import type { Device } from "../../../../src/join-server/device.ts";
import { openBackup } from "../../../../src/storage/join-server/backup/open-backup.ts";
import { openTables } from "../../../../src/storage/join-server/backup/open-tables.ts";
import {
  type RestoreReport,
  restoreBackup,
} from "../../../../src/storage/join-server/backup/restore-backup.ts";
import { writeBackup } from "../../../../src/storage/join-server/backup/write-backup.ts";
import {
  openJoinServerStorage,
  type StorageSettings,
} from "../../../../src/storage/join-server/open-storage.ts";
import { JOIN_SERVER_MIGRATIONS } from "../../../../src/storage/join-server/sqlite/schema.ts";
import { POSTGRES_SKIP, usePostgres } from "../../../support/postgres.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { testVault } from "../../../support/test-vault.ts";
import {
  anyDevice,
  assertSame,
  attempt,
  sampleOf,
  session,
} from "../contract/arbitrary-records.ts";
import type { AnyStore } from "../contract/store-under-test.ts";
import { aCampaign, aMember } from "../contract/updates/campaign-records.ts";

const postgres = usePostgres();
const folder = temporaryFolder();
const AUDIT = { at: 5, actor: "test" };
const POLICY = { maxAgeMs: 9_000, triggers: ["key-export" as const] };
const PROFILE = { name: "meters", description: "of water", updatePolicy: POLICY };
const onProgress = () => undefined;

let made = 0;
const newFile = () => join(folder, `${made++}.db`);
const newSqlite = (): StorageSettings => ({ kind: "sqlite", path: newFile() });
const openStore = (settings: StorageSettings): Promise<AnyStore> =>
  openJoinServerStorage(settings, () => Promise.resolve(testVault()));

async function backUp(settings: StorageSettings): Promise<string> {
  const path = newFile();
  const tables = await openTables(settings, { mayCreate: false });
  await writeBackup(tables, path, { onProgress, audit: AUDIT });
  await tables.close();
  return path;
}

async function restore(
  path: string,
  settings: StorageSettings,
  { merge = false } = {},
): Promise<RestoreReport> {
  const tables = await openTables(settings, { mayCreate: true });
  const backup = await openBackup(path, () => Promise.resolve(testVault()), onProgress);
  const options = { merge, joinNonceMargin: 0, onProgress, audit: AUDIT };
  try {
    // A database with devices has a data key of its own; here it is the same one.
    const vault = merge ? testVault() : undefined;
    return await restoreBackup(backup, { tables, vault }, options);
  } finally {
    await backup.close();
    await tables.close();
  }
}

const attemptOf = (updateId: number) => ({ ...sampleOf(attempt), updateId });

async function createdIn(store: AnyStore, changes: Partial<Device> = {}): Promise<Device> {
  const device = anyDevice(changes);
  await store.createDevices([{ device, usedDevNonces: [] }]);
  return device;
}

for (const kind of ["sqlite", "postgresql"] as const) {
  describe(`a backup of updates in ${kind}`, {
    skip: kind === "postgresql" && POSTGRES_SKIP,
  }, () => {
    const newDatabase = async (): Promise<StorageSettings> =>
      kind === "sqlite"
        ? newSqlite()
        : { kind, url: await postgres().createDatabase(), maxConnections: 4 };

    it("brings policies, attempts and campaigns back, which then wait for an operator", async () => {
      const settings = await newDatabase();
      const store = await openStore(settings);
      const device = await createdIn(store);
      const { devEui } = device;
      const endedAttempts = [attemptOf(8), attemptOf(9)];
      await store.saveDevice(device, { endedAttempts });
      const saved = await store.loadDevice(devEui);
      await store.saveUpdatePolicy(POLICY);
      await store.saveDeviceProfile(PROFILE);
      const running = aCampaign({ createdAt: 3 });
      const preparing = aCampaign({ createdAt: 2, state: "preparing" });
      const finished = aCampaign({ createdAt: 1, state: "finished" });
      for (const campaign of [running, preparing, finished]) await store.createCampaign(campaign);
      const members = [1, 2, 3].map(aMember);
      await store.addMembers(running.id, members);
      await store.leaseCampaign(running.id, "a process", { now: 0, until: 9e12 });
      await store.close();

      for (const to of [await newDatabase(), newSqlite()]) {
        await restore(await backUp(settings), to);
        const restored = await openStore(to);
        assertSame(await restored.loadDevice(devEui), saved);
        assertSame(await restored.listUpdateAttempts(devEui, 9), endedAttempts.toReversed());
        assert.deepEqual(await restored.loadUpdatePolicy(), POLICY);
        assert.deepEqual(await restored.listDeviceProfiles(), [PROFILE]);
        assert.deepEqual(await restored.listCampaigns(), [
          { ...running, state: "paused", pauseReason: "restored from a backup" },
          { ...preparing, settings: { ...preparing.settings, startsPaused: true } },
          finished,
        ]);
        assert.deepEqual(await restored.findMembers(running.id, {}, 9), members);
        const lease = { now: 0, until: 1 };
        assert.equal(await restored.leaseCampaign(running.id, "another", lease), true);
        await restored.close();
      }
    });

    it("adds attempts and UpdateIDs in a merge, and takes no campaign over", async () => {
      const settings = await newDatabase();
      const store = await openStore(settings);
      const withLast = (device: Device, lastUpdateId: number, version: number): Device => ({
        ...device,
        version,
        rootKeys: { ...device.rootKeys, lastUpdateId },
      });
      const [one, gone] = [await createdIn(store), await createdIn(store)];
      await store.saveDevice(withLast(one, 9, 1), { endedAttempts: [attemptOf(8), attemptOf(9)] });
      await store.saveDevice(withLast(gone, 5, 1), { endedAttempts: [attemptOf(5)] });
      const campaign = aCampaign();
      await store.createCampaign(campaign);
      const path = await backUp(settings);
      await store.deleteCampaign(campaign.id);
      await store.deleteDevice(gone.devEui);
      const own = { ...attemptOf(9), requestedBy: "operator:own" } as const;
      await store.saveDevice(withLast(one, 7, 2), { endedAttempts: [own] });
      await store.saveUpdatePolicy(POLICY);

      await restore(path, settings, { merge: true });
      const merged = await store.listUpdateAttempts(one.devEui, 9);
      assert.deepEqual(
        merged.map(({ updateId }) => updateId),
        [9, 8],
      );
      assert.equal(merged[0]?.requestedBy, "operator:own");
      assert.equal((await store.loadDevice(one.devEui))?.rootKeys.lastUpdateId, 9);
      assert.deepEqual(await store.listUpdateAttempts(gone.devEui, 9), []);
      assert.deepEqual(await store.listCampaigns(), []);
      assert.deepEqual(await store.loadUpdatePolicy(), POLICY);
      await store.createDevices([{ device: withLast(gone, 0, 1), usedDevNonces: [] }]);
      assert.equal((await store.loadDevice(gone.devEui))?.rootKeys.lastUpdateId, 5);
      await store.close();
    });
  });
}

describe("a backup of the schema before updates of a fleet", () => {
  /** The same rows in the tables that there were, with the column that is gone. */
  function asBefore(path: string): string {
    const before = newFile();
    const database = new DatabaseSync(before);
    for (const migration of JOIN_SERVER_MIGRATIONS.slice(0, 2)) database.exec(migration);
    database.exec("PRAGMA user_version = 2");
    database.prepare("ATTACH ? AS now").run(path);
    const columnsOf = (schema: string, table: string) =>
      database
        .prepare(`SELECT name FROM pragma_table_info('${table}', '${schema}')`)
        .all()
        .map(({ name }) => name as string);
    for (const table of ["devices", "data_keys", "audit_log", "counters", "retired_devices"]) {
      const now = columnsOf("now", table);
      const common = columnsOf("main", table).filter((column) => now.includes(column));
      const isDevices = table === "devices";
      const names = [...common, ...(isDevices ? ["minimum_update_period_ms"] : [])];
      const values = [...common, ...(isDevices ? ["iif(dev_eui LIKE '%1', 86400000, 7)"] : [])];
      database.exec(
        `INSERT OR REPLACE INTO main.${table} (${names}) SELECT ${values} FROM now.${table}`,
      );
    }
    database.close();
    return before;
  }

  it("is restored, with nothing where it says nothing", async () => {
    const settings = newSqlite();
    const store = await openStore(settings);
    const devices = [1, 2].map((index) =>
      anyDevice({
        ...{ devEui: `000000000000000${index}` as Device["devEui"], isDisabled: false },
        ...{ createdAt: 50, updateCommittedAt: 70, nwkKeyReplacedAt: undefined, joinNonce: 9 },
      }),
    );
    for (const device of devices) Object.assign(device.rootKeys, { update: undefined });
    for (const device of devices) await store.createDevices([{ device, usedDevNonces: [] }]);
    const path = asBefore(await backUp(settings));
    await store.close();

    const to = newSqlite();
    assert.equal((await restore(path, to)).added, 2);
    const restored = await openStore(to);
    for (const [index, device] of devices.entries()) {
      assertSame(await restored.loadDevice(device.devEui), {
        ...device,
        initialJoinNonce: 0,
        deviceProfile: "",
        updatePolicy: index === 0 ? {} : { minimumPeriodMs: 7 },
        carrier: "automatic",
        generationSessions: 0,
        updateWanted: undefined,
        updateNotBefore: undefined,
        failedAttempts: 0,
        attempt: undefined,
        lastGatewayId: undefined,
      });
      assert.deepEqual(await restored.listUpdateAttempts(device.devEui, 9), []);
    }
    assert.deepEqual(await restored.listCampaigns(), []);
    assert.deepEqual(await restored.loadUpdatePolicy(), {});
    const aged = (generationSinceAtMost: number) => ({
      ...{ now: 0, deviceProfile: "", hasOwnPolicy: false, generationSinceAtMost },
    });
    assert.deepEqual(await restored.findDueDevices(aged(69), 9), []);
    assert.deepEqual(await restored.findDueDevices(aged(70), 9), [devices[0]?.devEui]);
    await restored.close();
  });

  for (const kind of ["sqlite", "postgresql"] as const) {
    const skip = kind === "postgresql" && POSTGRES_SKIP;
    it(`tells in ${kind} when its devices joined last, of which it has no column`, {
      skip,
    }, async () => {
      const settings = newSqlite();
      const store = await openStore(settings);
      const sessions = [sampleOf(session)];
      const joined = await createdIn(store, { sessions });
      const unused = await createdIn(store, { sessions: [] });
      const path = asBefore(await backUp(settings));
      await store.close();

      const to: StorageSettings =
        kind === "sqlite"
          ? newSqlite()
          : { kind, url: await postgres().createDatabase(), maxConnections: 4 };
      await restore(path, to);
      const restored = await openStore(to);
      const lastJoinOf = async ({ devEui }: Device) =>
        (await restored.findDeviceSummaries({ devEuiPrefix: devEui }, 1)).devices[0]?.lastJoinAt;
      assert.equal(await lastJoinOf(joined), sessions[0]?.createdAt);
      assert.equal(await lastJoinOf(unused), undefined);
      const loaded = (await restored.loadDevice(joined.devEui)) as Device;
      await restored.saveDevice({ ...loaded, sessions: [] });
      assert.equal(await lastJoinOf(joined), undefined);
      await restored.close();
    });
  }
});

import assert from "node:assert/strict";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { importAes256Key } from "../../../../src/crypto/aes256.ts";
import { importKek } from "../../../../src/crypto/key-wrap.ts";
import type { ErrorCode } from "../../../../src/errors.ts";
import { verifyChain } from "../../../../src/join-server/audit/audit-chain.ts";
import type { Device } from "../../../../src/join-server/device.ts";
import { DEFAULT_PEER_SETTINGS } from "../../../../src/join-server/peers.ts";
import type { Vault } from "../../../../src/join-server/ports/vault.ts";
import { openBackup } from "../../../../src/storage/join-server/backup/open-backup.ts";
import { openTables } from "../../../../src/storage/join-server/backup/open-tables.ts";
import {
  type RestoreReport,
  restoreBackup,
} from "../../../../src/storage/join-server/backup/restore-backup.ts";
import type { TableStore } from "../../../../src/storage/join-server/backup/table-store.ts";
import { writeBackup } from "../../../../src/storage/join-server/backup/write-backup.ts";
import {
  openJoinServerStorage,
  type StorageSettings,
} from "../../../../src/storage/join-server/open-storage.ts";
import { JOIN_SERVER_MIGRATIONS } from "../../../../src/storage/join-server/sqlite/schema.ts";
import { DataKeyVault } from "../../../../src/vault/data-key-vault.ts";
import { POSTGRES_SKIP, usePostgres } from "../../../support/postgres.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { TestKeyring, testVault } from "../../../support/test-vault.ts";
import { warrenError } from "../../../support/warren-error.ts";
import { anyDevice, assertSame } from "../contract/arbitrary-records.ts";
import type { AnyStore } from "../contract/store-under-test.ts";

const postgres = usePostgres();
const folder = temporaryFolder();
const AUDIT = { at: 5, actor: "test" };
const NET_ID = "000013" as never;
const TOKEN = { id: "00".repeat(8), name: "t", role: "auditor", hash: "11".repeat(32) } as const;

type Kind = StorageSettings["kind"];
let made = 0;

async function newDatabase(kind: Kind): Promise<StorageSettings> {
  made += 1;
  return kind === "sqlite"
    ? { kind, path: join(folder, `${made}.db`) }
    : { kind, url: await postgres().createDatabase(), maxConnections: 4 };
}
const newFile = (): string => {
  made += 1;
  return join(folder, "backups", `${made}.backup`);
};
const openStore = (settings: StorageSettings, vault: Vault = testVault()): Promise<AnyStore> =>
  openJoinServerStorage(settings, () => Promise.resolve(vault));

async function backUp(settings: StorageSettings, path = newFile()): Promise<string> {
  const tables = await openTables(settings, { mayCreate: false });
  try {
    await writeBackup(tables, path, { onProgress: () => undefined, audit: AUDIT });
    return path;
  } finally {
    await tables.close();
  }
}

interface Restore {
  readonly merge?: boolean;
  readonly joinNonceMargin?: number;
  /** Of the database. */
  readonly vault?: Vault;
  /** In the place of those of the database. */
  readonly tables?: TableStore;
}

async function restore(
  path: string,
  settings: StorageSettings,
  { merge = false, joinNonceMargin = 0, vault, tables: given }: Restore = {},
): Promise<RestoreReport> {
  const tables = given ?? (await openTables(settings, { mayCreate: true }));
  try {
    const backup = await openBackup(
      path,
      () => Promise.resolve(testVault()),
      () => undefined,
    );
    const options = { merge, joinNonceMargin, onProgress: () => undefined, audit: AUDIT };
    try {
      return await restoreBackup(backup, { tables, vault }, options);
    } finally {
      await backup.close();
    }
  } finally {
    await tables.close();
  }
}

async function filled(kind: Kind): Promise<{ settings: StorageSettings; store: AnyStore }> {
  const settings = await newDatabase(kind);
  const store = await openStore(settings);
  const devices = Array.from({ length: 30 }, () => anyDevice({ joinNonce: 100 }));
  await store.createDevices(
    devices.map((device) => ({
      device,
      usedDevNonces: [{ joinEui: device.joinEui, devNonce: 1000 }],
    })),
    { ...AUDIT, action: "device.create", subject: "", details: { count: 30 } },
  );
  const [gone] = devices as [Device];
  await store.deleteDevice(gone.devEui);
  const kek = { label: "kek", kek: importKek(new Uint8Array(16).fill(7)) };
  await store.saveNetworkServer({
    ...{ netId: NET_ID, relaysRootKeyUpdates: true },
    ...DEFAULT_PEER_SETTINGS,
    kek,
  });
  await store.saveToken({ ...TOKEN, createdAt: 2 ** 41, expiresAt: undefined });
  await store.saveJoinEuiRange({ first: "70b3d57ed0000000" as never, prefixLengthBits: 40 });
  await store.saveSecretOnce("import-key", Uint8Array.of(1, 2, 3));
  return { settings, store };
}

async function allDevices(store: AnyStore): Promise<Device[]> {
  return [...(await store.findDevices({}, 1_000)).devices];
}

/** What an onlooker finds in a store, but for the audit log. */
async function contentsOf(store: AnyStore): Promise<unknown> {
  const devices = await allDevices(store);
  return {
    devices,
    nonces: await Promise.all(devices.map(({ devEui }) => store.listUsedDevNonces(devEui))),
    networkServers: await store.listNetworkServers(),
    tokens: await store.listTokens(),
    ranges: await store.listJoinEuiRanges(),
    secret: await store.loadSecret("import-key"),
  };
}

for (const [from, to] of [
  ["sqlite", "sqlite"],
  ["sqlite", "postgresql"],
  ["postgresql", "sqlite"],
] as const) {
  const skip = from === "sqlite" && to === "sqlite" ? false : POSTGRES_SKIP;
  describe(`a backup of ${from} restored to ${to}`, { skip }, () => {
    it("brings back everything, and the audit log goes on", async () => {
      const { settings, store } = await filled(from);
      const expected = await contentsOf(store);
      const before_ = await store.readAudit(0, 100);
      const path = await backUp(settings);
      assert.equal((await store.lastAudit())?.action, "backup.create");
      await store.close();

      const target = await newDatabase(to);
      const report = await restore(path, target);
      assert.deepEqual([report.added, report.kept, report.hasAuditLog], [29, 0, true]);
      const restored = await openStore(target);
      assertSame(await contentsOf(restored), expected);
      assert.equal(await restored.countDevices(), 29);
      const entries = await restored.readAudit(0, 100);
      assert.deepEqual(entries.slice(0, -1), before_);
      assert.equal(entries.at(-1)?.action, "backup.restore");
      assert.ok(verifyChain(entries).isIntact);
      await restored.close();
    });

    it("is of one moment, while joins go on", async () => {
      const { settings, store } = await filled(from);
      const devices = (await allDevices(store)).slice(0, 8);
      let isOver = false;
      const joins = devices.map(async (device) => {
        for (let joinNonce = 101; !isOver; joinNonce++) {
          const found = (await store.loadDevice(device.devEui)) as Device;
          const usedDevNonce = { joinEui: device.joinEui, devNonce: joinNonce };
          assert.equal(await store.saveDevice({ ...found, joinNonce }, { usedDevNonce }), "saved");
          await new Promise((resolve) => setImmediate(resolve));
        }
      });
      const path = await backUp(settings);
      isOver = true;
      await Promise.all(joins);
      await store.close();

      const target = await newDatabase(to);
      await restore(path, target);
      const restored = await openStore(target);
      for (const { devEui } of devices) {
        const { joinNonce } = (await restored.loadDevice(devEui)) as Device;
        const nonces = (await restored.listUsedDevNonces(devEui)).map(({ devNonce }) => devNonce);
        const joined = Array.from({ length: joinNonce - 100 }, (_, index) => 101 + index);
        assert.deepEqual(
          nonces.sort((a, b) => a - b),
          [...joined, 1000],
        );
      }
      await restored.close();
    });

    it("raises every JoinNonce by the margin, and names devices in an update", async () => {
      const { settings, store } = await filled(from);
      const [prepared, committed] = (await allDevices(store)) as [Device, Device];
      for (const [device, status] of [
        [prepared, "prepared"],
        [committed, "committed"],
      ] as const) {
        const update = {
          updateId: 1,
          suite: 1,
          jsNonce: "010203",
          reason: undefined,
          wrongMics: 0,
        };
        const rootKeys = { ...device.rootKeys, update: { ...update, status } as never };
        assert.equal(await store.saveDevice({ ...device, rootKeys }), "saved");
      }
      const expected = (await allDevices(store))
        .filter(({ rootKeys }) =>
          ["prepared", "accepted", "confirmed"].includes(rootKeys.update?.status ?? ""),
        )
        .map(({ devEui, rootKeys }) => ({ devEui, status: rootKeys.update?.status }));
      const path = await backUp(settings);
      await store.close();
      const target = await newDatabase(to);
      const report = await restore(path, target, { joinNonceMargin: 1024 });
      assert.deepEqual(report.updatesUnderWay, expected);
      assert.ok(expected.some(({ devEui }) => devEui === prepared.devEui));
      const restored = await openStore(target);
      for (const { joinNonce } of await allDevices(restored)) assert.equal(joinNonce, 1124);
      await restored.close();
    });

    it("goes under the data key of a database that has one", async () => {
      const { settings, store } = await filled(from);
      const expected = await contentsOf(store);
      const path = await backUp(settings);
      await store.close();
      const target = await newDatabase(to);
      const key = { version: 4, key: importAes256Key(new Uint8Array(32).fill(9)) };
      const vault = new DataKeyVault([key], () => Promise.resolve([key]));
      const first = await openStore(target, vault);
      const wrappedKey = new Uint8Array(4);
      await first.insertDataKey(
        { version: 4, vault: "file", wrappedKey, createdAt: 1 },
        {
          ...AUDIT,
          ...{ action: "vault.create", subject: "4", details: {} },
        },
      );
      await first.raiseLeastSealingVersion(4);
      assert.deepEqual(await first.listJoinEuiRanges(), []);
      const report = await restore(path, target, { vault });
      assert.equal(report.hasAuditLog, false);
      const restored = await openStore(target, vault);
      assertSame(await contentsOf(restored), expected);
      assert.deepEqual(
        (await restored.readAudit(0, 9)).map(({ action }) => action),
        ["vault.create", "backup.restore"],
      );
      assert.equal(await restored.countSealedBefore(4), 0);
      const ranges = await restored.listJoinEuiRanges();
      await restored.close();
      assert.equal(ranges.length, 1);
      // A server that runs has peers in memory, and looks for changes now and then.
      for (let waited = 0; (await first.listJoinEuiRanges()).length === 0; waited += 50) {
        assert.ok(waited < 5_000, "it has not noticed");
        await sleep(50);
      }
      await first.close();
    });

    it("is merged into a database that has devices, and only when that is asked for", async () => {
      const { settings, store } = await filled(from);
      const path = await backUp(settings);
      const devices = await allDevices(store);
      await store.close();
      const [newer, older, deleted, missing] = devices as [Device, Device, Device, Device];

      const target = await newDatabase(to);
      const other = await openStore(target);
      const add = (device: Device) => other.createDevices([{ device, usedDevNonces: [] }]);
      await add({ ...newer, name: "newer here", joinNonce: 7, lastDevNonce: undefined });
      await other.saveDevice({ ...newer, name: "newer here", joinNonce: 7 });
      await add({ ...older, name: "older here", joinNonce: 500 });
      await add(deleted);
      await other.deleteDevice(deleted.devEui);

      await assert.rejects(restore(path, target), warrenError("write-conflict"));
      assert.equal(await other.countDevices(), 2);
      assert.deepEqual(await other.listTokens(), []);

      const report = await restore(path, target, { merge: true, joinNonceMargin: 10 });
      assert.deepEqual(
        [report.added, report.replaced, report.kept, report.deleted],
        [devices.length - 3, 0, 2, 1],
      );
      const merged = async ({ devEui }: Device) => (await other.loadDevice(devEui)) as Device;
      assert.equal((await merged(newer)).name, "newer here");
      assert.equal((await merged(newer)).joinNonce, 100);
      assert.equal((await merged(older)).joinNonce, 500);
      assert.equal(await other.loadDevice(deleted.devEui), undefined);
      const initialJoinNonce = missing.initialJoinNonce + 10;
      assertSame(await merged(missing), { ...missing, joinNonce: 110, initialJoinNonce });
      assert.equal((await other.listUsedDevNonces(newer.devEui)).length, 1);
      assert.equal(await other.countDevices(), (await allDevices(other)).length);
      assert.deepEqual(await other.listTokens(), []);
      assert.equal((await other.lastAudit())?.action, "backup.restore");
      const again = await restore(path, target, { merge: true, joinNonceMargin: 10 });
      assert.deepEqual([again.added, again.replaced], [0, 0]);
      await other.close();
    });
  });
}

for (const kind of ["sqlite", "postgresql"] as const) {
  describe(`restoring to ${kind}`, { skip: kind === "sqlite" ? false : POSTGRES_SKIP }, () => {
    it("takes a backup from the middle of a rotation", async () => {
      const { settings, store } = await filled(kind);
      const expected = await contentsOf(store);
      await store.raiseLeastSealingVersion(2);
      const path = await backUp(settings);
      await store.close();
      const target = await newDatabase(kind);
      await restore(path, target);
      const restored = await openStore(target);
      assertSame(await contentsOf(restored), expected);
      assert.equal(await restored.leastSealingVersion(), 2);
      const [device] = (await allDevices(restored)) as [Device];
      await assert.rejects(restored.saveDevice(device), warrenError("vault-key-unknown"));
      await restored.close();
    });

    it("is merged amid a rotation, with nonces that are larger than those of the database", async () => {
      const { store, settings } = await filled(kind);
      const path = await backUp(settings);
      const devices = await allDevices(store);
      await store.close();
      const target = await newDatabase(kind);
      const keyring = new TestKeyring();
      const vault = keyring.openVault();
      const other = await openStore(target, vault);
      const low = devices.map((device) => ({ ...device, joinNonce: 1, version: 1 }));
      await other.createDevices(low.map((device) => ({ device, usedDevNonces: [] })));
      // Higher versions than in the backup, so that the devices stay as they are.
      for (const device of low) {
        for (let version = 1; version <= 3; version++)
          await other.saveDevice({ ...device, version });
      }
      keyring.add(2);
      await other.raiseLeastSealingVersion(2);
      const report = await restore(path, target, { merge: true, vault: keyring.openVault() });
      await vault.refresh();
      assert.equal(report.kept, devices.length);
      for (const device of devices) {
        const merged = (await other.loadDevice(device.devEui)) as Device;
        assert.equal(merged.joinNonce, device.joinNonce);
        assertSame(merged.rootKeys, device.rootKeys);
      }
      await other.close();
    });

    it("never has a device without its DevNonces in a database that is in use", async () => {
      const { settings, store } = await filled(kind);
      const path = await backUp(settings);
      await store.close();
      const target = await newDatabase(kind);
      const other = await openStore(target);
      const present = anyDevice({});
      await other.createDevices([{ device: present, usedDevNonces: [] }]);
      const tables = await openTables(target, { mayCreate: false });
      let seen = 0;
      const watched: TableStore = {
        dataKeys: tables.dataKeys,
        snapshot: (work) => tables.snapshot(work),
        close: () => tables.close(),
        change: async (work) => {
          const result = await tables.change(work);
          for (const { devEui } of await allDevices(other)) {
            if (devEui === present.devEui) continue;
            seen += 1;
            assert.equal((await other.listUsedDevNonces(devEui)).length, 1);
          }
          return result;
        },
      };
      await restore(path, target, { merge: true, tables: watched });
      assert.ok(seen > 0);
      await other.close();
    });
  });
}

describe("restoring beside a server that uses the same file", () => {
  it("leaves the lock to the server for as long as it was held", async () => {
    const settings = await newDatabase("sqlite");
    const tables = await openTables(settings, { mayCreate: true });
    const server = new DatabaseSync((settings as { path: string }).path, { timeout: 0 });
    let isOver = false;
    const change = tables
      .change(() => sleep(60))
      .then(() => {
        isOver = true;
      });
    let turns = 0;
    while (!isOver) {
      try {
        server.exec("BEGIN IMMEDIATE; ROLLBACK");
        turns += 1;
      } catch (error) {
        assert.match(String(error), /locked/);
      }
      await sleep(5);
    }
    await change;
    assert.ok(turns > 2, `${turns}`);
    server.close();
    await tables.close();
  });
});

describe("a backup file", () => {
  let settings: StorageSettings;
  let store: AnyStore;
  let path: string;
  before(async () => {
    ({ settings, store } = await filled("sqlite"));
    path = await backUp(settings);
  });
  after(() => store.close());

  async function assertRefused(file: string, ...codes: ErrorCode[]) {
    const target = await newDatabase("sqlite");
    await assert.rejects(restore(file, target), warrenError(...codes));
    const untouched = await openStore(target);
    assert.equal(await untouched.countDevices(), 0);
    assert.deepEqual(await untouched.listTokens(), []);
    assert.equal(await untouched.lastAudit(), undefined);
    await untouched.close();
  }
  function changed(sql: string): string {
    const file = newFile();
    copyFileSync(path, file);
    const database = new DatabaseSync(file);
    database.exec(sql);
    database.close();
    return file;
  }

  it("is for its owner alone, in one piece, and nothing else is left beside it", () => {
    assert.equal(statSync(path).mode & 0o077, 0);
    const names = readdirSync(dirname(path));
    assert.ok(
      names.every((name) => name.endsWith(".backup")),
      names.join(),
    );
  });

  it("does not take the place of another file, and leaves nothing when it fails", async () => {
    const taken = newFile();
    writeFileSync(taken, "something");
    await assert.rejects(backUp(settings, taken), warrenError("write-conflict"));
    assert.equal(readFileSync(taken, "utf8"), "something");
    const tables = await openTables(settings, { mayCreate: false });
    const failing = newFile();
    const onProgress = () => {
      throw new Error("in between");
    };
    await assert.rejects(writeBackup(tables, failing, { onProgress, audit: AUDIT }), /in between/);
    await tables.close();
    assert.ok(readdirSync(dirname(failing)).every((name) => name.endsWith(".backup")));
    assert.ok(!existsSync(failing));
  });

  it("is not made of a database of an older program, whose servers find it as it was", async () => {
    const older = join(folder, "older.db");
    const database = new DatabaseSync(older);
    database.exec(
      `PRAGMA journal_mode = WAL; ${JOIN_SERVER_MIGRATIONS[0]}; PRAGMA user_version = 1`,
    );
    for (const mayCreate of [false, true]) {
      const opening = openTables({ kind: "sqlite", path: older }, { mayCreate });
      await assert.rejects(opening, warrenError("storage-failed"));
    }
    assert.equal(database.prepare("PRAGMA user_version").get()?.["user_version"], 1);
    database.exec("SELECT kek FROM network_servers");
    database.close();
  });

  it("is opened when nobody may write to it, as those of an archive", async () => {
    const archived = newFile();
    copyFileSync(path, archived);
    chmodSync(archived, 0o400);
    const temporary = join(folder, "copies");
    mkdirSync(temporary);
    const { TMPDIR } = process.env;
    process.env["TMPDIR"] = temporary;
    try {
      const opened = await openBackup(
        archived,
        async () => testVault(),
        () => undefined,
      );
      const copies = readdirSync(temporary, { recursive: true, encoding: "utf8" });
      const copy = copies.find((name) => name.endsWith("backup.db")) as string;
      assert.equal(statSync(join(temporary, copy)).mode & 0o777, 0o600);
      await opened.close();
    } finally {
      if (TMPDIR === undefined) delete process.env["TMPDIR"];
      else process.env["TMPDIR"] = TMPDIR;
    }
  });

  it("is refused when any part of it is damaged, and changes nothing then", async () => {
    const whole = readFileSync(path);
    const truncated = newFile();
    writeFileSync(truncated, whole.subarray(0, whole.length - 5_000));
    await assertRefused(truncated, "storage-failed");
    const noise = newFile();
    writeFileSync(noise, "not a database at all".repeat(10));
    await assertRefused(noise, "storage-failed");
    await assertRefused(join(folder, "no-such-file"), "storage-failed");
    const torn = newFile();
    writeFileSync(torn, Buffer.from(whole).fill(0xff, 3 * 4096, 4 * 4096));
    await assertRefused(torn, "storage-failed", "sealed-value-damaged");
  });

  it("is refused when somebody has changed its audit log, or put one value in another's place", async () => {
    await assertRefused(
      changed(`DROP TRIGGER audit_log_is_not_changed;
               UPDATE audit_log SET actor = 'nobody' WHERE seq = 1`),
      "storage-failed",
    );
    await assertRefused(
      changed("UPDATE devices SET root_keys = (SELECT root_keys FROM devices LIMIT 1)"),
      "sealed-value-damaged",
    );
    await assertRefused(
      changed(
        `UPDATE secrets SET value = CAST(substr(value, 1, length(value) - 1) ||
           CASE substr(value, -1) WHEN x'00' THEN x'01' ELSE x'00' END AS BLOB)`,
      ),
      "sealed-value-damaged",
    );
  });

  it("is refused when it is of a newer program, or of another one", async () => {
    await assertRefused(changed("PRAGMA user_version = 1000"), "storage-failed");
    await assertRefused(changed("PRAGMA user_version = 0"), "storage-failed");
  });

  it("holds no key in the clear", async () => {
    const octets = readFileSync(path).toString("latin1");
    const devices = await allDevices(store);
    for (const { rootKeys, sessions } of devices) {
      const keys = [rootKeys.currentKeys.nwkKey, rootKeys.currentKeys.appKey];
      for (const session of sessions) keys.push(session.keys.appSKey);
      for (const key of keys) {
        assert.ok(!octets.includes(key.export().toString("latin1")));
        assert.ok(!octets.includes(key.export().toString("hex")));
      }
    }
  });
});

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { systemClock } from "../../../src/clock.ts";
import {
  openJoinServerStorage,
  type StorageSettings,
} from "../../../src/storage/join-server/open-storage.ts";
import { openVault } from "../../../src/vault/open-vault.ts";
import { anyDevice, assertSame } from "../../storage/join-server/contract/arbitrary-records.ts";
import type { AnyStore } from "../../storage/join-server/contract/store-under-test.ts";
import { POSTGRES_SKIP, usePostgres } from "../../support/postgres.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { runWarren } from "../support/warren.ts";

const postgres = usePostgres();
const folder = temporaryFolder();
const data = join(folder, "data");
const keyFile = join(data, "master-keys");
const backup = join(folder, "one.backup");
const device = anyDevice({ joinNonce: 50 });

/** As a Join Server opens it. */
function openStore(settings: StorageSettings, path = keyFile): Promise<AnyStore> {
  const open = (keys: Parameters<typeof openVault>[1]) =>
    openVault({ kind: "file", path }, keys, { now: systemClock.now });
  return openJoinServerStorage(settings, open);
}
const sqliteIn = (path: string): StorageSettings => ({
  kind: "sqlite",
  path: join(path, "join-server.db"),
});

describe("warren backup and warren restore", () => {
  before(async () => {
    const store = await openStore(sqliteIn(data));
    await store.createDevices([{ device, usedDevNonces: [] }]);
    await store.close();
  });

  it("write a file, and only where none is", async () => {
    const { stdout, status } = await runWarren("backup", backup, "--data", data);
    assert.equal(status, 0);
    assert.match(stdout, /1 devices and 1 entries of the audit log/);
    const again = await runWarren("backup", backup, "--data", data);
    assert.equal(again.status, 1);
    assert.match(again.stderr, /write-conflict/);
    const nowhere = await runWarren("backup", `${backup}2`, "--data", join(folder, "nowhere"));
    assert.match(nowhere.stderr, /there is no database/);
    assert.ok(!existsSync(join(folder, "nowhere")));
  });

  it("leave nothing behind when Ctrl-C ends them", () => {
    const place = join(folder, "interrupted");
    mkdirSync(place);
    const at = (path: string) => JSON.stringify(new URL(`../../../src/${path}`, import.meta.url));
    const backups = "storage/join-server/backup";
    const script = (work: string) => `
      import { endOnSignal } from ${at("cli/backup/end-on-signal.ts")};
      import { openBackup } from ${at(`${backups}/open-backup.ts`)};
      import { openTables } from ${at(`${backups}/open-tables.ts`)};
      import { writeBackup } from ${at(`${backups}/write-backup.ts`)};
      import { openVault } from ${at("vault/open-vault.ts")};
      endOnSignal();
      const stop = () => process.kill(process.pid, "SIGINT");
      const vault = (keys) =>
        openVault({ kind: "file", path: ${JSON.stringify(keyFile)} }, keys, { now: Date.now });
      const settings = { kind: "sqlite", path: ${JSON.stringify(join(data, "join-server.db"))} };
      ${work}`;
    const path = JSON.stringify(join(place, "two.backup"));
    for (const work of [
      `await writeBackup(await openTables(settings, { mayCreate: false }), ${path},
         { onProgress: stop, audit: { at: 0, actor: "test" } });`,
      `await openBackup(${JSON.stringify(backup)}, vault, stop);`,
    ]) {
      const child = spawnSync(process.execPath, ["--input-type=module", "-e", script(work)], {
        env: { ...process.env, TMPDIR: place },
        encoding: "utf8",
      });
      assert.equal(child.status, 130, child.stderr);
      assert.deepEqual(readdirSync(place), []);
    }
  });

  it("need the master key to restore, and change nothing without it", async () => {
    const empty = join(folder, "empty");
    const { status, stderr } = await runWarren("restore", backup, "--data", empty);
    assert.equal(status, 1);
    assert.match(stderr, /master-key-missing/);
    assert.ok(!existsSync(join(empty, "join-server.db")));
  });

  it("only check with --dry-run", async () => {
    const { stdout, status } = await runWarren("restore", backup, "--data", data, "--dry-run");
    assert.equal(status, 0);
    assert.match(stdout, /is whole: 1 devices/);
  });

  it("refuse a database that has devices, unless told to merge", async () => {
    const { status, stderr } = await runWarren("restore", backup, "--data", data);
    assert.equal(status, 1);
    assert.match(stderr, /--merge/);
    const merged = await runWarren("restore", backup, "--data", data, "--merge");
    assert.match(merged.stdout, /0 devices added, 0 replaced by a newer record, 1 left/);
  });

  it("bring a backup under the keys of a database with another key file", async () => {
    const other = join(folder, "other");
    const target = sqliteIn(other);
    const otherKeys = join(other, "master-keys");
    await (await openStore(target, otherKeys)).close();
    const wrong = await runWarren("restore", backup, "--data", other);
    assert.match(wrong.stderr, /master-key-wrong/);
    const { status } = await runWarren(
      ...["restore", backup, "--data", other, "--backup-key-file", keyFile],
      ...["--join-nonce-margin", "7"],
    );
    assert.equal(status, 0);
    const restored = await openStore(target, otherKeys);
    const initialJoinNonce = device.initialJoinNonce + 7;
    const expected = { ...device, joinNonce: 57, initialJoinNonce };
    assertSame(await restored.loadDevice(device.devEui), expected);
    await restored.close();
  });

  it("move a deployment from SQLite to PostgreSQL", { skip: POSTGRES_SKIP }, async () => {
    const url = await postgres().createDatabase();
    const moved = join(folder, "moved");
    mkdirSync(moved);
    writeFileSync(join(moved, "url"), `${url}\n`, { mode: 0o600 });
    const config = join(moved, "warren.toml");
    writeFileSync(
      config,
      `data_folder = "${moved}"\n[storage]\nkind = "postgresql"\nurl_file = "${join(moved, "url")}"\n`,
    );
    renameSync(keyFile, join(moved, "master-keys"));
    const { status, stderr } = await runWarren(
      ...["restore", backup, "--config", config, "--join-nonce-margin", "0"],
    );
    assert.equal(status, 0, stderr);
    const settings = { kind: "postgresql", url, maxConnections: 2 } as const;
    const restored = await openStore(settings, join(moved, "master-keys"));
    assertSame(await restored.loadDevice(device.devEui), device);
    assert.deepEqual(
      (await restored.readAudit(0, 10)).map(({ action }) => action),
      ["vault.create", "backup.restore"],
    );
    await restored.close();
    const back = await runWarren("backup", `${backup}.postgresql`, "--config", config);
    assert.match(back.stdout, /1 devices/);
    assert.ok(!`${back.stdout}${back.stderr}`.includes(url));
  });
});

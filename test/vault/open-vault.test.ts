import assert from "node:assert/strict";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { WarrenError } from "../../src/errors.ts";
import { KeyFile } from "../../src/vault/key-file/key-file.ts";
import { masterKeyPlaces } from "../../src/vault/master-key-places.ts";
import type { MasterKeySource } from "../../src/vault/master-key-source.ts";
import { insertDataKey, openVault, yieldToOther } from "../../src/vault/open-vault.ts";
import type { VaultSettings } from "../../src/vault/vault-settings.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { warrenError } from "../support/warren-error.ts";
import { MemoryDatabase } from "./support/memory-database.ts";
import { SoftHsm, softHsmMissing } from "./support/soft-hsm.ts";

const now = () => Date.parse("2026-01-01T00:00:00Z");
const newFile = () => ({ kind: "file", path: join(temporaryFolder(), "data", "keys") }) as const;

/** What both kinds of vault do at a start. */
function testStart(newSettings: () => VaultSettings): void {
  const open = (settings: VaultSettings, database: MemoryDatabase) =>
    openVault(settings, database, { now });

  it("gives an empty database its first keys, and the next process the same", async () => {
    const [settings, database] = [newSettings(), new MemoryDatabase()];
    const first = await open(settings, database);
    assert.equal(first.sealingVersion, 1);
    assert.deepEqual(
      database.audit.map(({ actor, action, subject }) => [actor, action, subject]),
      [["system", "vault.create", "1"]],
    );
    const sealed = first.seal(new Uint8Array(16), "x");
    const second = await open(settings, database);
    assert.equal(second.open(sealed, "x").length, 16);
    assert.equal(database.records.length, 1);
  });

  it("gives processes that start at once the same keys", async () => {
    const [settings, database] = [newSettings(), new MemoryDatabase()];
    const vaults = await Promise.all(Array.from({ length: 5 }, () => open(settings, database)));
    const sealed = vaults.map((vault) => vault.seal(new Uint8Array(16), "x"));
    for (const vault of vaults) {
      for (const one of sealed) assert.equal(vault.open(one, "x").length, 16);
    }
    assert.equal((await open(settings, database)).open(sealed[0] as Uint8Array, "x").length, 16);
  });

  it("destroys no key that another has used, when it cannot look at it in passing", async () => {
    const [settings, database] = [newSettings(), new MemoryDatabase()];
    const { current: ours } = masterKeyPlaces(settings, now);
    const { current: theirs } = masterKeyPlaces(settings, now);
    assert.equal(await ours.createMasterKey(1), true);
    assert.equal(await theirs.createMasterKey(1), false);
    const insertion = { source: theirs, keys: database, now: now() };
    assert.equal(await insertDataKey(insertion, 1, "vault.create"), true);
    // A token may call the right key wrong, in a trouble that it has no other name for.
    const passing = settings.kind === "pkcs11" ? (["master-key-wrong"] as const) : [];
    for (const code of ["vault-unavailable", "master-key-missing", ...passing] as const) {
      const source: MasterKeySource = {
        kind: ours.kind,
        place: ours.place,
        listVersions: () => ours.listVersions(),
        createMasterKey: (version) => ours.createMasterKey(version),
        wrapDataKey: (version, dataKey) => ours.wrapDataKey(version, dataKey),
        unwrapDataKey: () => Promise.reject(new WarrenError(code, "in passing")),
        destroyMasterKeys: (versions) => ours.destroyMasterKeys(versions),
      };
      await assert.rejects(
        yieldToOther({ source, keys: database, version: 1, isNew: true }),
        warrenError(code),
      );
    }
    assert.equal((await open(settings, database)).sealingVersion, 1);
  });

  it("makes no keys when it may not", async () => {
    const [settings, database] = [newSettings(), new MemoryDatabase()];
    await assert.rejects(
      openVault(settings, database, { now, mayCreate: false }),
      warrenError("master-key-missing"),
    );
    assert.equal(database.records.length, 0);
  });

  it("refuses the vault of another database", async () => {
    const [settings, other] = [newSettings(), newSettings()];
    const [database, otherDatabase] = [new MemoryDatabase(), new MemoryDatabase()];
    await open(settings, database);
    await open(other, otherDatabase);
    await assert.rejects(open(other, database), warrenError("master-key-wrong"));
    assert.equal(database.records.length, 1);
    assert.equal((await open(settings, database)).sealingVersion, 1);
  });

  it("refuses an empty vault for a database in use, and makes no key there", async () => {
    const [settings, empty, database] = [newSettings(), newSettings(), new MemoryDatabase()];
    await open(settings, database);
    await assert.rejects(open(empty, database), (error: Error) => {
      assert.ok(warrenError("master-key-missing")(error));
      return /needs; (put|connect)/.test(error.message);
    });
    if (empty.kind === "file") assert.ok(!existsSync(empty.path));
  });

  it("loads what another process has made, when it refreshes", async () => {
    const [settings, database] = [newSettings(), new MemoryDatabase()];
    const vault = await open(settings, database);
    const second = new MemoryDatabase();
    // The data key that a rotation would make, with a master key of its own.
    await addVersion(settings, 2, second);
    database.records.push(...second.records);
    const newer = await open(settings, database);
    const sealed = newer.seal(new Uint8Array(9), "x");
    assert.throws(() => vault.open(sealed, "x"), warrenError("vault-key-unknown"));
    await vault.refresh();
    assert.equal(vault.open(sealed, "x").length, 9);
  });
}

async function addVersion(settings: VaultSettings, version: number, database: MemoryDatabase) {
  const { current } = masterKeyPlaces(settings, now);
  await current.createMasterKey(version);
  const wrappedKey = await current.wrapDataKey(version, new Uint8Array(32).fill(version));
  await database.insertDataKey({ version, vault: settings.kind, wrappedKey, createdAt: now() });
}

describe("opening a vault with a key file", () => {
  testStart(newFile);

  it("leaves the first key file of another machine alone, and none of its own behind", async () => {
    const database = new MemoryDatabase();
    const [here, there] = [newFile(), newFile()];
    // Both have seen an empty database; the other one inserts its key first.
    const insert = database.insertDataKey.bind(database);
    database.insertDataKey = async (record, audit) => {
      database.insertDataKey = insert;
      await openVault(there, database, { now });
      return insert(record, audit);
    };
    await assert.rejects(openVault(here, database, { now }), warrenError("master-key-wrong"));
    assert.ok(!existsSync(here.path));
    renameSync(there.path, `${there.path}.copy`);
    writeFileSync(there.path, readFileSync(`${there.path}.copy`), { mode: 0o600 });
    assert.equal((await openVault(there, database, { now })).sealingVersion, 1);
  });

  it("goes on after a crash between key file and database", async () => {
    const settings = newFile();
    await new KeyFile(settings.path, now).createMasterKey(1);
    assert.equal((await openVault(settings, new MemoryDatabase(), { now })).sealingVersion, 1);
  });

  it("refuses a key file that has been rotated elsewhere for an empty database", async () => {
    const settings = newFile();
    await new KeyFile(settings.path, now).createMasterKey(3);
    await assert.rejects(openVault(settings, new MemoryDatabase(), { now }), (error) => {
      assert.ok(error instanceof WarrenError && error.code === "master-key-wrong");
      return error.message.includes("master key version 3");
    });
  });

  it("refuses a data key under the number of another version", async () => {
    const [settings, database] = [newFile(), new MemoryDatabase()];
    await openVault(settings, database, { now });
    await addVersion(settings, 2, database);
    const [first, second] = database.records;
    assert.ok(first && second);
    database.records = [first, { ...second, wrappedKey: first.wrappedKey }];
    await assert.rejects(openVault(settings, database, { now }), warrenError("master-key-wrong"));
  });

  it("says on a refresh that the key file is gone, and goes on with what it has", async () => {
    const [settings, database] = [newFile(), new MemoryDatabase()];
    const vault = await openVault(settings, database, { now });
    await addVersion(settings, 2, database);
    rmSync(settings.path);
    await assert.rejects(vault.refresh(), warrenError("master-key-missing"));
    assert.equal(vault.open(vault.seal(new Uint8Array(3), "x"), "x").length, 3);
  });
});

describe("opening a vault with a PKCS#11 token", { skip: softHsmMissing() }, () => {
  const token = new SoftHsm();
  let labels = 0;
  const newSettings = () => ({ ...token.settings, keyLabel: `database ${labels++}` });
  testStart(newSettings);

  it("opens data keys of a key file as well while keys move", async () => {
    const [file, hsm, database] = [newFile(), newSettings(), new MemoryDatabase()];
    const sealed = (await openVault(file, database, { now })).seal(new Uint8Array(7), "x");
    await assert.rejects(openVault(hsm, database, { now }), (error: Error) => {
      assert.ok(warrenError("master-key-missing")(error));
      return /kind "file"/.test(error.message);
    });
    const vault = await openVault({ ...hsm, previous: file }, database, { now });
    assert.equal(vault.open(sealed, "x").length, 7);
  });
});

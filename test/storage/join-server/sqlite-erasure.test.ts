import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { importAes128Key } from "../../../src/crypto/aes128.ts";
import { systemRandomBytes } from "../../../src/crypto/random.ts";
import type { Device } from "../../../src/join-server/device.ts";
import { SqliteJoinServerStore } from "../../../src/storage/join-server/sqlite/sqlite-join-server-store.ts";
import { OctetSearch } from "../../support/octet-search.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { testVault } from "../../support/test-vault.ts";
import { anyDevice } from "./contract/arbitrary-records.ts";

const KILLS = 4;
const INTERVAL_MS = 500;
/** Of a sealed value, after version and nonce, which others share. */
const SEALED_HEADER_OCTETS = 28;

const folder = temporaryFolder();
let databases = 0;
const newPath = () => join(folder, `${databases++}.db`);
const open = (path: string) => SqliteJoinServerStore.openWith(path, testVault());
const bodyOf = (sealed: Uint8Array) => Buffer.from(sealed).subarray(SEALED_HEADER_OCTETS);

function sealedOf(path: string): Buffer[] {
  const database = new DatabaseSync(path, { readOnly: true });
  const rows = database.prepare("SELECT root_keys FROM devices").all();
  database.close();
  return rows.map((row) => bodyOf(row["root_keys"] as Uint8Array));
}

function countOnDisk(path: string, values: readonly Uint8Array[]): number {
  const search = new OctetSearch(values);
  const files = ["", "-wal", "-shm"]
    .map((suffix) => path + suffix)
    .filter((file) => existsSync(file));
  return new Set(files.flatMap((file) => [...search.findIn(readFileSync(file))])).size;
}

async function createdIn(store: SqliteJoinServerStore, count: number): Promise<Device[]> {
  const devices = Array.from({ length: count }, () => anyDevice());
  await store.createDevices(devices.map((device) => ({ device, usedDevNonces: [] })));
  return devices;
}

function withNewKeys(device: Device): Device {
  const key = () => importAes128Key(systemRandomBytes(16));
  const currentKeys = { nwkKey: key(), appKey: key() };
  return { ...device, rootKeys: { ...device.rootKeys, currentKeys } };
}

describe("erasure of replaced keys in SQLite", () => {
  it("is over when a single save is, and in groups soon after many", async () => {
    const path = newPath();
    const store = open(path);
    const devices = await createdIn(store, 30);
    const old = sealedOf(path);
    assert.equal(countOnDisk(path, old), 30);
    await store.saveDevice(withNewKeys(devices[0] as Device));
    assert.equal(countOnDisk(path, old), 29);
    for (const device of devices.slice(1)) await store.saveDevice(withNewKeys(device));
    await sleep(3 * INTERVAL_MS);
    assert.equal(countOnDisk(path, old), 0);
    assert.equal(countOnDisk(path, sealedOf(path)), 30);
    await store.close();
  });

  it("is done once a reader that was in its way is gone, and no save waits for that", async () => {
    const path = newPath();
    const store = open(path);
    const [device] = (await createdIn(store, 1)) as [Device];
    const old = sealedOf(path);
    const reader = new DatabaseSync(path, { readOnly: true });
    reader.exec("BEGIN");
    reader.prepare("SELECT * FROM devices").all();
    assert.equal(await store.saveDevice(withNewKeys(device)), "saved");
    await sleep(3 * INTERVAL_MS);
    assert.equal(countOnDisk(path, old), 1, "the reader may still look at it");
    reader.exec("COMMIT");
    await sleep(3 * INTERVAL_MS);
    assert.equal(countOnDisk(path, old), 0);
    reader.close();
    await store.close();
  });

  it("is done for a deleted data key too, once a reader that was in its way is gone", async () => {
    const path = newPath();
    const store = open(path);
    const wrappedKey = systemRandomBytes(40);
    const record = { version: 7, vault: "file", wrappedKey, createdAt: 0 };
    assert.ok(await store.insertDataKey(record));
    const reader = new DatabaseSync(path, { readOnly: true });
    reader.exec("BEGIN");
    reader.prepare("SELECT * FROM data_keys").all();
    await store.deleteDataKey(7);
    assert.equal(countOnDisk(path, [wrappedKey]), 1, "the reader may still look at it");
    reader.close();
    await sleep(3 * INTERVAL_MS);
    assert.equal(countOnDisk(path, [wrappedKey]), 0);
    await store.close();
  });

  it("is done by closing the database", async () => {
    const path = newPath();
    const store = open(path);
    const devices = await createdIn(store, 2);
    const old = sealedOf(path);
    for (const device of devices) await store.saveDevice(withNewKeys(device));
    await store.close();
    assert.equal(countOnDisk(path, old), 0);
    assert.equal(countOnDisk(path, sealedOf(path)), 2);
  });

  it("costs no checkpoint for each of many saves", async () => {
    const path = newPath();
    const store = open(path);
    const devices = await createdIn(store, 40);
    let truncations = 0;
    let lastBytes = 0;
    const startedAt = performance.now();
    for (const device of devices) {
      await store.saveDevice(withNewKeys(device));
      const { size } = statSync(`${path}-wal`);
      if (size < lastBytes || size === 0) truncations += 1;
      lastBytes = size;
    }
    const elapsedMs = performance.now() - startedAt;
    assert.ok(truncations <= 2 + elapsedMs / INTERVAL_MS, `${truncations} in ${elapsedMs} ms`);
    await store.close();
  });

  it("is done by the next start after a process was killed in the middle", async () => {
    const path = newPath();
    const first = open(path);
    await createdIn(first, 20);
    await first.close();
    const seen = new Set(sealedOf(path).map((sealed) => sealed.toString("hex")));
    const script = join(import.meta.dirname, "replace-keys-for-ever.ts");
    let left = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const child = spawn(process.execPath, [script, path], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      let told = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        told += text;
      });
      while (told.length < 20_000) await sleep(5);
      await sleep(Math.random() * INTERVAL_MS);
      child.kill("SIGKILL");
      await once(child, "close");
      for (const line of told.split("\n").slice(0, -1)) {
        seen.add(bodyOf(Buffer.from(line, "hex")).toString("hex"));
      }
      const current = new Set(sealedOf(path).map((sealed) => sealed.toString("hex")));
      const old = [...seen].filter((sealed) => !current.has(sealed));
      const values = old.map((sealed) => Buffer.from(sealed, "hex"));
      left += countOnDisk(path, values);
      const store = open(path);
      assert.equal(countOnDisk(path, values), 0);
      assert.equal(countOnDisk(path, sealedOf(path)), 20);
      await store.close();
      assert.equal(countOnDisk(path, values), 0);
    }
    assert.ok(left > 0, "no kill has left anything to erase");
  });
});

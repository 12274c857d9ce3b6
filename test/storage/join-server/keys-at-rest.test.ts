import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Aes128Key, exportAes128Key, importAes128Key } from "../../../src/crypto/aes128.ts";
import { importKek } from "../../../src/crypto/key-wrap.ts";
import { systemRandomBytes } from "../../../src/crypto/random.ts";
import type { Device } from "../../../src/join-server/device.ts";
import type { Session } from "../../../src/join-server/session.ts";
import { formatHex } from "../../../src/lorawan/hex.ts";
import { parseEui64 } from "../../../src/lorawan/identifiers.ts";
import { encodeRootKeys } from "../../../src/storage/join-server/rows/root-keys-codec.ts";
import { JOIN_SERVER_MIGRATIONS } from "../../../src/storage/join-server/sqlite/schema.ts";
import { SqliteJoinServerStore } from "../../../src/storage/join-server/sqlite/sqlite-join-server-store.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { testVault } from "../../support/test-vault.ts";
import { warrenError } from "../../support/warren-error.ts";
import {
  anyDevice,
  applicationServer,
  assertSame,
  networkServer,
  sampleOf,
  session,
} from "./contract/arbitrary-records.ts";

const folder = temporaryFolder();
let databases = 0;
const newPath = () => join(folder, `${databases++}.db`);
const open = (path: string) => SqliteJoinServerStore.openWith(path, testVault());

const FILES = ["", "-wal", "-shm", "-journal"];

/** Every octet of the database on disk, the log included. */
function onDisk(path: string): string {
  return FILES.filter((suffix) => existsSync(path + suffix))
    .map((suffix) => readFileSync(path + suffix, "latin1"))
    .join("\n");
}

/** How many of the values are on disk in any spelling: raw, hex of either case, base64. */
function countOnDisk(path: string, values: readonly Uint8Array[]): number {
  const disk = onDisk(path);
  return values.filter((value) => {
    const bytes = Buffer.from(value);
    const spellings = [bytes.toString("latin1"), bytes.toString("hex"), bytes.toString("base64")];
    spellings.push(bytes.toString("hex").toUpperCase(), bytes.toString("base64url"));
    return spellings.some((spelling) => disk.includes(spelling.replace(/=+$/, "")));
  }).length;
}

const randomKey = () => importAes128Key(systemRandomBytes(16));
const randomKeys = () => ({ nwkKey: randomKey(), appKey: randomKey() });

/** A device every key of which is random, so that none is found by chance. */
function deviceToSearch(): Device {
  const base = anyDevice();
  const sessions = [true, false].map((optNeg): Session => {
    const [fNwkSIntKey, sNwkSIntKey, nwkSEncKey] = [randomKey(), randomKey(), randomKey()];
    const keys = optNeg
      ? { fNwkSIntKey, sNwkSIntKey, nwkSEncKey, appSKey: randomKey() }
      : { fNwkSIntKey, sNwkSIntKey: fNwkSIntKey, nwkSEncKey: fNwkSIntKey, appSKey: randomKey() };
    return { ...sampleOf(session), optNeg, keys, foreignJoinEui: undefined };
  });
  const keys = { currentKeys: randomKeys(), candidateKeys: randomKeys() };
  const rootKeys = { ...base.rootKeys, ...keys, x25519PrivateKey: undefined };
  return { ...base, sessions, rootKeys };
}

function keysOf({ rootKeys, sessions }: Device): Uint8Array[] {
  const { currentKeys, candidateKeys } = rootKeys;
  const keys = [currentKeys, candidateKeys ?? currentKeys, ...sessions.map((one) => one.keys)];
  return keys.flatMap((one) => Object.values(one).map((key) => new Uint8Array(key.export())));
}

describe("keys at rest", () => {
  it("are nowhere in the files, neither while they are in use nor afterwards", async () => {
    const path = newPath();
    const store = open(path);
    const secrets: Uint8Array[] = [];
    for (let count = 0; count < 20; count++) {
      const [device, next] = [deviceToSearch(), deviceToSearch()];
      await store.createDevices([{ device, usedDevNonces: [] }]);
      const { devEui } = device;
      await store.saveDevice({ ...next, devEui, rootKeys: { ...next.rootKeys, devEui } });
      secrets.push(...keysOf(device), ...keysOf(next));
    }
    const kek = () => ({ label: "label", kek: importKek(systemRandomBytes(16)) });
    const route = { url: "http://x", ca: undefined, protocolVersion: "1.0" as const };
    const authorization = `Bearer ${Buffer.from(systemRandomBytes(24)).toString("base64url")}`;
    const ns = { ...sampleOf(networkServer), kek: kek() };
    const as = { ...sampleOf(applicationServer), kek: kek() };
    await store.saveNetworkServer({
      ...ns,
      route: { ...route, authorization, senderNsId: undefined },
    });
    await store.saveApplicationServer(as);
    const secret = systemRandomBytes(32);
    await store.saveSecretOnce("import-key", secret);
    secrets.push(secret, Buffer.from(authorization), ns.kek.kek.export(), as.kek.kek.export());
    assert.ok(onDisk(path).includes(ns.netId), "the records themselves are found");
    assert.equal(countOnDisk(path, secrets), 0);
    await store.close();
    assert.equal(countOnDisk(path, secrets), 0);
  });

  it("leave the files, log included, when a commit brings new ones or the device is deleted", async () => {
    const path = newPath();
    const store = open(path);
    const device = deviceToSearch();
    await store.createDevices([{ device, usedDevNonces: [] }]);
    const sealed = () => {
      const database = new DatabaseSync(path, { readOnly: true });
      const row = database.prepare("SELECT root_keys FROM devices").get();
      database.close();
      return row?.["root_keys"] as Uint8Array;
    };
    const old = sealed();
    assert.equal(countOnDisk(path, [old]), 1);
    const rootKeys = { ...device.rootKeys, currentKeys: randomKeys() };
    await store.saveDevice({ ...device, rootKeys });
    assert.equal(countOnDisk(path, [old]), 0);
    const fresh = sealed();
    assert.equal(countOnDisk(path, [fresh]), 1);
    await store.deleteDevice(device.devEui);
    // So soon after another erasure this one waits.
    await sleep(1_500);
    assert.equal(countOnDisk(path, [fresh]), 0);
    await store.close();
  });
});

describe("a database with its keys in the clear", () => {
  const kek = systemRandomBytes(16);

  /** As the first schema had it. */
  function makeClear(path: string, devices: readonly Device[]): void {
    const database = new DatabaseSync(path);
    database.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON");
    database.exec(JOIN_SERVER_MIGRATIONS[0] as string);
    database.exec("PRAGMA user_version = 1");
    const insert = database.prepare(`INSERT INTO devices VALUES (${"?, ".repeat(17)}?)`);
    for (const device of devices) insert.run(...clearRow(device));
    database
      .prepare("INSERT INTO used_dev_nonces VALUES (?, ?, 77)")
      .run((devices[0] as Device).devEui, (devices[0] as Device).joinEui);
    database
      .prepare(
        "INSERT INTO network_servers VALUES ('000013', 'http://ns', 'a', ?), ('000014', NULL, 'b', ?)",
      )
      .run(kek, kek);
    database.prepare("INSERT INTO application_servers VALUES ('as', 'c', ?, 'both')").run(kek);
    // Left open: a process that was killed leaves its log behind.
    abandoned.push(database);
  }
  const abandoned: DatabaseSync[] = [];

  function clearRow(device: Device) {
    const { joinEui, macVersion, homeNetId, asId, suite, rootKeys } = device;
    const keys = encodeRootKeys(rootKeys);
    const keyAt = (index: number) =>
      16 * index < keys.length ? keys.slice(16 * index, 16 * index + 16) : null;
    return [
      device.devEui,
      device.version,
      device.createdAt,
      JSON.stringify({ joinEui, macVersion, homeNetId, asId, suite, minimumUpdatePeriodMs: 5 }),
      ...[0, 1, 2, 3].map(keyAt),
      rootKeys.generation,
      rootKeys.lastUpdateId,
      rootKeys.update === undefined ? null : JSON.stringify(rootKeys.update),
      device.updateStartedAt ?? null,
      device.updateCommittedAt ?? null,
      device.joinNonce,
      device.lastDevNonce ?? null,
      device.rjCount1 ?? null,
      device.lastDevAddr ?? null,
      sessionsAsJson(device.sessions),
    ];
  }

  /** As sessions were stored before they became octets. */
  function sessionsAsJson(sessions: readonly Session[]): Uint8Array {
    const hex = (key: Aes128Key) => formatHex(exportAes128Key(key));
    const stored = sessions.map(({ keys, ...rest }) => ({
      ...rest,
      keys: [keys.fNwkSIntKey, keys.sNwkSIntKey, keys.nwkSEncKey, keys.appSKey].map(hex),
    }));
    return new TextEncoder().encode(JSON.stringify(stored));
  }

  /** What the first schema could not say of a device. */
  const AS_BEFORE = {
    name: "",
    description: "",
    tags: {},
    isDisabled: false,
    allowsForeignJoinEui: false,
    initialJoinNonce: 0,
    nwkKeyReplacedAt: undefined,
    deviceProfile: "",
    updatePolicy: { minimumPeriodMs: 5 },
    carrier: "automatic" as const,
    generationSessions: 0,
    updateWanted: undefined,
    updateNotBefore: undefined,
    failedAttempts: 0,
    attempt: undefined,
    lastGatewayId: undefined,
  };

  function closeAbandoned(): void {
    for (const database of abandoned.splice(0)) database.close();
  }

  it("is taken over whole, and no octet of a key stays in the files", async () => {
    const path = newPath();
    const base = anyDevice({ sessions: [] });
    const devices = Array.from({ length: 1_200 }, (_, index) => {
      const devEui = parseEui64(index.toString(16).padStart(16, "0"));
      const rootKeys = { ...base.rootKeys, devEui, x25519PrivateKey: undefined };
      const device = index % 120 === 0 ? deviceToSearch() : { ...base, devEui, rootKeys };
      return { ...device, ...AS_BEFORE, version: index + 1 };
    });
    makeClear(path, devices);
    const clear = [kek, ...devices.filter((_, index) => index % 120 === 0).flatMap(keysOf)];
    assert.equal(countOnDisk(path, clear), clear.length);
    closeAbandoned();
    assert.equal(countOnDisk(path, clear), clear.length);

    const store = open(path);
    assert.equal(countOnDisk(path, clear), 0);
    assert.equal(await store.countDevices(), devices.length);
    for (const device of devices) assertSame(await store.loadDevice(device.devEui), device);
    const [first] = devices as [Device];
    assert.deepEqual(await store.listUsedDevNonces(first.devEui), [
      { joinEui: first.joinEui, devNonce: 77 },
    ]);
    const [one, two] = await store.listNetworkServers();
    assert.equal(one?.route?.url, "http://ns");
    assert.deepEqual([one?.relaysRootKeyUpdates, two?.relaysRootKeyUpdates], [true, false]);
    assert.deepEqual([one?.isAllowed, one?.authentication], [true, { kind: "loopback" }]);
    assert.equal(two?.route, undefined);
    const as = await store.loadApplicationServer("as");
    assert.deepEqual([as?.appSKeyDelivery, as?.kek.label], ["both", "c"]);
    assert.deepEqual(new Uint8Array((as?.kek.kek.export() ?? []) as Buffer), kek);
    await store.close();
    assert.equal(countOnDisk(path, clear), 0);

    const again = open(path);
    assert.equal(await again.countDevices(), devices.length);
    await again.close();
  });

  it("is not opened while another process uses it, and can be afterwards", async () => {
    const path = newPath();
    const device = { ...deviceToSearch(), ...AS_BEFORE };
    makeClear(path, [device]);
    const [reader] = abandoned as [DatabaseSync];
    reader.exec("BEGIN; SELECT * FROM devices");
    reader.prepare("SELECT * FROM devices").all();
    assert.throws(() => open(path), warrenError("storage-failed"));
    reader.exec("COMMIT");
    closeAbandoned();
    const store = open(path);
    assert.equal(countOnDisk(path, [kek, ...keysOf(device)]), 0);
    assertSame(await store.loadDevice(device.devEui), device);
    await store.close();
  });

  it("stays as it is when the vault does not open", async () => {
    const path = newPath();
    const device = { ...deviceToSearch(), ...AS_BEFORE };
    makeClear(path, [device]);
    closeAbandoned();
    const refusal = new Error("no");
    await assert.rejects(
      SqliteJoinServerStore.open(path, () => Promise.reject(refusal)),
      refusal,
    );
    const store = open(path);
    assertSame(await store.loadDevice(device.devEui), device);
    await store.close();
  });
});

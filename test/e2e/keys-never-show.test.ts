import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { systemClock } from "../../src/clock.ts";
import { type Aes128Key, exportAes128Key } from "../../src/crypto/aes128.ts";
import type { DataKeyRecord } from "../../src/join-server/ports/data-key-store.ts";
import { openJoinServerStorage } from "../../src/storage/join-server/open-storage.ts";
import { KeyFile } from "../../src/vault/key-file/key-file.ts";
import { openVault } from "../../src/vault/open-vault.ts";
import { AS_ID, keyHex, NET_ID, registrationOf } from "../support/join-server-rig.ts";
import { randomKey, TestDevice } from "../support/test-device.ts";
import { KeySearch, type SoughtKey } from "./support/key-search.ts";
import { databaseFiles, ObservedJoinServer } from "./support/observed-join-server.ts";

// A Join Server process lives through everything that touches keys: first start, devices, joins, refusals,
// a root key update, a rotation, a defect, a crash, a start that is refused. Then every key that there was
// is looked for in all that it has said and written.

const folder = mkdtempSync(join(tmpdir(), "warren-e2e-"));
const server = new ObservedJoinServer(folder);
const databasePath = join(server.data, "join-server.db");
const keyFilePath = join(server.data, "master-keys");
const devices = (["1.0.2", "1.0.4", "1.1.0"] as const).map((version) => new TestDevice(version));
const keks = { ns: randomKey(), as: randomKey() };
/** What a search of a moment found, by what it looked through. */
const found: string[] = [];
const keys: SoughtKey[] = [];

const bytesOf = (key: Aes128Key) => exportAes128Key(key);
const log = () => server.texts.join("\n");

/** Data keys and master keys as they are now. */
async function collectVaultKeys(): Promise<void> {
  let records: DataKeyRecord[] = [];
  const settings = { kind: "file", path: keyFilePath } as const;
  const copy = join(folder, "copy.db");
  copyFileSync(databasePath, copy);
  copyFileSync(`${databasePath}-wal`, `${copy}-wal`);
  const store = await openJoinServerStorage({ kind: "sqlite", path: copy }, async (dataKeys) => {
    records = await dataKeys.listDataKeys();
    return openVault(settings, dataKeys, { now: systemClock.now });
  });
  await store.close();
  assert.ok(records.length > 0);
  const keyFile = new KeyFile(keyFilePath, systemClock.now);
  for (const { version, wrappedKey } of records) {
    const bytes = await keyFile.unwrapDataKey(version, wrappedKey);
    keys.push({ name: `data key ${version}`, bytes });
  }
  for (const [line] of readFileSync(keyFilePath, "utf8").matchAll(/^\d.*$/gm)) {
    const [version, , hex = ""] = line.split(" ");
    keys.push({ name: `master key ${version}`, bytes: Buffer.from(hex, "hex") });
  }
}

/** Looks for every key of so far in the files of the database as they are at this moment. */
function searchDatabase(when: string): void {
  const ofDevices = devices.flatMap(({ devEui, allKeys }) =>
    allKeys.map((key) => ({ name: `a key of ${devEui}`, bytes: bytesOf(key) })),
  );
  const peers = Object.entries(keks).map(([name, key]) => ({ name, bytes: bytesOf(key) }));
  for (const name of new KeySearch([...keys, ...ofDevices, ...peers]).inBytes(
    databaseFiles(databasePath),
  )) {
    found.push(`${name} in the database ${when}`);
  }
}

async function live(device: TestDevice): Promise<void> {
  const { devEui: DevEUI } = device;
  await server.call("PUT", `devices/${DevEUI}`, registrationOf(device));
  const { SessionKeyID } = await server.join(device);
  await server.ask("AppSKeyReq", { SenderID: AS_ID, DevEUI, SessionKeyID });
  await server.ask("AppSKeyReq", { SenderID: "other-as", DevEUI, SessionKeyID });
  const wrong = { nwkKey: randomKey(), appKey: randomKey() };
  await server.askJoin(device, device.joinRequestUnder(wrong, 1000));
  await server.askJoin(device, device.joinRequestUnder(device.currentKeys, 0));
  if (device.macVersion === "1.1.0") await server.join(device, device.rejoinRequest(1));
  const { MACCommand } = await server.ask("RootKeyUpdateReq", { DevEUI, Reason: "age" });
  const ready = device.receiveCommand(MACCommand as string);
  await server.ask("RootKeyCommandReq", { DevEUI, MACCommand: `${ready?.slice(0, -2)}00` });
  const readyAns = await server.ask("RootKeyCommandReq", { DevEUI, MACCommand: ready });
  device.receiveCommand(readyAns["MACCommand"] as string);
  searchDatabase("during a root key update");
  await server.join(device);
  const key = keyHex(device.currentKeys.nwkKey);
  for (const body of [{ nwkKey: `${key}zz`, appKey: [key] }, { nwkKey: key, secret: key }, key]) {
    await server.call("PUT", `devices/${DevEUI}`, body);
    await server.call("PUT", "network-servers/0000aa", body);
  }
  await server.call("GET", `devices/${DevEUI}?key=${key}`);
  await server.call("GET", `devices/${DevEUI}`);
  await server.ask("JoinReq", { DevEUI, PHYPayload: key });
}

before(async () => {
  await server.start();
  const kek = (key: Aes128Key, kekLabel: string) => ({ kek: keyHex(key), kekLabel });
  await server.call("PUT", `network-servers/${NET_ID}`, kek(keks.ns, "ns"));
  await server.call("PUT", `application-servers/${AS_ID}`, kek(keks.as, "as"));
  await server.followEvents();
  for (const device of devices) await live(device);
  await collectVaultKeys();
  searchDatabase("before the rotation");
  assert.equal(await server.run("vault", "rotate"), 0, log());
  assert.equal(await server.run("vault", "status"), 0);
  for (const device of devices) await server.join(device);
  await collectVaultKeys();
  searchDatabase("after the rotation");
  for (const path of [
    "devices",
    "network-servers",
    "application-servers",
    "audit",
    "../../metrics",
  ]) {
    await server.call("GET", path);
  }
  // A defect in the middle of a join, then one that nobody catches.
  const [device] = devices;
  assert.ok(device);
  server.signal("SIGUSR2");
  while ((await server.askJoin(device, device.joinRequest()))["PHYPayload"] !== undefined);
  server.signal("SIGUSR2");
  assert.equal(await server.ended(), 1);
  searchDatabase("after the crash");
  // A start that is refused for each reason a key file can give.
  const text = readFileSync(keyFilePath, "utf8");
  const [hex = ""] = /[0-9a-f]{64}/.exec(text) ?? [];
  for (const changed of [text.replace(hex, hex.slice(1)), text.replace(hex, "ab".repeat(32)), ""]) {
    writeFileSync(keyFilePath, changed, { mode: 0o600 });
    assert.equal(await server.run("join-server"), 1);
  }
  writeFileSync(keyFilePath, text, { mode: 0o600 });
  for (const { devEui, allKeys } of devices) {
    const named = allKeys.map((key, n) => ({ name: `key ${n} of ${devEui}`, bytes: bytesOf(key) }));
    keys.push(...named);
  }
  for (const [name, key] of Object.entries(keks)) keys.push({ name, bytes: bytesOf(key) });
});

after(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("the process lived through all of it", () => {
  assert.ok(keys.length > 40, `${keys.length} keys`);
  for (const words of [
    /"event":"join-accepted"/,
    /^event: join-accepted/m,
    /^# TYPE warren_/m,
    /"event":"update-committed"/,
    /"event":"defect".*cipher failed/,
    /ended by a defect.*|"origin":"uncaughtException"/,
    /Every record is encrypted under version 2/,
    /"ResultCode":"MICFailed"/,
    /"title":"request-malformed"/,
    /\(vault-unavailable\)/,
    /\(master-key-wrong\)/,
    /\(master-key-missing\)/,
  ]) {
    assert.match(log(), words);
  }
});

test("no key stands in anything it said: logs, errors, answers", () => {
  assert.deepEqual([...new KeySearch(keys).inBytes(Buffer.from(log()))], []);
  const token = readFileSync(join(server.data, "admin-token"), "utf8").trim();
  assert.ok(!log().includes(token));
});

test("no key stands in the database or its log of writes, at any moment", () => {
  assert.deepEqual(found, []);
});

test("no key stands in any other file, but master keys in the key file", () => {
  const inFiles = [...new KeySearch(keys).inFolder(folder)];
  assert.deepEqual(
    inFiles.filter((name) => !/^master key 2 .*in master-keys$/.test(name)),
    [],
  );
  assert.ok(inFiles.length > 0, "the search finds the master key where it must be");
});

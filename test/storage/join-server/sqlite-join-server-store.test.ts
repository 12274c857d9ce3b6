import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Device } from "../../../src/join-server/device.ts";
import { parseEui64 } from "../../../src/lorawan/identifiers.ts";
import { SqliteJoinServerStore } from "../../../src/storage/join-server/sqlite/sqlite-join-server-store.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { TestKeyring, testVault } from "../../support/test-vault.ts";
import { warrenError } from "../../support/warren-error.ts";
import {
  anyDevice,
  applicationServer,
  assertSame,
  auditEvent,
  networkServer,
  sampleOf,
  session,
} from "./contract/arbitrary-records.ts";
import { type AnyStore, nonceOf } from "./contract/store-under-test.ts";
import { describeStoreContract } from "./store-contract.ts";

const folder = temporaryFolder();
/** The device of `save-for-ever.ts`. */
const SAVED_FOR_EVER = parseEui64("0102030405060708");
let databases = 0;
const newPath = () => join(folder, `${databases++}.db`);
const open = (path: string) => SqliteJoinServerStore.openWith(path, testVault());

async function createIn(store: AnyStore, changes: Partial<Device> = {}): Promise<Device> {
  const device = anyDevice(changes);
  await store.createDevices([{ device, usedDevNonces: [] }]);
  return device;
}

describeStoreContract("SQLite in a file", () => {
  const path = newPath();
  return { open: (vault) => SqliteJoinServerStore.open(path, () => Promise.resolve(vault)) };
});

describe("opening a SQLite store", () => {
  it("gives the vault the data keys of the database", async () => {
    const path = newPath();
    const record = { version: 1, vault: "file", wrappedKey: new Uint8Array(40), createdAt: 5 };
    const first = await SqliteJoinServerStore.open(path, async (keys) => {
      assert.equal(await keys.insertDataKey(record, auditEvent()), true);
      return testVault();
    });
    assert.deepEqual(await first.listDataKeys(), [record]);
    await first.close();
  });

  it("leaves the file closed when the vault does not open", async () => {
    const path = newPath();
    const refusal = new Error("no");
    await assert.rejects(
      SqliteJoinServerStore.open(path, () => Promise.reject(refusal)),
      refusal,
    );
    // Only a connection that has the file to itself may leave the mode of the write-ahead log.
    const database = new DatabaseSync(path);
    database.exec("PRAGMA journal_mode=DELETE");
    assert.equal(database.prepare("PRAGMA journal_mode").get()?.["journal_mode"], "delete");
    database.close();
  });
});

describe("the rows of a SQLite store", () => {
  it("do not give a device the keys of another one when somebody copies them", async () => {
    const path = newPath();
    const store = open(path);
    const sessions = anyDevice().sessions.concat(sampleOf(session));
    const [one, two] = [await createIn(store, { sessions }), await createIn(store, { sessions })];
    const database = new DatabaseSync(path);
    for (const column of ["root_keys", "sessions"]) {
      const copy = `UPDATE devices SET ${column} = (SELECT ${column} FROM devices WHERE dev_eui = ?) WHERE dev_eui = ?`;
      const saved = database
        .prepare(`SELECT ${column} AS value FROM devices WHERE dev_eui = ?`)
        .get(two.devEui);
      database.prepare(copy).run(one.devEui, two.devEui);
      await assert.rejects(store.loadDevice(two.devEui), warrenError("sealed-value-damaged"));
      database
        .prepare(`UPDATE devices SET ${column} = ? WHERE dev_eui = ?`)
        .run(saved?.["value"] as Uint8Array, two.devEui);
      assertSame(await store.loadDevice(two.devEui), two);
    }
    database.close();
    await store.close();
  });

  it("that were cut off are named by whatever finds them, and can be deleted", async () => {
    const path = newPath();
    const keyring = new TestKeyring(1);
    const vault = keyring.openVault();
    const store = SqliteJoinServerStore.openWith(path, vault);
    const { devEui } = await createIn(store);
    const database = new DatabaseSync(path);
    keyring.add(2);
    await vault.refresh();
    for (const rest of ["x''", "x'0000'", "substr(root_keys, 1, 10)"]) {
      database.exec(`UPDATE devices SET root_keys = CAST(${rest} AS BLOB)`);
      for (const find of [
        () => store.loadDevice(devEui),
        () => store.findDevices({}, 10),
        () => store.resealSome(2, 10),
      ]) {
        await assert.rejects(find(), (error: Error) => {
          assert.ok(warrenError("sealed-value-damaged")(error));
          assert.ok(error.message.includes(devEui), error.message);
          return true;
        });
      }
    }
    assert.ok(await store.deleteDevice(devEui));
    assert.equal(await store.resealSome(2, 10), 0);
    database.close();
    await store.close();
  });

  it("of the audit log cannot be changed, erased, replaced or put elsewhere", async () => {
    const path = newPath();
    const store = open(path);
    await store.appendAudit([auditEvent(), auditEvent()]);
    const database = new DatabaseSync(path);
    const row = "1, '', '', '', '{}', '', ''";
    for (const sql of [
      "UPDATE audit_log SET actor = 'somebody else' WHERE seq = 1",
      "DELETE FROM audit_log WHERE seq = 2",
      "DELETE FROM audit_log",
      `INSERT OR REPLACE INTO audit_log VALUES (2, ${row})`,
      `INSERT INTO audit_log VALUES (9, ${row})`,
    ]) {
      assert.throws(() => database.exec(sql), /append-only/, sql);
    }
    assert.equal((await store.readAudit(0, 10)).length, 2);
    database.close();
    await store.close();
  });

  it("are looked at 10,000 at a time, so that a search does not hold joins up", async () => {
    const store = open(newPath());
    const one = anyDevice({ name: "", asId: "as" });
    const devices = Array.from({ length: 10_500 }, (_, index) => {
      const devEui = parseEui64(index.toString(16).padStart(16, "0"));
      const name = index === 10_100 ? "needle" : "hay";
      return { device: { ...one, sessions: [], devEui, name }, usedDevNonces: [] };
    });
    await store.createDevices(devices);
    const first = await store.findDevices({ text: "needle" }, 10);
    assert.deepEqual(first, { devices: [], next: devices[9_999]?.device.devEui });
    const second = await store.findDevices({ text: "needle" }, 10, first.next);
    assert.deepEqual(
      second.devices.map(({ name }) => name),
      ["needle"],
    );
    assert.equal(second.next, undefined);
    const near = await store.findDevices({ text: "needle", devEuiPrefix: "00000000000027" }, 10);
    assert.deepEqual([near.devices.length, near.next], [1, undefined]);
    await store.close();
  });
});

describe("a SQLite store whose database fails", () => {
  it("says storage-failed from every method, and that it is not ready", async () => {
    const store = open(newPath());
    const device = await createIn(store);
    assert.equal(await store.isReady(), true);
    await store.close();
    await store.close();
    assert.equal(await store.isReady(), false);
    const range = { first: device.joinEui, prefixLengthBits: 64 };
    const token = { id: "1", name: "", role: "auditor", hash: "", createdAt: 0 } as const;
    const dataKey = { version: 1, vault: "file", wrappedKey: new Uint8Array(1), createdAt: 0 };
    const calls = [
      () => store.loadDevice(device.devEui),
      () => store.createDevices([{ device: anyDevice(), usedDevNonces: [] }]),
      () => store.saveDevice(device),
      () => store.deleteDevice(device.devEui),
      () => store.findDevices({}, 1),
      () => store.findDevices({ text: "x" }, 1),
      () => store.countDevices(),
      () => store.listUsedDevNonces(device.devEui),
      () => store.loadNetworkServer("000013" as never),
      () => store.listNetworkServers(),
      () => store.saveNetworkServer(sampleOf(networkServer)),
      () => store.deleteNetworkServer("000013" as never),
      () => store.loadApplicationServer("as"),
      () => store.listApplicationServers(),
      () => store.saveApplicationServer(sampleOf(applicationServer)),
      () => store.deleteApplicationServer("as"),
      () => store.listJoinEuiRanges(),
      () => store.saveJoinEuiRange(range),
      () => store.deleteJoinEuiRange(range),
      () => store.findToken(""),
      () => store.listTokens(),
      () => store.saveToken({ ...token, expiresAt: undefined }),
      () => store.deleteToken("1"),
      () => store.loadSecret("x"),
      () => store.saveSecretOnce("x", new Uint8Array(1)),
      () => store.appendAudit([auditEvent()]),
      () => store.readAudit(0, 1),
      () => store.lastAudit(),
      () => store.countSealedBefore(1),
      () => store.resealSome(1, 1),
      () => store.listDataKeys(),
      () => store.insertDataKey(dataKey),
      () => store.leastSealingVersion(),
      () => store.raiseLeastSealingVersion(1),
      () => store.deleteDataKey(1),
    ];
    for (const call of calls) {
      await assert.rejects(call, warrenError("storage-failed"), String(call));
    }
  });
});

describe("another process that saves", () => {
  it("has on disk whatever it said it had saved when it is killed, ten times in a row", async () => {
    const path = newPath();
    const devEui = SAVED_FOR_EVER;
    const setUp = open(path);
    const base = await createIn(setUp, { devEui, joinNonce: 0 });
    await setUp.close();

    for (let round = 0; round < 10; round++) {
      const said = await runAndKill(path);
      const store = open(path);
      const stored = (await store.loadDevice(devEui)) as Device;
      assert.ok(said > 0, "the child saved nothing");
      assert.ok(stored.joinNonce >= said, `said ${said}, found ${stored.joinNonce}`);
      assert.equal(stored.version, stored.joinNonce + 1);
      for (const devNonce of [said, stored.joinNonce]) {
        assert.equal(await store.saveDevice(stored, nonceOf(base, devNonce)), "dev-nonce-used");
      }
      await store.close();
    }
  });

  it("keeps all it saved while another process rotates the data key", async () => {
    const path = newPath();
    const keyring = new TestKeyring(1);
    const rotating = SqliteJoinServerStore.openWith(path, keyring.openVault());
    const base = await createIn(rotating, { devEui: SAVED_FOR_EVER, joinNonce: 0 });
    for (let count = 0; count < 100; count++) await createIn(rotating);
    const child = startChild(path);
    await child.nextLine();
    keyring.add(2);
    await rotating.raiseLeastSealingVersion(2);
    while ((await rotating.resealSome(2, 3)) > 0) await child.nextLine();
    await child.nextLine();
    const said = await child.kill();
    assert.equal(await rotating.countSealedBefore(2), 0);
    await rotating.close();

    const store = SqliteJoinServerStore.openWith(path, new TestKeyring(2).openVault());
    const stored = (await store.loadDevice(base.devEui)) as Device;
    assert.ok(stored.joinNonce >= said);
    assert.equal(stored.version, stored.joinNonce + 1);
    assert.equal((await store.listUsedDevNonces(base.devEui)).length, stored.joinNonce);
    assertSame(stored.sessions, base.sessions);
    assert.equal((await store.findDevices({}, 1_000)).devices.length, 101);
    await store.close();
  });

  async function runAndKill(path: string): Promise<number> {
    const child = startChild(path);
    await child.nextLine();
    await sleep(Math.random() * 30);
    return child.kill();
  }

  function startChild(path: string) {
    const child = spawn(process.execPath, [join(import.meta.dirname, "save-for-ever.ts"), path], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    return {
      nextLine: () => once(child.stdout, "data", { signal: AbortSignal.timeout(30_000) }),
      /** The last JoinNonce that it said it had saved. */
      kill: async () => {
        child.kill("SIGKILL");
        await once(child, "close");
        return Number(output.split("\n").slice(0, -1).at(-1));
      },
    };
  }
});

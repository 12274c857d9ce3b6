import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { exportAes128Key, importAes128Key } from "../../../src/crypto/aes128.ts";
import { importKek } from "../../../src/crypto/key-wrap.ts";
import type { Device } from "../../../src/join-server/device.ts";
import { parseEui64 } from "../../../src/lorawan/identifiers.ts";
import { SqliteJoinServerStore } from "../../../src/storage/join-server/sqlite/sqlite-join-server-store.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { warrenError } from "../../support/warren-error.ts";
import { anyDevice, describeStoreContract } from "./store-contract.ts";

const folder = temporaryFolder();
const KEK = { label: "kek", kek: importKek(new Uint8Array(16)) };

describeStoreContract("SQLite in a file", () => {
  const path = join(folder, "contract.db");
  let store = new SqliteJoinServerStore(path);
  return {
    store,
    reopen: () => {
      store.close();
      store = new SqliteJoinServerStore(path);
      return store;
    },
    close: () => store.close(),
  };
});

describe("two SQLite stores on one file", () => {
  it("see each other's saves, and of two from one version one wins", async () => {
    const path = join(folder, "two.db");
    const [one, two] = [new SqliteJoinServerStore(path), new SqliteJoinServerStore(path)];
    const device = anyDevice();
    assert.equal(await one.createDevice(device), true);
    assert.equal(await two.createDevice(device), false);
    const [a, b] = [await one.loadDevice(device.devEui), await two.loadDevice(device.devEui)];
    const used = { joinEui: device.joinEui, devNonce: 1 };
    assert.equal(await one.saveDevice(a as Device, used), "saved");
    assert.equal(await two.saveDevice(b as Device, used), "dev-nonce-used");
    assert.equal(await two.saveDevice(b as Device, { ...used, devNonce: 2 }), "version-conflict");
    assert.equal(await two.saveDevice(b as Device), "version-conflict");
    one.close();
    two.close();
  });
});

describe("a commit of new root keys", () => {
  const octets = (key: Device["rootKeys"]["currentKeys"]["nwkKey"]) =>
    Buffer.from(exportAes128Key(key)).toString("latin1");
  const onDisk = (path: string) =>
    ["", "-wal"]
      .filter((suffix) => existsSync(path + suffix))
      .map((suffix) => readFileSync(path + suffix, "latin1"))
      .join("");

  it("takes the old ones off the disk at once, in the file and in its log", async () => {
    const path = join(folder, "erased.db");
    const store = new SqliteJoinServerStore(path);
    const old = anyDevice();
    await store.createDevice(old);
    const { currentKeys } = old.rootKeys;
    assert.ok(onDisk(path).includes(octets(currentKeys.nwkKey)));
    const fresh = anyDevice().rootKeys.currentKeys;
    const generation = old.rootKeys.generation + 1;
    const update = { ...anyUpdate(), status: "committed" as const };
    const rootKeys = { ...old.rootKeys, generation, update, currentKeys: fresh };
    await store.saveDevice({ ...old, rootKeys });
    for (const key of [currentKeys.nwkKey, currentKeys.appKey]) {
      assert.ok(!onDisk(path).includes(octets(key)));
    }
    assert.ok(onDisk(path).includes(octets(fresh.nwkKey)));
    store.close();
  });

  function anyUpdate(): NonNullable<Device["rootKeys"]["update"]> {
    for (;;) {
      const { update } = anyDevice().rootKeys;
      if (update !== undefined) return update;
    }
  }
});

describe("a store whose database fails", () => {
  it("says storage-failed from every method", async () => {
    const store = new SqliteJoinServerStore(join(folder, "closed.db"));
    const device = anyDevice();
    await store.createDevice(device);
    store.close();
    store.close();
    const calls = [
      () => store.loadDevice(device.devEui),
      () => store.createDevice(anyDevice()),
      () => store.saveDevice(device),
      () => store.listDevices(1),
      () => store.loadNetworkServer("000013" as never),
      () => store.loadApplicationServer("as"),
      () => store.saveNetworkServer({ netId: "000013" as never, url: undefined, kek: KEK }),
      () => store.saveApplicationServer({ asId: "as", kek: KEK, appSKeyDelivery: "both" }),
    ];
    for (const call of calls) await assert.rejects(call, warrenError("storage-failed"));
  });
});

describe("a process that is killed while it saves", () => {
  it("has on disk whatever it said it had saved, ten times in a row", async () => {
    const path = join(folder, "killed.db");
    const devEui = parseEui64("0102030405060708");
    const setUp = new SqliteJoinServerStore(path);
    const key = importAes128Key(new Uint8Array(16));
    const base = anyDevice({ devEui, joinNonce: 0 });
    const rootKeys = { ...base.rootKeys, devEui, currentKeys: { nwkKey: key, appKey: key } };
    await setUp.createDevice({ ...base, rootKeys });
    setUp.close();

    for (let round = 0; round < 10; round++) {
      const said = await runAndKill(path);
      const store = new SqliteJoinServerStore(path);
      const stored = (await store.loadDevice(devEui)) as Device;
      assert.ok(said > 0, "the child saved nothing");
      assert.ok(stored.joinNonce >= said, `said ${said}, found ${stored.joinNonce}`);
      assert.equal(stored.version, stored.joinNonce + 1);
      for (const devNonce of [said, stored.joinNonce]) {
        const used = { joinEui: base.joinEui, devNonce };
        assert.equal(await store.saveDevice(stored, used), "dev-nonce-used");
      }
      store.close();
    }
  });

  /** The last JoinNonce that the child said it had saved before it was killed. */
  async function runAndKill(path: string): Promise<number> {
    const child = spawn(process.execPath, [join(import.meta.dirname, "save-for-ever.ts"), path], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    await once(child.stdout, "data");
    await sleep(Math.random() * 30);
    child.kill("SIGKILL");
    await once(child, "close");
    const lines = output.split("\n").slice(0, -1);
    return Number(lines.at(-1));
  }
});

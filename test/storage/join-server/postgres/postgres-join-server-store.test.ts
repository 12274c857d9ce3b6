import assert from "node:assert/strict";
import { after, before, describe, it, mock } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { importKek } from "../../../../src/crypto/key-wrap.ts";
import type { Device } from "../../../../src/join-server/device.ts";
import { DEFAULT_PEER_SETTINGS } from "../../../../src/join-server/peers.ts";
import type { SaveOutcome } from "../../../../src/join-server/ports/device-store.ts";
import { decideAndSave } from "../../../../src/join-server/save-with-retry.ts";
import { parseEui64 } from "../../../../src/lorawan/identifiers.ts";
import { cacheDevices } from "../../../../src/storage/join-server/cached-device-store.ts";
import { PostgresJoinServerStore } from "../../../../src/storage/join-server/postgres/postgres-join-server-store.ts";
import { POSTGRES_SKIP, UNHURRIED, usePostgres } from "../../../support/postgres.ts";
import { TestKeyring, testVault } from "../../../support/test-vault.ts";
import { warrenError } from "../../../support/warren-error.ts";
import { anyDevice } from "../contract/arbitrary-records.ts";
import { describeStoreContract } from "../store-contract.ts";

const postgres = usePostgres();
const NET_ID = "000013" as never;

const openStore = (url: string, vault = testVault()) =>
  PostgresJoinServerStore.openWith({ url, maxConnections: 8, ...UNHURRIED }, vault);

describe("with PostgreSQL", { skip: POSTGRES_SKIP }, () => {
  describeStoreContract("PostgreSQL", async () => {
    const url = await postgres().createDatabase();
    return {
      open: (vault) =>
        PostgresJoinServerStore.openWith({ url, maxConnections: 4, ...UNHURRIED }, vault),
    };
  });
});

describe("two Join Servers on one PostgreSQL database", { skip: POSTGRES_SKIP }, () => {
  let stores: PostgresJoinServerStore[];
  before(async () => {
    const url = await postgres().createDatabase();
    stores = await Promise.all([openStore(url), openStore(url)]);
  });
  after(() => Promise.all(stores.map((store) => store.close())));

  async function created(): Promise<Device> {
    const device = anyDevice();
    const [store] = stores as [PostgresJoinServerStore];
    await store.createDevices([{ device, usedDevNonces: [] }]);
    return (await store.loadDevice(device.devEui)) as Device;
  }
  const countOf = (outcomes: readonly SaveOutcome[], wanted: SaveOutcome) =>
    outcomes.filter((outcome) => outcome === wanted).length;

  it("accept one of many saves made from one version, with one DevNonce or with many", async () => {
    for (const isOneNonce of [true, false, true, false]) {
      const device = await created();
      const outcomes = await Promise.all(
        Array.from({ length: 24 }, (_, index) =>
          (stores[index % 2] as PostgresJoinServerStore).saveDevice(
            { ...device, joinNonce: index },
            { usedDevNonce: { joinEui: device.joinEui, devNonce: isOneNonce ? 7 : index } },
          ),
        ),
      );
      assert.equal(countOf(outcomes, "saved"), 1);
      const winner = outcomes.indexOf("saved");
      for (const store of stores) {
        const stored = (await store.loadDevice(device.devEui)) as Device;
        assert.deepEqual([stored.version, stored.joinNonce], [2, winner]);
        assert.deepEqual(await store.listUsedDevNonces(device.devEui), [
          { joinEui: device.joinEui, devNonce: isOneNonce ? 7 : winner },
        ]);
      }
    }
  });

  it("never accept a DevNonce twice, nor issue a JoinNonce twice, when each goes on from what it finds", async () => {
    const device = { ...(await created()), joinNonce: 0 };
    await stores[0]?.saveDevice(device);
    const accepted: { devNonce: number; joinNonce: number }[] = [];
    const join = async (store: PostgresJoinServerStore, devNonce: number): Promise<void> => {
      for (;;) {
        const found = (await store.loadDevice(device.devEui)) as Device;
        const joinNonce = found.joinNonce + 1;
        const outcome = await store.saveDevice(
          { ...found, joinNonce },
          { usedDevNonce: { joinEui: device.joinEui, devNonce } },
        );
        if (outcome === "saved") accepted.push({ devNonce, joinNonce });
        if (outcome !== "version-conflict") return;
      }
    };
    const devNonces = Array.from({ length: 30 }, (_, index) => index);
    await Promise.all(
      stores.flatMap((store) => [...devNonces, ...devNonces].map((nonce) => join(store, nonce))),
    );
    const sorted = (numbers: number[]) => numbers.sort((a, b) => a - b);
    assert.deepEqual(sorted(accepted.map(({ devNonce }) => devNonce)), devNonces);
    assert.deepEqual(
      sorted(accepted.map(({ joinNonce }) => joinNonce)),
      devNonces.map((nonce) => nonce + 1),
    );
  });

  it("append to one audit log without a gap or a fork", async () => {
    const event = (actor: string) => ({ at: 1, actor, action: "a.b", subject: "", details: {} });
    const device = await created();
    await Promise.all(
      stores.flatMap((store, which) =>
        Array.from({ length: 10 }, async (_, index) => {
          await store.appendAudit([event(`${which}/${index}`), event("second")]);
          const found = (await store.loadDevice(device.devEui)) as Device;
          await store.saveDevice(found, { audit: event("save") });
        }),
      ),
    );
    const entries = (await stores[0]?.readAudit(0, 1_000)) ?? [];
    const saved = ((await stores[0]?.loadDevice(device.devEui))?.version ?? 0) - 1;
    assert.equal(entries.length, 40 + saved);
    for (const [index, entry] of entries.entries()) {
      assert.equal(entry.seq, index + 1);
      assert.equal(entry.previousHash, entries[index - 1]?.hash ?? "0".repeat(64));
    }
  });

  it("create a device once, and go on with the nonces of one deleted at the same moment", async () => {
    for (let round = 0; round < 20; round++) {
      const old = await created();
      await stores[0]?.saveDevice({ ...old, joinNonce: 500, lastDevNonce: 400, rjCount1: 300 });
      const again = { ...anyDevice(), devEui: old.devEui, joinNonce: 1, lastDevNonce: undefined };
      const add = (store: PostgresJoinServerStore) =>
        store.createDevices([{ device: again, usedDevNonces: [] }]);
      const [, ...added] = await Promise.all([
        stores[0]?.deleteDevice(old.devEui),
        ...stores.map(add),
        ...stores.map(add),
      ]);
      if (added.flat().every((isAdded) => isAdded === false)) {
        assert.equal(await stores[0]?.loadDevice(old.devEui), undefined);
        await add(stores[1] as PostgresJoinServerStore);
      } else {
        assert.equal(added.flat().filter(Boolean).length, 1);
      }
      const stored = (await stores[1]?.loadDevice(old.devEui)) as Device;
      assert.deepEqual([stored.version, stored.joinNonce, stored.lastDevNonce], [3, 500, 400]);
    }
  });

  it("see each other's peers within two seconds, and their own at once", async () => {
    const [one, two] = stores as [PostgresJoinServerStore, PostgresJoinServerStore];
    const kek = { label: "kek", kek: importKek(new Uint8Array(16)) };
    const peer = { netId: NET_ID, relaysRootKeyUpdates: true, ...DEFAULT_PEER_SETTINGS, kek };
    assert.equal(await two.loadNetworkServer(NET_ID), undefined);
    await one.saveNetworkServer(peer);
    const savedAt = performance.now();
    assert.equal((await one.loadNetworkServer(NET_ID))?.netId, NET_ID);
    while ((await two.loadNetworkServer(NET_ID)) === undefined) {
      assert.ok(performance.now() - savedAt < 2_000);
      await sleep(50);
    }
    await two.deleteNetworkServer(NET_ID);
    assert.equal(await two.loadNetworkServer(NET_ID), undefined);
  });
});

describe("PostgresJoinServerStore", { skip: POSTGRES_SKIP }, () => {
  let url: string;
  let store: PostgresJoinServerStore;
  before(async () => {
    url = await postgres().createDatabase();
    store = await openStore(url);
  });
  after(() => store.close());

  it("saves a join with one statement, outside of any transaction", async () => {
    const device = anyDevice();
    await store.createDevices([{ device, usedDevNonces: [] }]);
    const query = mock.method(Client.prototype, "query");
    try {
      const first = (await store.loadDevice(device.devEui)) as Device;
      assert.equal(query.mock.callCount(), 1);
      query.mock.resetCalls();
      assert.equal(await store.saveDevice(first), "saved");
      assert.equal(query.mock.callCount(), 1);
      query.mock.resetCalls();
      const usedDevNonce = { joinEui: device.joinEui, devNonce: 1 };
      assert.equal(await store.saveDevice({ ...first, version: 2 }, { usedDevNonce }), "saved");
      assert.equal(query.mock.callCount(), 1);
      const cached = cacheDevices(store, 10);
      await cached.loadDevice(device.devEui);
      await cached.loadNetworkServer(NET_ID);
      query.mock.resetCalls();
      for (const devNonce of [2, 3, 4]) {
        await cached.listJoinEuiRanges();
        await cached.loadNetworkServer(NET_ID);
        await cached.loadApplicationServer("as");
        const join = (found: Device) => ({
          device: { ...found, joinNonce: devNonce },
          usedDevNonce: { joinEui: device.joinEui, devNonce },
        });
        await decideAndSave(cached, device.devEui, join);
      }
      assert.equal(query.mock.callCount(), 3);
    } finally {
      query.mock.restore();
    }
  });

  it("refuses a save under an old data key that was under way as the least version was raised", async () => {
    const keyring = new TestKeyring(1);
    const one = await openStore(await postgres().createDatabase(), keyring.openVault());
    const devices = Array.from({ length: 16 }, () => anyDevice());
    await one.createDevices(devices.map((device) => ({ device, usedDevNonces: [] })));
    let isOver = false;
    const writers = devices.map(async ({ devEui }) => {
      while (!isOver) {
        const found = (await one.loadDevice(devEui)) as Device;
        await one.saveDevice(found).catch((error: unknown) => {
          // The vault of this process has no newer data key until the test gives it one.
          if (!warrenError("vault-key-unknown")(error)) throw error;
        });
      }
    });
    await sleep(100);
    await one.raiseLeastSealingVersion(2);
    const stillOld = await one.countSealedBefore(2);
    assert.equal(stillOld, devices.length);
    const versions = await Promise.all(devices.map(({ devEui }) => one.loadDevice(devEui)));
    await sleep(100);
    const later = await Promise.all(devices.map(({ devEui }) => one.loadDevice(devEui)));
    assert.deepEqual(
      later.map((device) => device?.version),
      versions.map((device) => device?.version),
    );
    assert.ok(versions.some((device) => device !== undefined && device.version > 1));
    keyring.add(2);
    const end = Date.now() + 60_000;
    while ((await one.countSealedBefore(2)) > 0) {
      assert.ok(Date.now() < end, "saves go on under the new data key");
      await sleep(20);
    }
    isOver = true;
    await Promise.all(writers);
    await one.close();
  });

  it("adds many devices at once, each DevEUI once", async () => {
    const one = anyDevice();
    const devices = Array.from({ length: 2_500 }, (_, index) => {
      const devEui = parseEui64((0xabcdef0000000000n + BigInt(index)).toString(16));
      return { ...one, devEui, rootKeys: { ...one.rootKeys, devEui } };
    });
    const again = [...devices, ...devices.slice(0, 10)];
    const areAdded = await store.createDevices(
      again.map((device) => ({
        device,
        usedDevNonces: [{ joinEui: device.joinEui, devNonce: 5 }],
      })),
    );
    assert.deepEqual(
      areAdded,
      again.map((_, index) => index < devices.length),
    );
    const last = devices.at(-1) as Device;
    assert.equal((await store.loadDevice(last.devEui))?.joinNonce, last.joinNonce);
    assert.equal((await store.listUsedDevNonces(last.devEui)).length, 1);
  });

  it("is not ready while its database is away, and says storage-failed", async () => {
    const other = await openStore(url);
    assert.equal(await other.isReady(), true);
    await other.close();
    assert.equal(await other.isReady(), false);
    const device = anyDevice();
    const calls = [
      () => other.loadDevice(device.devEui),
      () => other.saveDevice(device),
      () => other.createDevices([{ device, usedDevNonces: [] }]),
      () => other.loadNetworkServer(NET_ID),
      () => other.appendAudit([]),
      () => other.findToken("hash"),
      () => other.listDataKeys(),
    ];
    for (const call of calls) await assert.rejects(call, warrenError("storage-failed"));
  });

  it("keeps its audit log from being changed, whoever asks", async () => {
    await store.appendAudit([{ at: 1, actor: "a", action: "b.c", subject: "", details: {} }]);
    const name = new URL(url).pathname.slice(1);
    for (const sql of [
      "DELETE FROM audit_log",
      "UPDATE audit_log SET at = 2",
      "TRUNCATE audit_log",
    ]) {
      await assert.rejects(postgres().execute(name, sql), /append-only/);
    }
  });
});

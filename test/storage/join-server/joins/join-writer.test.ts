import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { Device } from "../../../../src/join-server/device.ts";
import { decideAndSave } from "../../../../src/join-server/save-with-retry.ts";
import { JoinWriter } from "../../../../src/storage/join-server/sqlite/joins/join-writer.ts";
import { SqliteJoinServerStore } from "../../../../src/storage/join-server/sqlite/sqlite-join-server-store.ts";
import { LOCK_BYTES, ThreadLock } from "../../../../src/storage/thread-lock.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { TestKeyring } from "../../../support/test-vault.ts";
import { warrenError } from "../../../support/warren-error.ts";
import { anyDevice } from "../contract/arbitrary-records.ts";

type Writer = "another thread" | "the thread that has decided them";

/** A store whose joins are written in groups, beside the one of another process. */
async function openBoth(writer: Writer, keyring = new TestKeyring()) {
  const path = join(temporaryFolder(), "js.db");
  const lock = new SharedArrayBuffer(LOCK_BYTES);
  const joinWriter =
    writer === "another thread" ? new JoinWriter({ path, lock }) : ("same-thread" as const);
  const store = await SqliteJoinServerStore.open(path, async () => keyring.openVault(), {
    lock: new ThreadLock(lock),
    joinWriter,
  });
  const other = SqliteJoinServerStore.openWith(path, keyring.openVault());
  const close = async () => {
    await other.close();
    await store.close();
  };
  return { store, other, path, close };
}

const joined = (device: Device): Device => ({ ...device, joinNonce: device.joinNonce + 1 });

for (const writer of ["another thread", "the thread that has decided them"] as const) {
  describe(`joins that ${writer} writes`, () => {
    it("are there for other processes once they are saved, however many come at once", async () => {
      const { store, other, close } = await openBoth(writer);
      const devices = Array.from({ length: 40 }, () => anyDevice({ joinNonce: 5 }));
      await store.createDevices(devices.map((device) => ({ device, usedDevNonces: [] })));
      await Promise.all(
        devices.map(async ({ devEui }) => {
          await decideAndSave(store, devEui, (device) => ({ device: joined(device) }));
          const seen = await other.loadDevice(devEui);
          assert.equal(seen?.joinNonce, 6);
        }),
      );
      await close();
    });

    it("lose none of many decisions about one device", async () => {
      const { store, other, close } = await openBoth(writer);
      const made = anyDevice({ joinNonce: 0 });
      await store.createDevices([{ device: made, usedDevNonces: [] }]);
      const decisions = Array.from({ length: 5 }, () =>
        decideAndSave(store, made.devEui, (device) => ({ device: joined(device) })),
      );
      const saved = (await Promise.allSettled(decisions)).filter(
        ({ status }) => status === "fulfilled",
      );
      assert.ok(saved.length >= 1);
      assert.equal((await other.loadDevice(made.devEui))?.joinNonce, saved.length);
      await close();
    });

    it("record a DevNonce with the device, and refuse it after", async () => {
      const { store, close } = await openBoth(writer);
      const made = anyDevice();
      await store.createDevices([{ device: made, usedDevNonces: [] }]);
      const usedDevNonce = { joinEui: made.joinEui, devNonce: 77 };
      const decide = (device: Device) => ({ device: joined(device), usedDevNonce });
      await decideAndSave(store, made.devEui, decide);
      assert.deepEqual(await store.listUsedDevNonces(made.devEui), [usedDevNonce]);
      await assert.rejects(
        decideAndSave(store, made.devEui, decide),
        warrenError("dev-nonce-replayed"),
      );
      await close();
    });

    it("seal the whole row anew after a rotation", async () => {
      const keyring = new TestKeyring();
      const { store, other, close } = await openBoth(writer, keyring);
      const made = anyDevice({ joinNonce: 1 });
      await store.createDevices([{ device: made, usedDevNonces: [] }]);
      keyring.add(2);
      await store.raiseLeastSealingVersion(2);
      await decideAndSave(store, made.devEui, (device) => ({ device: joined(device) }));
      assert.equal(await store.countSealedBefore(2), 0);
      assert.equal((await other.loadDevice(made.devEui))?.joinNonce, 2);
      await close();
    });
  });
}

describe("joins that another thread writes", () => {
  it("are refused while the thread cannot open the database, and the next ones tried again", async () => {
    const lock = new SharedArrayBuffer(LOCK_BYTES);
    const writer = new JoinWriter({ path: temporaryFolder(), lock });
    const { devEui } = anyDevice();
    const row = { devEui, version: 1, sealedUnder: 1, values: [], usedDevNonce: undefined };
    await assert.rejects(writer.write(row), warrenError("storage-failed"));
    await assert.rejects(writer.write(row), warrenError("storage-failed"));
    await writer.close();
  });
});

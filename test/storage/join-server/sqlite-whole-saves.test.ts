import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { SqliteJoinServerStore } from "../../../src/storage/join-server/sqlite/sqlite-join-server-store.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { testVault } from "../../support/test-vault.ts";
import { anyDevice } from "./contract/arbitrary-records.ts";

const path = join(temporaryFolder(), "join-server.db");
const open = () => SqliteJoinServerStore.openWith(path, testVault());

/** Saves that write more than a join, asked for in one turn of the event loop. */
describe("whole devices that are saved together", () => {
  it("each have the outcome that they would have alone", async () => {
    const store = open();
    const [one, two, three] = [anyDevice(), anyDevice(), anyDevice()] as const;
    const devices = [one, two, three].map((device) => ({ device, usedDevNonces: [] }));
    await store.createDevices(devices);
    const outcomes = await Promise.all([
      store.saveDevice({ ...one, name: "one" }),
      store.saveDevice({ ...two, name: "two", version: two.version + 1 }),
      store.saveDevice({ ...one, name: "one again" }),
      store.saveDevice({ ...three, name: "three" }),
    ]);
    assert.deepEqual(outcomes, ["saved", "version-conflict", "version-conflict", "saved"]);
    const names = [one, two, three].map(
      async ({ devEui }) => (await store.loadDevice(devEui))?.name,
    );
    assert.deepEqual(await Promise.all(names), ["one", two.name, "three"]);
    await store.close();
  });

  it("are written before the store is closed", async () => {
    const store = open();
    const device = anyDevice();
    await store.createDevices([{ device, usedDevNonces: [] }]);
    const saving = store.saveDevice({ ...device, name: "before the end" });
    await store.close();
    assert.equal(await saving, "saved");
    const again = open();
    assert.equal((await again.loadDevice(device.devEui))?.name, "before the end");
    await again.close();
  });
});

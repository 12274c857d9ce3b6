import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import { importAes128Key } from "../../../../src/crypto/aes128.ts";
import type { Device } from "../../../../src/join-server/device.ts";
import { decideAndSave } from "../../../../src/join-server/save-with-retry.ts";
import type { Session } from "../../../../src/join-server/session.ts";
import type { DevAddr, Eui64 } from "../../../../src/lorawan/identifiers.ts";
import { SqliteJoinServerStore } from "../../../../src/storage/join-server/sqlite/sqlite-join-server-store.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { TestKeyring } from "../../../support/test-vault.ts";
import { anyDevice } from "../contract/arbitrary-records.ts";

const DEVICES = 400;
const KEY = importAes128Key(new Uint8Array(16).fill(7));

/** As imported: without sessions, and every page of them as full as SQLite makes it. */
function newDevice(index: number): Device {
  return anyDevice({
    devEui: index.toString(16).padStart(16, "0") as Eui64,
    macVersion: "1.1.0",
    sessions: [],
    joinNonce: 0,
    lastDevNonce: undefined,
    rjCount1: undefined,
    lastDevAddr: undefined,
    lastGatewayId: undefined,
  });
}

/** A session of LoRaWAN 1.1, whose four keys take the most room. */
function sessionOf(joinNonce: number): Session {
  return {
    sessionKeyId: joinNonce.toString(16).padStart(32, "0"),
    joinNonce,
    origin: "join",
    optNeg: true,
    keys: { fNwkSIntKey: KEY, sNwkSIntKey: KEY, nwkSEncKey: KEY, appSKey: KEY },
    rjCount0: undefined,
    isProvenInUse: false,
    foreignJoinEui: undefined,
    createdAt: 1_767_225_600_000,
  };
}

function joined(device: Device): Device {
  const joinNonce = device.joinNonce + 1;
  return {
    ...device,
    joinNonce,
    lastDevNonce: 60_000 + joinNonce,
    lastDevAddr: "01fffefd" as DevAddr,
    lastGatewayId: "a840410000000001" as Eui64,
    generationSessions: device.generationSessions + 1,
    sessions: [sessionOf(joinNonce), ...device.sessions].slice(0, 2),
  };
}

function pagesOf(path: string): number {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return Number(database.prepare("PRAGMA page_count").get()?.["page_count"]);
  } finally {
    database.close();
  }
}

describe("the row of a new device", () => {
  it("has room for what its first two joins add, so that they split no page", async () => {
    const path = join(temporaryFolder(), "js.db");
    const keyring = new TestKeyring();
    const store = await SqliteJoinServerStore.open(path, async () => keyring.openVault(), {
      joinWriter: "same-thread",
    });
    const devices = Array.from({ length: DEVICES }, (_, index) => newDevice(index));
    await store.createDevices(devices.map((device) => ({ device, usedDevNonces: [] })));
    const before = pagesOf(path);
    for (let round = 0; round < 2; round++) {
      for (const { devEui } of devices) {
        await decideAndSave(store, devEui, (device) => ({ device: joined(device) }));
      }
    }
    assert.equal((await store.loadDevice(devices[9]?.devEui as Eui64))?.sessions.length, 2);
    const grown = pagesOf(path) - before;
    // The devices are drawn at random, a few in some hundred with settings of unusual length: mostly 0 to 5 pages. Half
    // of the room would add 30.
    assert.ok(grown <= before / 10, `${grown} pages more than the ${before} after the import`);
    await store.close();
  });
});

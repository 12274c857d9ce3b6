import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { personaliseDevice } from "../../src/application-server/personalise-device.ts";
import { type Eui64, parseEui64 } from "../../src/lorawan/identifiers.ts";
import { SqliteDatabase } from "../../src/storage/sqlite-database.ts";
import {
  applicationServer,
  DEV_ADDR,
  DEV_EUI,
  envelope,
  key,
  OTHER_APP_S_KEY_HEX,
  session,
  startSession,
  uplink,
} from "./support/fixtures.ts";

const DEVICES = Array.from({ length: 30 }, (_, index) =>
  parseEui64(`01020304050607${(0x10 + index).toString(16)}`),
);

/** The first uplink of each, and the second. */
function uplinks(fCntUp: number) {
  const appSKey = fCntUp === 0 ? { appSKey: envelope() } : {};
  return DEVICES.map((devEui) => uplink({ devEui, fCntUp, ...appSKey }));
}

const ABP_SESSION = { sessionKeyId: `abp:${DEV_ADDR}`, source: "operator" } as const;

describe("uplinks that come together", () => {
  test("wait for the disk once, and each is told", async (t) => {
    const server = applicationServer();
    const { mock } = t.mock.method(SqliteDatabase.prototype, "transaction");
    let rings = 0;
    server.bell.onRing(() => {
      rings += 1;
    });
    for (const fCntUp of [0, 1]) {
      const before = mock.callCount();
      const taken = uplinks(fCntUp).map((message) => server.receiver.receive(message));
      assert.deepEqual(new Set(await Promise.all(taken)), new Set(["decrypted"]));
      assert.equal(mock.callCount() - before, 1);
    }
    assert.equal(rings, 2);
    const told = server.events().filter(({ type }) => type === "uplink");
    assert.equal(told.length, 2 * DEVICES.length);
    for (const devEui of DEVICES) assert.equal(server.store.uplinks(devEui).length, 2);
  });

  test("are stored in parts, between which others have their turn", async (t) => {
    const server = applicationServer();
    const { mock } = t.mock.method(SqliteDatabase.prototype, "transaction");
    const taken = Array.from({ length: 250 }, (_, index) => {
      const devEui = index.toString(16).padStart(16, "0") as Eui64;
      return server.receiver.receive(uplink({ devEui, appSKey: envelope() }));
    });
    const stored: number[] = [];
    for (let turns = 0; turns < 6; turns++) {
      await turn();
      stored.push(server.store.devices(undefined, 1_000).length);
    }
    await Promise.all(taken);
    assert.equal(mock.callCount(), 3);
    assert.deepEqual([...new Set(stored)].filter(Boolean), [100, 200, 250]);
  });

  test("keep no other back when one cannot be stored, which is then not told", async (t) => {
    const server = applicationServer();
    const [bad] = DEVICES;
    const addEvent = server.store.addEvent.bind(server.store);
    t.mock.method(server.store, "addEvent", (event: Parameters<typeof addEvent>[0]) => {
      if (event.devEui === bad && event.type === "uplink") throw new RangeError("of its own");
      addEvent(event);
    });
    const taken = uplinks(0).map((message) => server.receiver.receive(message));
    const [first, ...others] = await Promise.allSettled(taken);
    assert.equal(first?.status, "rejected");
    assert.ok(others.every(({ status }) => status === "fulfilled"));
    assert.deepEqual(server.store.uplinks(bad as Eui64), []);
    assert.equal(server.store.currentSession(bad as Eui64), undefined);
    const told = server.events().filter(({ type }) => type === "uplink");
    assert.equal(told.length, DEVICES.length - 1);
  });
});

describe("until an uplink is stored", () => {
  test("the operator may give the device another key: it is decrypted under that", async () => {
    const server = applicationServer();
    startSession(server, ABP_SESSION);
    const abp = { devAddr: DEV_ADDR, appSKey: key(OTHER_APP_S_KEY_HEX) };
    const payload = Uint8Array.of(7, 7, 7);
    const sent = uplink({ ...ABP_SESSION, keyHex: OTHER_APP_S_KEY_HEX, payload, fCntUp: 9 });
    const taken = server.receiver.receive(sent);
    await Promise.resolve();
    personaliseDevice(server, { devEui: DEV_EUI, macVersion: "1.1.0", abp });
    assert.equal(await taken, "decrypted");
    assert.equal(server.events().at(-1)?.["payload"], "070707");
    assert.equal(server.store.uplinks(DEV_EUI).length, 1);
  });

  test("downlinks go on: a session with the same key counts on behind them", async () => {
    const server = applicationServer();
    startSession(server, { nextFCntDown: 40 });
    const taken = server.receiver.receive(
      uplink({ sessionKeyId: "session-2", appSKey: envelope() }),
    );
    await turnOfMicrotasks();
    server.store.transaction(() => server.store.saveFCntDown(session({ nextFCntDown: 41 })));
    assert.equal(await taken, "decrypted");
    const current = server.store.currentSession(DEV_EUI);
    assert.deepEqual([current?.sessionKeyId, current?.nextFCntDown], ["session-2", 41]);
  });
});

/** All that needs no event from outside; what is grouped is not written yet. */
function turnOfMicrotasks(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { UplinkRecord } from "../../../src/application-server/uplinks/uplink-record.ts";
import { exportAes128Key } from "../../../src/crypto/aes128.ts";
import { keyFingerprint } from "../../../src/crypto/key-fingerprint.ts";
import { parseEui64 } from "../../../src/lorawan/identifiers.ts";
import { SqliteApplicationServerStore } from "../../../src/storage/application-server/sqlite-application-server-store.ts";
import {
  DEV_ADDR,
  DEV_EUI,
  key,
  NOW,
  OTHER_APP_S_KEY_HEX,
  session,
} from "../../application-server/support/fixtures.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const folder = temporaryFolder();

const record: UplinkRecord = {
  devEui: DEV_EUI,
  devAddr: DEV_ADDR,
  sessionKeyId: "session-1",
  fPort: 1,
  fCntUp: 0,
  isConfirmed: true,
  outcome: { payload: Uint8Array.of(1, 2) },
  reception: { receivedAt: "2026-01-01T00:00:00.000Z", dataRate: "SF7BW125", gateways: [] },
  isRootKeyMessage: true,
};

function uplinkSeen(store: SqliteApplicationServerStore, fCntUp: number, id = "session-1") {
  return store.isUplinkSeen({ devEui: DEV_EUI, sessionKeyId: id, fCntUp });
}

test("everything survives closing and opening again, in an owner-only file", () => {
  const path = join(folder, "restart.sqlite");
  const first = new SqliteApplicationServerStore(path);
  first.transaction(() => {
    first.saveDevice({ devEui: DEV_EUI, macVersion: "1.1.0", createdAtMs: NOW });
    first.startSession(session());
    first.saveFCntDown(session({ nextFCntDown: 2 ** 32 }));
    first.addUplink(record);
    first.addUplink({ ...record, fCntUp: 1, outcome: { undecryptable: "session-unknown" } });
    first.addEvent({ type: "uplink", devEui: DEV_EUI, data: { fCntUp: 0 } });
  });
  first.close();
  const second = new SqliteApplicationServerStore(path);
  const loaded = second.currentSession(DEV_EUI);
  assert.deepEqual(loaded && exportAes128Key(loaded.appSKey), exportAes128Key(key()));
  assert.deepEqual(
    { ...loaded, appSKey: undefined },
    {
      ...session({ nextFCntDown: 2 ** 32 }),
      appSKey: undefined,
    },
  );
  assert.deepEqual(
    second.uplinks(DEV_EUI).map(({ outcome }) => outcome),
    [{ undecryptable: "session-unknown" }, record.outcome],
  );
  assert.ok(uplinkSeen(second, 1));
  assert.equal(second.lastEventId(), 1);
  second.close();
  for (const file of readdirSync(folder)) {
    assert.equal(statSync(join(folder, file)).mode & 0o077, 0, file);
  }
});

test("an error undoes the whole transaction", () => {
  const store = new SqliteApplicationServerStore(":memory:");
  assert.throws(() =>
    store.transaction(() => {
      store.startSession(session());
      throw new Error("crash");
    }),
  );
  assert.equal(store.currentSession(DEV_EUI), undefined);
});

test("of a replaced session only the fingerprint and the counter stay", () => {
  const path = join(folder, "replaced.sqlite");
  const store = new SqliteApplicationServerStore(path);
  store.transaction(() => store.startSession(session({ nextFCntDown: 3 })));
  store.transaction(() => {
    store.startSession(session({ sessionKeyId: "session-2", appSKey: key(OTHER_APP_S_KEY_HEX) }));
  });
  assert.deepEqual(store.replacedSessions(DEV_EUI), [
    { sessionKeyId: "session-1", appSKeyFingerprint: keyFingerprint(key()), nextFCntDown: 3 },
  ]);
  store.close();
  const file = readFileSync(path);
  assert.ok(file.includes(Buffer.from(exportAes128Key(key(OTHER_APP_S_KEY_HEX)))));
  assert.ok(
    !file.includes(Buffer.from(exportAes128Key(key()))),
    "the old key is overwritten in the file",
  );
});

test("at most eight replaced sessions are remembered, the newest first", () => {
  const store = new SqliteApplicationServerStore(":memory:");
  for (let index = 0; index < 12; index++)
    store.startSession(session({ sessionKeyId: `${index}` }));
  assert.deepEqual(
    store.replacedSessions(DEV_EUI).map(({ sessionKeyId }) => sessionKeyId),
    ["10", "9", "8", "7", "6", "5", "4", "3"],
  );
});

test("twenty uplinks are kept; forgotten ones still count as seen", () => {
  const store = new SqliteApplicationServerStore(":memory:");
  for (let fCntUp = 10; fCntUp < 40; fCntUp++) store.addUplink({ ...record, fCntUp });
  const kept = store.uplinks(DEV_EUI).map(({ fCntUp }) => fCntUp);
  assert.deepEqual([kept.length, kept[0], kept.at(-1)], [20, 39, 20]);
  for (const fCntUp of [10, 19, 20, 39]) assert.ok(uplinkSeen(store, fCntUp));
  assert.ok(!uplinkSeen(store, 40));
  assert.ok(!uplinkSeen(store, 10, "session-2"));
  assert.ok(uplinkSeen(store, 3), "below a forgotten one");
  for (let fCntUp = 0; fCntUp < 20; fCntUp++) {
    store.addUplink({ ...record, sessionKeyId: "session-2", fCntUp });
  }
  assert.ok(uplinkSeen(store, 39), "of a session all of whose uplinks are forgotten");
  store.forgetUplinks(DEV_EUI, "session-1");
  assert.ok(!uplinkSeen(store, 39));
});

test("an uplink out of order among those kept is not taken for seen", () => {
  const store = new SqliteApplicationServerStore(":memory:");
  for (const fCntUp of [1, 2, 4]) store.addUplink({ ...record, fCntUp });
  assert.ok(!uplinkSeen(store, 3));
});

test("how far uplinks were forgotten is remembered for a bounded number of sessions", () => {
  const store = new SqliteApplicationServerStore(":memory:");
  for (let index = 0; index < 40; index++) {
    store.addUplink({ ...record, sessionKeyId: `${index}`, fCntUp: 1 });
  }
  assert.ok(uplinkSeen(store, 1, "19"));
  assert.ok(uplinkSeen(store, 1, "12"));
  assert.ok(!uplinkSeen(store, 1, "11"));
});

test("fifty downlinks are kept, changed in place", () => {
  const store = new SqliteApplicationServerStore(":memory:");
  const downlink = {
    devEui: DEV_EUI,
    sessionKeyId: "session-1",
    fPort: 1,
    isConfirmed: false,
    payload: Uint8Array.of(1),
    state: "queued" as const,
    isAnswered: false,
    createdAtMs: NOW,
    updatedAtMs: NOW,
  };
  for (let index = 0; index < 60; index++) {
    store.saveDownlink({ ...downlink, downlinkId: `d${index}` });
  }
  assert.equal(store.downlinks(DEV_EUI).length, 50);
  assert.equal(store.downlink("d9"), undefined);
  const changed = { ...downlink, downlinkId: "d20", state: "failed" as const, reason: "why" };
  store.saveDownlink({ ...changed, isAnswered: true, fCntDown: 4 });
  assert.deepEqual(store.downlink("d20"), { ...changed, isAnswered: true, fCntDown: 4 });
  assert.equal(store.downlinks(DEV_EUI)[0]?.downlinkId, "d59");
  assert.equal(store.unansweredDownlinks().length, 49);
});

test("events are bounded, and their ids go on when all are forgotten", () => {
  const store = new SqliteApplicationServerStore(":memory:", 3);
  assert.equal(store.lastEventId(), 0);
  const other = parseEui64("ffffffffffffffff");
  for (let index = 1; index <= 5; index++) {
    store.addEvent({
      type: "uplink",
      devEui: index % 2 === 0 ? DEV_EUI : other,
      data: { index },
    });
  }
  const ids = (...args: Parameters<typeof store.eventsAfter>) =>
    store.eventsAfter(...args).map(({ id }) => id);
  assert.deepEqual(ids(0, 10), [3, 4, 5]);
  assert.deepEqual(ids(3, 1), [4]);
  assert.deepEqual(ids(0, 10, other), [3, 5]);
  assert.equal(store.lastEventId(), 5);
});

test("devices come in the order of their DevEUIs, by pages", () => {
  const store = new SqliteApplicationServerStore(":memory:");
  const devEuis = ["03", "01", "02"].map((end) => parseEui64(`00000000000000${end}`));
  for (const devEui of devEuis) {
    store.saveDevice({ devEui, macVersion: "1.0.2", createdAtMs: NOW });
  }
  const [third, first, second] = devEuis;
  const page = (...args: Parameters<typeof store.devices>) =>
    store.devices(...args).map(({ devEui }) => devEui);
  assert.deepEqual(page(undefined, 2), [first, second]);
  assert.deepEqual(page(second, 2), [third]);
});

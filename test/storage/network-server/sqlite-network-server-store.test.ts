import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { exportAes128Key, importAes128Key } from "../../../src/crypto/aes128.ts";
import { WarrenError } from "../../../src/errors.ts";
import { parseHex } from "../../../src/lorawan/hex.ts";
import { type DevAddr, type Eui64, parseEui64 } from "../../../src/lorawan/identifiers.ts";
import { type Device, newDevice } from "../../../src/network-server/session/device.ts";
import { startSession } from "../../../src/network-server/session/session.ts";
import { SqliteNetworkServerStore } from "../../../src/storage/network-server/sqlite-network-server-store.ts";

const DEV_EUI = parseEui64("0000000000000001");

function recordOf(devEui: Eui64) {
  return {
    devEui,
    joinEui: parseEui64("70b3d57ed0000001"),
    macVersion: "1.1.0" as const,
    asId: "as",
  };
}

function sessionOf(number: number) {
  const key = (offset: number) => importAes128Key(new Uint8Array(16).fill(16 * number + offset));
  return startSession({
    sessionKeyId: `session-${number}`,
    devAddr: `0200000${number}` as DevAddr,
    version: "1.1",
    origin: number === 1 ? "rejoin" : "join",
    keys: { fNwkSIntKey: key(1), sNwkSIntKey: key(2), nwkSEncKey: key(3) },
    appSKey: { kekLabel: "as:test", aesKey: new Uint8Array(24).fill(9) },
    rxDelaySeconds: 1,
    rx1DrOffset: 0,
    rx2DataRate: 0,
    createdAt: 1_000,
  });
}

function fullDevice(): Device {
  return {
    ...newDevice(recordOf(DEV_EUI)),
    current: {
      ...sessionOf(1),
      fCntUp: 0xffffffff,
      lastUplink: parseHex("40aabb"),
      nextFCntDown: 2 ** 32,
      lastFCntDown: 7,
      awaitedAck: { downlinkId: "d", fCntDown: 7 },
      rjCount0: 65_535,
    },
    pending: sessionOf(2),
    macRequests: [{ cid: 0x0e, octets: parseHex("0e2003"), attemptsLeft: 2 }],
    rootKeyCommand: {
      octets: parseHex("80050001aabbcc11223344"),
      updateId: 5,
      isAnswer: false,
      repeatsLeft: 16,
      nextFragment: 3,
    },
    downlinks: [
      {
        downlinkId: "d",
        sessionKeyId: "session-1",
        fPort: 7,
        fCntDown: 7,
        isConfirmed: true,
        frmPayload: parseHex("0102"),
        isSending: true,
      },
    ],
    rootKeyUsage: {
      since: 1,
      frames: 2,
      sessions: 3,
      newKeysRelayedAt: 4,
      generation: 8,
      maxFrames: 9,
      askNotBefore: 5,
    },
    sessionUpdateAskedAt: 6,
    status: { battery: 1, marginDb: -2, receivedAt: 3 },
    lastSeenAt: 7,
  };
}

/** Keys as bytes, so that two devices can be compared. */
function comparable(device: Device | undefined): unknown {
  const session = (slot: "current" | "pending") => {
    const found = device?.[slot];
    return (
      found && { ...found, keys: Object.values(found.keys).map((key) => exportAes128Key(key)) }
    );
  };
  return { ...device, current: session("current"), pending: session("pending") };
}

function openStore(test: { after(work: () => void): void }) {
  const folder = mkdtempSync(join(tmpdir(), "warren-ns-store-"));
  const path = join(folder, "network-server.db");
  const store = new SqliteNetworkServerStore(path);
  test.after(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { path, store };
}

test("a device comes back from the file as it was saved", (t) => {
  const { path, store } = openStore(t);
  store.saveDevices([fullDevice()]);
  const bare = newDevice(recordOf(parseEui64("0000000000000002")));
  store.saveDevices([bare]);
  store.close();
  const reopened = new SqliteNetworkServerStore(path);
  t.after(() => reopened.close());
  assert.deepEqual(comparable(reopened.findDevice(DEV_EUI)), comparable(fullDevice()));
  assert.deepEqual(reopened.findDevice(bare.devEui), bare);
  assert.equal(reopened.listDevices().length, 2);
});

test("both sessions are found by their addresses", (t) => {
  const { store } = openStore(t);
  store.saveDevices([fullDevice()]);
  for (const devAddr of ["02000001", "02000002"] as DevAddr[]) {
    assert.deepEqual(
      store.findDevicesByDevAddr(devAddr).map(({ devEui }) => devEui),
      [DEV_EUI],
    );
  }
  assert.equal(store.findDevicesByDevAddr("02000003" as DevAddr).length, 0);
});

test("a step that throws changes nothing; messages are written with the state", (t) => {
  const { store } = openStore(t);
  store.saveDevices([fullDevice()]);
  const message = { devEui: DEV_EUI, asId: "as", path: "/x", body: { a: 1 } };
  assert.throws(() =>
    store.changeDevice(DEV_EUI, () => {
      throw new Error("no");
    }),
  );
  assert.throws(
    () =>
      store.changeDevice(parseEui64("00000000000000ff"), (device) => ({ device, messages: [] })),
    (error) => error instanceof WarrenError && error.code === "device-unknown",
  );
  assert.equal(store.dueMessages(0, 10).length, 0);
  store.changeDevice(DEV_EUI, (device) => ({
    device: { ...device, current: undefined, lastSeenAt: 99 },
    messages: [message, message],
  }));
  const changed = store.findDevice(DEV_EUI);
  assert.deepEqual([changed?.current, changed?.lastSeenAt], [undefined, 99]);
  assert.equal(changed?.pending?.sessionKeyId, "session-2");
  const [first, ...others] = store.dueMessages(0, 10);
  assert.deepEqual(first?.body, { a: 1 });
  assert.equal(others.length, 0, "one of a device at a time");
});

test("a postponed message holds up those behind it, of its device only", (t) => {
  const { store } = openStore(t);
  const other = parseEui64("0000000000000002");
  store.saveDevices([fullDevice()]);
  store.saveDevices([newDevice(recordOf(other))]);
  for (const devEui of [DEV_EUI, DEV_EUI, other]) {
    store.changeDevice(devEui, (device) => ({
      device,
      messages: [{ devEui, asId: "as", path: "/x", body: {} }],
    }));
  }
  const [first] = store.dueMessages(0, 10);
  store.postponeMessage(first!.id, 500);
  assert.deepEqual(
    store.dueMessages(100, 10).map(({ devEui }) => devEui),
    [other],
  );
  const [again] = store.dueMessages(500, 10);
  assert.deepEqual([again?.id, again?.attempts], [first!.id, 1]);
  store.deleteMessages([first!.id]);
  assert.notEqual(store.dueMessages(0, 10)[0]?.id, first!.id);
});

test("a message that a clock postponed which has been set back since is due at once", (t) => {
  const { store } = openStore(t);
  store.saveDevices([fullDevice()]);
  store.changeDevice(DEV_EUI, (device) => ({
    device,
    messages: [{ devEui: DEV_EUI, asId: "as", path: "/x", body: {} }],
  }));
  const [message] = store.dueMessages(0, 10);
  store.postponeMessage(message!.id, 86_460_000);
  assert.equal(store.dueMessages(86_400_000, 10).length, 0, "it waits its minute");
  assert.equal(store.dueMessages(86_399_999, 10).length, 1);
  assert.equal(store.dueMessages(0, 10).length, 1);
});

test("an outbox that is never emptied keeps the newest thousand", (t) => {
  const { store } = openStore(t);
  store.saveDevices([fullDevice()]);
  store.changeDevice(DEV_EUI, (device) => ({
    device,
    messages: Array.from({ length: 1_005 }, (_, number) => ({
      devEui: DEV_EUI,
      asId: "as",
      path: "/x",
      body: { number },
    })),
  }));
  assert.deepEqual(store.dueMessages(0, 10)[0]?.body, { number: 5 });
});

test("limits of root keys and sessions", (t) => {
  const { store } = openStore(t);
  const device = fullDevice();
  store.saveDevices([{ ...device, rootKeyCommand: undefined }]);
  const rootKeys = (afterMs: number, afterFrames: number, afterSessions: number, now = 100) =>
    store.findRootKeyUpdatesDue({ afterMs, afterFrames, afterSessions }, now, 10).length;
  assert.equal(rootKeys(0, 0, 0), 0);
  assert.deepEqual([rootKeys(99, 0, 0), rootKeys(100, 0, 0)], [1, 0]);
  assert.deepEqual([rootKeys(0, 2, 0), rootKeys(0, 3, 0)], [1, 0]);
  assert.deepEqual([rootKeys(0, 0, 3), rootKeys(0, 0, 4)], [1, 0]);
  assert.equal(rootKeys(0, 2, 0, 4), 0, "not before the retry time");
  store.saveDevices([device]);
  assert.equal(rootKeys(0, 2, 0), 0, "a command is on its way");

  const sessions = (afterMs: number, now: number) =>
    store.findSessionUpdatesDue({ afterMs, afterFrames: 0, retryMs: 100 }, now, 10).length;
  assert.deepEqual([sessions(10, 1_009), sessions(10, 1_010)], [0, 1]);
  store.saveDevices([{ ...device, sessionUpdateAskedAt: 1_000 }]);
  assert.deepEqual([sessions(10, 1_099), sessions(10, 1_100)], [0, 1]);
});

test("old session keys do not stay in the file", (t) => {
  const { path, store } = openStore(t);
  store.saveDevices([fullDevice()]);
  const oldKey = Buffer.from(exportAes128Key(sessionOf(1).keys.sNwkSIntKey));
  store.saveDevices([{ ...fullDevice(), current: sessionOf(2), pending: undefined }]);
  store.close();
  assert.equal(readFileSync(path).includes(oldKey), false);
});

test("a limit of the Join Server's on frames is found where this server has none", (t) => {
  const { store } = openStore(t);
  const { rootKeyUsage, ...device } = { ...fullDevice(), rootKeyCommand: undefined };
  const none = { afterMs: 0, afterFrames: 0, afterSessions: 0 };
  const due = (frames: number, maxFrames: number | undefined) => {
    store.saveDevices([{ ...device, rootKeyUsage: { ...rootKeyUsage, frames, maxFrames } }]);
    const found = store.findRootKeyUpdatesDue(none, 1_000_000, 10).length;
    const withOthers = { ...none, afterSessions: 1_000 };
    assert.equal(store.findRootKeyUpdatesDue(withOthers, 1_000_000, 10).length, found);
    return found;
  };
  assert.deepEqual([due(4, 5), due(5, 5), due(6, 5), due(6, undefined)], [0, 1, 1, 0]);
});

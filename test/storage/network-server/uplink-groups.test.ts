import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { importAes128Key } from "../../../src/crypto/aes128.ts";
import { WarrenError } from "../../../src/errors.ts";
import type { DevAddr, Eui64 } from "../../../src/lorawan/identifiers.ts";
import { type Device, newDevice } from "../../../src/network-server/session/device.ts";
import { startSession } from "../../../src/network-server/session/session.ts";
import { SqliteNetworkServerStore } from "../../../src/storage/network-server/sqlite-network-server-store.ts";

const DEVICES = 20;

function deviceOf(index: number): Device {
  const key = importAes128Key(new Uint8Array(16).fill(index));
  const name = index.toString(16).padStart(2, "0");
  return {
    ...newDevice({
      devEui: `00000000000000${name}` as Eui64,
      joinEui: "70b3d57ed0000001" as Eui64,
      macVersion: "1.0.3",
      asId: "as",
    }),
    current: startSession({
      sessionKeyId: `session-${index}`,
      devAddr: `020000${name}` as DevAddr,
      version: "1.0",
      origin: "join",
      keys: { fNwkSIntKey: key, sNwkSIntKey: key, nwkSEncKey: key },
      rxDelaySeconds: 1,
      rx1DrOffset: 0,
      rx2DataRate: 0,
      createdAt: 1_000,
    }),
  };
}

/** What an uplink does to a device. */
function count(device: Device, fCntUp: number) {
  const session = device.current!;
  const body = { DevEUI: device.devEui, FCntUp: fCntUp };
  return {
    device: {
      ...device,
      lastSeenAt: 2_000 + fCntUp,
      rootKeyUsage: { ...device.rootKeyUsage, frames: device.rootKeyUsage.frames + 1 },
      current: {
        ...session,
        fCntUp,
        lastUplink: Uint8Array.of(0x40, fCntUp),
        repetitionCount: 0,
        frameCount: session.frameCount + 1,
      },
    },
    messages: [{ devEui: device.devEui, asId: "as", path: "/network-server/uplinks", body }],
  };
}

function openCrowd(t: TestContext, foldAfter?: number) {
  const folder = mkdtempSync(join(tmpdir(), "warren-ns-groups-"));
  const opened: SqliteNetworkServerStore[] = [];
  t.after(() => {
    for (const store of opened) store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const open = (path: string) => {
    const store = new SqliteNetworkServerStore(path, foldAfter);
    opened.push(store);
    return store;
  };
  const store = open(join(folder, "a", "ns.db"));
  const devices = Array.from({ length: DEVICES }, (_, index) => deviceOf(index));
  store.saveDevices(devices);
  const devEuis = devices.map(({ devEui }) => devEui);
  const countAll = (fCntUp: number) =>
    store.changeDevices(
      devEuis.map((devEui) => ({ devEui, step: (device: Device) => count(device, fCntUp) })),
    );
  let copies = 0;
  /** The files as they are now, as after a kill, opened anew. */
  const copyAsKilled = () => {
    const to = join(folder, `copy-${++copies}`);
    cpSync(join(folder, "a"), to, { recursive: true });
    return open(join(to, "ns.db"));
  };
  return { store, devEuis, countAll, copyAsKilled };
}

function countersOf(store: SqliteNetworkServerStore, devEuis: readonly Eui64[]): unknown[] {
  return devEuis.map((devEui) => {
    const { current, rootKeyUsage, lastSeenAt } = store.findDevice(devEui)!;
    return [
      current?.fCntUp,
      current?.lastUplink?.[1],
      current?.frameCount,
      rootKeyUsage.frames,
      lastSeenAt,
    ];
  });
}

test("a fold writes nothing over what its own group has stored of a device", (t) => {
  const { store, devEuis, countAll, copyAsKilled } = openCrowd(t, DEVICES);
  countAll(0);
  // The journal is folded with this group, in which half of the devices change more than counters.
  store.changeDevices(
    devEuis.map((devEui, index) => ({
      devEui,
      step: (device: Device) => {
        const counted = count(device, 1);
        if (index % 2 === 0) return counted;
        return { ...counted, device: { ...counted.device, sessionUpdateAskedAt: 5_000 } };
      },
    })),
  );
  const expected = devEuis.map(() => [1, 1, 2, 2, 2_001]);
  assert.deepEqual(countersOf(store, devEuis), expected);
  assert.deepEqual(countersOf(copyAsKilled(), devEuis), expected);
});

test("a device of which only a message is new is all in its rows", (t) => {
  const { store, devEuis, countAll, copyAsKilled } = openCrowd(t, DEVICES);
  countAll(0);
  for (const devEui of devEuis) {
    store.changeDevice(devEui, (device) => ({ device, messages: count(device, 0).messages }));
  }
  // At the end of the fold that comes with this group, their entries are deleted.
  store.changeDevices(
    devEuis.slice(0, 10).map((devEui) => ({ devEui, step: (device) => count(device, 1) })),
  );
  const expected = devEuis.map((_, index) =>
    index < 10 ? [1, 1, 2, 2, 2_001] : [0, 0, 1, 1, 2_000],
  );
  assert.deepEqual(countersOf(copyAsKilled(), devEuis), expected);
});

test("what a group has counted is there after a kill, and its messages are", (t) => {
  const { store, devEuis, countAll, copyAsKilled } = openCrowd(t);
  countAll(0);
  countAll(1);
  const expected = devEuis.map(() => [1, 1, 2, 2, 2_001]);
  assert.deepEqual(countersOf(store, devEuis), expected);
  assert.equal(store.firstBatches("as", 1)[0]?.messages.length, DEVICES);

  const after = copyAsKilled();
  assert.deepEqual(countersOf(after, devEuis), expected);
  const told = after.dueMessages(0, 100);
  assert.deepEqual([told.length, told[0]?.body], [DEVICES, { DevEUI: devEuis[0], FCntUp: 0 }]);
  after.deleteMessages(told.map(({ id }) => id));
  assert.deepEqual(after.dueMessages(0, 1)[0]?.body, { DevEUI: devEuis[0], FCntUp: 1 });
});

test("a change for itself after a group is not undone by what the group has left", (t) => {
  const { store, devEuis, countAll, copyAsKilled } = openCrowd(t);
  const [devEui] = devEuis as [Eui64];
  countAll(0);
  store.changeDevice(devEui, (device) => ({
    device: {
      ...device,
      rootKeyUsage: { ...device.rootKeyUsage, frames: 0 },
      current: { ...device.current!, nextFCntDown: 5 },
    },
    messages: [],
  }));
  const changed = copyAsKilled().findDevice(devEui)!;
  assert.deepEqual(
    [changed.current?.fCntUp, changed.current?.nextFCntDown, changed.rootKeyUsage.frames],
    [0, 5, 0],
  );
  // A change of the device alone takes its session along.
  countAll(1);
  store.changeDevice(devEui, (device) => ({ device: { ...device, asId: "other" }, messages: [] }));
  const again = copyAsKilled().findDevice(devEui)!;
  assert.deepEqual([again.current?.fCntUp, again.asId, again.rootKeyUsage.frames], [1, "other", 1]);
  countAll(2);
  assert.equal(copyAsKilled().findDevice(devEui)?.current?.fCntUp, 2);
});

test("a store that is closed leaves nothing but rows", (t) => {
  const { store, devEuis, countAll, copyAsKilled } = openCrowd(t);
  countAll(0);
  const batch = store.firstBatches("as", 1)[0]!;
  store.settleBatch(batch, []);
  assert.deepEqual(store.batchAsIds(), []);
  store.close();
  const after = copyAsKilled();
  assert.deepEqual(
    countersOf(after, devEuis),
    devEuis.map(() => [0, 0, 1, 1, 2_000]),
  );
  assert.equal(after.nextMessageDueAt(), undefined);
});

test("a step that throws, or cannot be written, keeps no other one back", (t) => {
  const { store, devEuis, copyAsKilled } = openCrowd(t);
  const outcomes = store.changeDevices(
    devEuis.map((devEui, index) => ({
      devEui,
      step: (device: Device) => {
        if (index === 3) throw new WarrenError("frame-replayed", "no");
        const change = count(device, 7);
        // The database has no room for this one.
        const asId = null as unknown as string;
        return index === 5 ? { ...change, device: { ...change.device, asId } } : change;
      },
    })),
  );
  const codes = outcomes.map((outcome) =>
    "error" in outcome ? (outcome.error as WarrenError).code : "stored",
  );
  assert.deepEqual([codes[3], codes[5]], ["frame-replayed", "storage-failed"]);
  assert.equal(codes.filter((code) => code === "stored").length, DEVICES - 2);
  for (const each of [store, copyAsKilled()]) {
    const counters = devEuis.map((devEui) => each.findDevice(devEui)?.current?.fCntUp);
    assert.deepEqual([counters[3], counters[5], counters[6]], [undefined, undefined, 7]);
  }
});

test("messages left of a batch line up before later ones of their devices", (t) => {
  const { store, devEuis, countAll } = openCrowd(t);
  const [first, second] = devEuis as [Eui64, Eui64];
  countAll(0);
  countAll(1);
  const batch = store.firstBatches("as", 1)[0]!;
  store.settleBatch(
    batch,
    batch.messages.filter(({ devEui }) => devEui === first),
  );
  const next = store.firstBatches("as", 1)[0]!;
  assert.deepEqual(
    store.heldBack(next).map(({ devEui }) => devEui),
    [first],
  );
  // One that comes alone waits behind those in batches as well.
  store.changeDevice(second, (device) => count(device, 2));
  assert.deepEqual(
    store.dueMessages(0, 10).map(({ devEui }) => devEui),
    [first],
  );
  store.settleBatch(next, store.heldBack(next));
  const [due] = store.dueMessages(0, 10);
  assert.equal(due?.body["FCntUp"], 0);
  store.deleteMessages([due!.id]);
  assert.equal(store.dueMessages(0, 10)[0]?.body["FCntUp"], 1);
});

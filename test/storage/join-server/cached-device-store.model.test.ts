import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { WarrenError } from "../../../src/errors.ts";
import type { Device } from "../../../src/join-server/device.ts";
import type { DeviceStore, SaveOutcome } from "../../../src/join-server/ports/device-store.ts";
import { decideAndSave } from "../../../src/join-server/save-with-retry.ts";
import { CachedDeviceStore } from "../../../src/storage/join-server/cached-device-store.ts";
import { StoredSessionKeys } from "../../../src/storage/join-server/rows/sessions/stored-session-keys.ts";
import { SqliteJoinServerStore } from "../../../src/storage/join-server/sqlite/sqlite-join-server-store.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { testVault } from "../../support/test-vault.ts";
import { warrenError } from "../../support/warren-error.ts";
import { anyDevice, assertSame, sampleOf, session } from "./contract/arbitrary-records.ts";

const DEVICES = 4;

const anyStep = fc.record({
  kind: fc.constantFrom(
    ...(["load-stale", "load-fresh", "save", "save", "join", "create", "delete"] as const),
    ...(["other-saves", "other-deletes", "other-creates"] as const),
  ),
  device: fc.nat(DEVICES - 1),
  devNonce: fc.nat(5),
  /** What becomes of a save: the database does it and says so, or the connection breaks before or after. */
  fate: fc.constantFrom<Fate>("answered", "answered", "answered", "lost-before", "lost-after"),
});
type Fate = "answered" | "lost-before" | "lost-after";

/** A connection that breaks when it is told to. */
class BreakingStore {
  fate: Fate = "answered";
  readonly store: DeviceStore;

  constructor(below: DeviceStore) {
    const saveDevice = async (...args: Parameters<DeviceStore["saveDevice"]>) => {
      if (this.fate === "lost-before") throw new WarrenError("storage-failed", "lost");
      const outcome = await below.saveDevice(...args);
      if (this.fate === "lost-after") throw new WarrenError("storage-failed", "lost");
      return outcome;
    };
    this.store = new Proxy(below, {
      get: (_target, name) => {
        if (name === "saveDevice") return saveDevice;
        const member = Reflect.get(below, name);
        return typeof member === "function" ? member.bind(below) : member;
      },
    });
  }
}

/** Which DevNonces a device has used outlasts it; who has it in memory still is told of that first. */
const REPLAY_AFTER_DELETION = (["join", "other-deletes", "join"] as const).map((kind) => ({
  ...{ kind, device: 0, devNonce: 4 },
  fate: "answered" as const,
}));

describe("CachedDeviceStore", () => {
  const path = join(temporaryFolder(), "cached.db");
  let plain: SqliteJoinServerStore;
  let other: SqliteJoinServerStore;
  before(() => {
    [plain, other] = [
      SqliteJoinServerStore.openWith(path, testVault()),
      SqliteJoinServerStore.openWith(path, testVault()),
    ];
  });
  after(() => Promise.all([plain.close(), other.close()]));

  const made = (device: Device) => [{ device, usedDevNonces: [] }];

  it("stores what a store without it would, whatever another process writes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 60 }), fc.nat(3), async (steps, size) => {
        const below = new BreakingStore(plain);
        const cached = new CachedDeviceStore(below.store, size);
        const records = Array.from({ length: DEVICES }, () => anyDevice({ joinNonce: 0 }));
        for (const record of records) await plain.createDevices(made(record));

        for (const { kind, device: index, devNonce, fate } of steps) {
          const record = records[index] as Device;
          const { devEui, joinEui } = record;
          const stored = await other.loadDevice(devEui);
          const usedDevNonce = { joinEui, devNonce };
          const isUsed = (await other.listUsedDevNonces(devEui)).some(
            (nonce) => nonce.devNonce === devNonce,
          );
          below.fate = fate;
          const plainOutcome = (copy: Device | undefined): SaveOutcome => {
            if (isUsed) return "dev-nonce-used";
            return copy?.version === stored?.version ? "saved" : "version-conflict";
          };
          if (kind === "load-fresh") {
            assertSame(await cached.loadDevice(devEui), stored);
          } else if (kind === "load-stale") {
            const stale = await cached.loadDevice(devEui, "may-be-stale");
            if (stale?.version === stored?.version) assertSame(stale, stored);
            else assert.ok((stale?.version ?? 0) < (stored?.version ?? Number.POSITIVE_INFINITY));
          } else if (kind === "save") {
            const copy = await cached.loadDevice(devEui, "may-be-stale");
            if (copy === undefined) continue;
            const next = { ...copy, joinNonce: copy.joinNonce + 1 };
            const saving = cached.saveDevice(next, { usedDevNonce });
            if (fate !== "answered") {
              await assert.rejects(saving, warrenError("storage-failed"));
              assertSame(
                await cached.loadDevice(devEui, "may-be-stale"),
                await other.loadDevice(devEui),
              );
            } else {
              assert.equal(await saving, plainOutcome(copy));
            }
          } else if (kind === "join") {
            const joining = decideAndSave(cached, devEui, (found) => ({
              device: { ...found, joinNonce: found.joinNonce + 1 },
              usedDevNonce,
            }));
            if (fate !== "answered") await assert.rejects(joining);
            else if (stored === undefined) {
              const orReplayed = isUsed ? (["dev-nonce-replayed"] as const) : [];
              await assert.rejects(joining, warrenError("device-unknown", ...orReplayed));
            } else if (isUsed) {
              await assert.rejects(joining, warrenError("dev-nonce-replayed"));
            } else {
              assert.equal((await joining).device.joinNonce, stored.joinNonce + 1);
              assertSame(
                await cached.loadDevice(devEui, "may-be-stale"),
                await other.loadDevice(devEui),
              );
            }
          } else if (kind === "create") {
            assert.deepEqual(await cached.createDevices(made(record)), [stored === undefined]);
          } else if (kind === "delete") {
            assert.equal(await cached.deleteDevice(devEui), stored !== undefined);
            assert.equal(await cached.loadDevice(devEui, "may-be-stale"), undefined);
          } else if (kind === "other-saves" && stored !== undefined) {
            await other.saveDevice(stored, { usedDevNonce });
          } else if (kind === "other-deletes") {
            await other.deleteDevice(devEui);
          } else if (kind === "other-creates") {
            await other.createDevices(made(record));
          }
        }
      }),
      { numRuns: 40, examples: [[REPLAY_AFTER_DELETION, 3]] },
    );
  });

  it("keeps as many devices as it may, fewer of those with many sessions", async () => {
    const cached = new CachedDeviceStore(plain, 10);
    const small = Array.from({ length: 40 }, () => anyDevice({ sessions: [] }));
    for (const device of small) await plain.createDevices(made(device));
    for (const { devEui } of small) await cached.loadDevice(devEui);
    assert.equal(cached.size, 20);
    const last = small.at(-1) as Device;
    assert.equal(
      await cached.loadDevice(last.devEui, "may-be-stale"),
      await cached.loadDevice(last.devEui, "may-be-stale"),
    );
    let large = anyDevice();
    while (large.sessions.length < 8) large = anyDevice();
    await plain.createDevices(made(large));
    await cached.loadDevice(large.devEui);
    assert.equal(cached.size, 20);
    await cached.loadDevice(large.devEui);
    assert.ok(cached.size <= 16, `${cached.size} devices`);
  });

  it("is not filled anew by devices that each join once, and lets in one that joins again", async () => {
    const counts = { hits: 0, misses: 0 };
    const cached = new CachedDeviceStore(plain, 10, counts);
    const many = Array.from({ length: 60 }, () => anyDevice({ sessions: [] }));
    for (const device of many) await plain.createDevices(made(device));
    const join_ = ({ devEui }: Device) =>
      decideAndSave(cached, devEui, (found) => ({
        device: { ...found, joinNonce: found.joinNonce + 1 },
      }));
    const hitsOf = async (devices: readonly Device[]) => {
      const before = counts.hits;
      for (const device of devices) await join_(device);
      return counts.hits - before;
    };
    const kept = many.slice(0, 20);
    assert.equal(await hitsOf(many), 0);
    assert.equal(await hitsOf(kept), 20);
    const again = many.slice(-1);
    assert.equal(await hitsOf(again), 0);
    assert.equal(await hitsOf(again), 1);
    // In the place of the one that was used longest ago.
    assert.equal(await hitsOf(kept.slice(1)), 19);
    assert.equal(await hitsOf(kept.slice(0, 1)), 0);
    // That it was read once is forgotten: it is let in by the second read of these, and found by the third.
    const early = many.slice(20, 21);
    assert.deepEqual([await hitsOf(early), await hitsOf(early), await hitsOf(early)], [0, 0, 1]);
  });

  it("keeps no key objects of sessions that nobody has asked for", async () => {
    const device = anyDevice({ sessions: [] });
    await plain.createDevices(made(device));
    const cached = new CachedDeviceStore(plain, 10);
    const sessions = [sampleOf(session)];
    const { devEui } = device;
    await decideAndSave(cached, devEui, (found) => ({ device: { ...found, sessions } }));
    const kept = await cached.loadDevice(devEui, "may-be-stale");
    assert.ok(kept?.sessions.every(({ keys }) => keys instanceof StoredSessionKeys));
    assertSame(kept?.sessions, sessions);
  });

  it("answers a join of a device in memory without asking the database first", async () => {
    const device = anyDevice();
    await plain.createDevices(made(device));
    const calls: string[] = [];
    const counting = new Proxy<DeviceStore>(plain, {
      get: (_target, name) => {
        const member = Reflect.get(plain, name);
        if (typeof member !== "function") return member;
        return (...args: unknown[]) => {
          calls.push(String(name));
          return member.apply(plain, args);
        };
      },
    });
    const cached = new CachedDeviceStore(counting, 10);
    const join_ = (devNonce: number) =>
      decideAndSave(cached, device.devEui, (found) => ({
        device: { ...found, joinNonce: devNonce },
        usedDevNonce: { joinEui: device.joinEui, devNonce },
      }));
    await join_(1);
    assert.deepEqual(calls.splice(0), ["loadDevice", "saveDevice"]);
    await join_(2);
    await join_(3);
    assert.deepEqual(calls, ["saveDevice", "saveDevice"]);
  });
});

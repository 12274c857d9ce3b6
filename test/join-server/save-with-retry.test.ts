import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Device } from "../../src/join-server/device.ts";
import type { SaveOutcome } from "../../src/join-server/ports/device-store.ts";
import type { JoinServerStore } from "../../src/join-server/ports/join-server-store.ts";
import { decideAndSave } from "../../src/join-server/save-with-retry.ts";
import {
  addJoinedSession,
  addRejoinedSession,
  proveSession,
  type Session,
} from "../../src/join-server/session.ts";
import { warrenError } from "../support/warren-error.ts";

const DEVICE = { devEui: "0102030405060708", version: 1 } as unknown as Device;

/** A store that gives the outcomes in turn, and counts. */
function storeWith(...outcomes: SaveOutcome[]) {
  const counts = { loads: 0, saves: 0 };
  const store = {
    loadDevice: () => Promise.resolve({ ...DEVICE, version: ++counts.loads }),
    saveDevice: () => Promise.resolve(outcomes[counts.saves++] ?? "saved"),
  } as unknown as JoinServerStore;
  return { store, counts };
}
const change = (device: Device) => ({ device: { ...device, joinNonce: 1 } });

describe("decideAndSave", () => {
  it("stores what was decided and gives it back", async () => {
    const { store, counts } = storeWith();
    const { device, isSaved } = await decideAndSave(store, DEVICE.devEui, change);
    assert.equal(device.joinNonce, 1);
    assert.equal(isSaved, true);
    assert.deepEqual(counts, { loads: 1, saves: 1 });
  });

  it("decides again on what somebody else stored meanwhile", async () => {
    const { store, counts } = storeWith("version-conflict", "version-conflict");
    const { device } = await decideAndSave(store, DEVICE.devEui, change);
    // The save of the third version that was loaded made it the fourth.
    assert.equal(device.version, 4);
    assert.deepEqual(counts, { loads: 3, saves: 3 });
  });

  it("gives up after five attempts", async () => {
    const { store, counts } = storeWith(...Array<SaveOutcome>(9).fill("version-conflict"));
    await assert.rejects(
      decideAndSave(store, DEVICE.devEui, change),
      warrenError("write-conflict"),
    );
    assert.equal(counts.saves, 5);
  });

  it("stores nothing when nothing changed", async () => {
    const { store, counts } = storeWith();
    const { device, isSaved } = await decideAndSave(store, DEVICE.devEui, (stored) => ({
      device: stored,
    }));
    assert.equal(isSaved, false);
    assert.equal(device.version, 2);
    assert.equal(counts.saves, 0);
  });

  it("stores nothing when the decision is a refusal", async () => {
    const { store, counts } = storeWith();
    const refusal = new Error("no");
    const refuse = () => {
      throw refusal;
    };
    await assert.rejects(decideAndSave(store, DEVICE.devEui, refuse), refusal);
    assert.equal(counts.saves, 0);
  });

  it("refuses a used DevNonce and an unknown device at once", async () => {
    const { store, counts } = storeWith("dev-nonce-used");
    await assert.rejects(
      decideAndSave(store, DEVICE.devEui, change),
      warrenError("dev-nonce-replayed"),
    );
    assert.equal(counts.saves, 1);
    const empty = { loadDevice: () => Promise.resolve(undefined) } as unknown as JoinServerStore;
    await assert.rejects(
      decideAndSave(empty, DEVICE.devEui, change),
      warrenError("device-unknown"),
    );
  });
});

describe("the sessions kept", () => {
  const session = (name: number, isProvenInUse = false) =>
    ({ sessionKeyId: String(name), isProvenInUse }) as Session;
  const names = (sessions: readonly Session[]) =>
    sessions.map(({ sessionKeyId }) => sessionKeyId).join();

  it("after joins are the two newest and the last proven", () => {
    let sessions: Session[] = [];
    for (const name of [1, 2, 3]) sessions = addJoinedSession(sessions, session(name));
    assert.equal(names(sessions), "3,2");
    sessions = proveSession(sessions, "2");
    for (const name of [4, 5, 6]) sessions = addJoinedSession(sessions, session(name));
    assert.equal(names(sessions), "6,5,2");
    sessions = proveSession(sessions, "6");
    assert.equal(names(addJoinedSession(sessions, session(7))), "7,6");
  });

  it("after rejoins are the eight newest and the last proven", () => {
    let sessions = [session(0, true)];
    for (let name = 1; name <= 12; name++) sessions = addRejoinedSession(sessions, session(name));
    assert.equal(names(sessions), "12,11,10,9,8,7,6,5,0");
  });

  it("are left alone by a proof of a session that is not there", () => {
    const sessions = [session(1)];
    assert.deepEqual(proveSession(sessions, "9"), sessions);
  });
});

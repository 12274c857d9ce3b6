import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { verifyChain } from "../../../../src/join-server/audit/audit-chain.ts";
import type { AuditEvent } from "../../../../src/join-server/ports/audit-log.ts";
import {
  anyDevice,
  applicationServer,
  assertSame,
  auditEvent,
  networkServer,
  sampleOf,
} from "./arbitrary-records.ts";
import { type AnyStore, type MakeDatabase, nonceOf, StoreUnderTest } from "./store-under-test.ts";

/** An event that no database can take: it makes the change that it belongs to fail at the last moment. */
const IMPOSSIBLE = auditEvent({ action: "test.impossible", details: { number: 1n } });
const RANGE = { first: "0000000000000000" as never, prefixLengthBits: 0 };
const TOKEN = {
  id: "00000000000000aa",
  name: "",
  role: "auditor",
  hash: "00",
  createdAt: 0,
  expiresAt: undefined,
} as const;

export function describeAuditLog(makeDatabase: MakeDatabase): void {
  describe("the audit log", () => {
    const under = new StoreUnderTest(makeDatabase);

    async function actionsSince(seq: number): Promise<string[]> {
      return (await under.store.readAudit(seq, 1_000)).map(({ action }) => action);
    }
    const head = async () => (await under.store.lastAudit())?.seq ?? 0;

    it("is empty at first", async () => {
      assert.equal(await under.store.lastAudit(), undefined);
      assert.deepEqual(await under.store.readAudit(0, 10), []);
    });

    it("keeps events in the order given, chained, and gives every member back", async () => {
      const details = { b: [1, { z: null, a: "ü" }], a: true, nothing: undefined };
      const events: AuditEvent[] = [
        auditEvent({ actor: "token:00aa", subject: "0102030405060708", details }),
        auditEvent({ action: "second.event" }),
        auditEvent({ action: "third.event" }),
      ];
      await under.store.appendAudit(events);
      await under.store.appendAudit([]);
      const entries = await under.store.readAudit(0, 10);
      assert.deepEqual(
        entries.map(({ seq, action }) => [seq, action]),
        [
          [1, "test.change"],
          [2, "second.event"],
          [3, "third.event"],
        ],
      );
      const { seq: _seq, hash: _hash, previousHash, ...event } = entries[0] as (typeof entries)[0];
      assert.equal(previousHash, "0".repeat(64));
      assert.deepEqual(event, { ...events[0], details: { b: details.b, a: true } });
      assert.ok(verifyChain(entries).isIntact);
      assert.deepEqual(await under.store.lastAudit(), entries[2]);
      assert.deepEqual(await under.store.readAudit(1, 1), [entries[1]]);
    });

    it("gets one entry with every change that names one", async () => {
      const { store } = under;
      const [ns, as] = [sampleOf(networkServer), sampleOf(applicationServer)];
      const device = anyDevice();
      const added = { device, usedDevNonces: [] };
      const one = await under.created();
      const dataKey = { version: 1, vault: "file", wrappedKey: new Uint8Array(4), createdAt: 0 };
      const changes: Record<string, (event: AuditEvent) => Promise<unknown>> = {
        "device.create": (event) => store.createDevices([added], event),
        "device.change": (audit) => store.saveDevice(one, { audit }),
        "device.delete": (event) => store.deleteDevice(device.devEui, event),
        "ns.save": (event) => store.saveNetworkServer(ns, event),
        "ns.delete": (event) => store.deleteNetworkServer(ns.netId, event),
        "as.save": (event) => store.saveApplicationServer(as, event),
        "as.delete": (event) => store.deleteApplicationServer(as.asId, event),
        "range.save": (event) => store.saveJoinEuiRange(RANGE, event),
        "range.delete": (event) => store.deleteJoinEuiRange(RANGE, event),
        "token.save": (event) => store.saveToken(TOKEN, event),
        "token.delete": (event) => store.deleteToken(TOKEN.id, event),
        "key.insert": (event) => store.insertDataKey(dataKey, event),
        "key.raise": (event) => store.raiseLeastSealingVersion(1, event),
        "key.delete": (event) => store.deleteDataKey(1, event),
      };
      const before = await head();
      for (const [action, change] of Object.entries(changes)) await change(auditEvent({ action }));
      assert.deepEqual(await actionsSince(before), Object.keys(changes));
      assert.ok(verifyChain(await store.readAudit(0, 1_000)).isIntact);
    });

    it("gets no entry of what was refused or changed nothing", async () => {
      const { store } = under;
      const stored = await under.created();
      await store.saveDevice(stored, nonceOf(stored, 1));
      const before = await head();
      const audit = auditEvent();
      await store.saveDevice(stored, { audit });
      await store.saveDevice({ ...stored, version: 2 }, { ...nonceOf(stored, 1), audit });
      await store.createDevices([{ device: stored, usedDevNonces: [] }], audit);
      await store.deleteDevice(anyDevice().devEui, audit);
      await store.deleteNetworkServer("fffffd" as never, audit);
      await store.deleteApplicationServer("nobody", audit);
      await store.deleteJoinEuiRange(RANGE, audit);
      await store.deleteToken("nobody", audit);
      assert.equal(await head(), before);
    });

    it("and the change are written together or not at all", async () => {
      const { store } = under;
      const stored = await under.created();
      const [device, ns] = [anyDevice(), sampleOf(networkServer)];
      const [count, before] = [await store.countDevices(), await head()];
      const failing = [
        () =>
          store.saveDevice(
            { ...stored, joinNonce: 1 },
            { ...nonceOf(stored, 3), audit: IMPOSSIBLE },
          ),
        () => store.createDevices([{ device, usedDevNonces: [] }], IMPOSSIBLE),
        () => store.deleteDevice(stored.devEui, IMPOSSIBLE),
        () => store.saveNetworkServer(ns, IMPOSSIBLE),
        () => store.saveToken(TOKEN, IMPOSSIBLE),
        () => store.saveJoinEuiRange(RANGE, IMPOSSIBLE),
        () => store.appendAudit([auditEvent(), IMPOSSIBLE]),
      ];
      for (const change of failing) await assert.rejects(change, TypeError);
      assertSame(await under.loaded(stored.devEui), stored);
      assert.deepEqual(await store.listUsedDevNonces(stored.devEui), []);
      assert.equal(await store.loadDevice(device.devEui), undefined);
      assert.equal(await store.countDevices(), count);
      assert.equal(await store.loadNetworkServer(ns.netId), undefined);
      assert.deepEqual(await store.listTokens(), []);
      assert.deepEqual(await store.listJoinEuiRanges(), []);
      assert.equal(await head(), before);
    });

    it("stays one chain when several processes append at once", async () => {
      const before = await head();
      const stores: AnyStore[] = [
        under.store,
        await under.openAnother(),
        await under.openAnother(),
      ];
      await Promise.all(
        stores.flatMap((store) =>
          Array.from({ length: 10 }, () => store.appendAudit([auditEvent(), auditEvent()])),
        ),
      );
      const entries = await under.store.readAudit(0, 10_000);
      assert.equal(entries.length, before + 60);
      assert.ok(verifyChain(entries).isIntact);
    });
  });
}

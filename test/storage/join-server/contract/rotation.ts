import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Vault } from "../../../../src/join-server/ports/vault.ts";
import type { Eui64 } from "../../../../src/lorawan/identifiers.ts";
import { TestKeyring } from "../../../support/test-vault.ts";
import { warrenError } from "../../../support/warren-error.ts";
import {
  anyDevice,
  applicationServer,
  assertSame,
  auditEvent,
  networkServer,
  sampleOf,
} from "./arbitrary-records.ts";
import { type AnyStore, type MakeDatabase, nonceOf, StoreUnderTest } from "./store-under-test.ts";

/** A vault that counts what it seals. */
function counting(vault: Vault): Vault & { seals: number } {
  return {
    seals: 0,
    get sealingVersion() {
      return vault.sealingVersion;
    },
    seal(plaintext, context) {
      this.seals += 1;
      return vault.seal(plaintext, context);
    },
    open: (sealed, context) => vault.open(sealed, context),
    refresh: () => vault.refresh(),
  };
}

export function describeRotation(makeDatabase: MakeDatabase): void {
  describe("sealed values", () => {
    const under = new StoreUnderTest(makeDatabase);

    it("are sealed again only when they have changed", async () => {
      const vault = counting(under.keyring.openVault());
      const store = await under.openAnother(vault);
      const { devEui } = await under.created({ sessions: anyDevice().sessions.slice(0, 2) });
      let device = await load(store, devEui);
      vault.seals = 0;
      await store.saveDevice({ ...device, joinNonce: 1 });
      assert.equal(vault.seals, 0);
      device = await load(store, devEui);
      const sessions = anyDevice().sessions;
      const joined = { ...device, sessions: [...sessions, ...device.sessions].slice(0, 3) };
      await store.saveDevice(joined);
      assert.equal(vault.seals, joined.sessions.length === 0 ? 0 : 1);
    });
  });

  describe("a rotation", () => {
    const under = new StoreUnderTest(makeDatabase);

    it("lets another process read at once what is sealed under the new data key", async () => {
      const behind = await under.openAnother();
      const { devEui } = await under.created();
      under.keyring.add(2);
      const rotating = await under.openAnother();
      await rotating.saveDevice(await load(rotating, devEui));
      const [ns, as] = [sampleOf(networkServer), sampleOf(applicationServer)];
      await rotating.saveNetworkServer(ns);
      await rotating.saveApplicationServer(as);
      await rotating.saveSecretOnce("new", Uint8Array.of(1));
      assert.equal((await load(behind, devEui)).version, 2);
      const third = await under.openAnother();
      assertSame(await third.loadNetworkServer(ns.netId), ns);
      assertSame(await third.loadApplicationServer(as.asId), as);
      assert.equal((await third.loadSecret("new"))?.length, 1);
    });

    it("does not let a process save under the old data key", async () => {
      const keyring = new TestKeyring(1, 2);
      const behind = await under.openAnother(keyring.openVault());
      const device = await under.created();
      keyring.add(3);
      under.keyring.add(3);
      const copy = await load(behind, device.devEui);
      await under.store.raiseLeastSealingVersion(3);
      const made = anyDevice();
      assert.equal(await behind.saveDevice(copy, nonceOf(copy, 1)), "saved");
      await behind.createDevices([{ device: made, usedDevNonces: [] }]);
      const [ns, as] = [sampleOf(networkServer), sampleOf(applicationServer)];
      await behind.saveNetworkServer(ns);
      await behind.saveApplicationServer(as);
      await behind.saveSecretOnce("fenced", Uint8Array.of(1));
      const newest = await under.openAnother(new TestKeyring(3).openVault());
      assertSame(await load(newest, device.devEui), { ...copy, version: 2 });
      assertSame(await load(newest, made.devEui), made);
      assertSame(await newest.loadNetworkServer(ns.netId), ns);
      assertSame(await newest.loadApplicationServer(as.asId), as);
      assert.equal((await newest.loadSecret("fenced"))?.length, 1);
    });

    it("refuses a process that cannot get the new data key, and changes nothing", async () => {
      const device = await under.created();
      const old = await under.openAnother(new TestKeyring(1, 2).openVault());
      const [count, head] = [await under.store.countDevices(), await under.store.lastAudit()];
      const audit = auditEvent();
      const added = { device: anyDevice(), usedDevNonces: [] };
      const refused = warrenError("vault-key-unknown");
      await assert.rejects(old.saveDevice(device, { ...nonceOf(device, 9), audit }), refused);
      await assert.rejects(old.createDevices([added], audit), refused);
      await assert.rejects(old.saveNetworkServer(sampleOf(networkServer), audit), refused);
      await assert.rejects(old.saveSecretOnce("refused", Uint8Array.of(1)), refused);
      await assert.rejects(old.loadDevice(device.devEui), refused);
      await assert.rejects(old.findDevices({}, 1_000), refused);
      assertSame(await under.loaded(device.devEui), device);
      assert.deepEqual(await under.store.listUsedDevNonces(device.devEui), []);
      assert.equal(await under.store.countDevices(), count);
      assert.deepEqual(await under.store.lastAudit(), head);
      assert.equal(await under.store.loadSecret("refused"), undefined);
    });

    it("seals everything anew, a part at a time", async () => {
      const { store, keyring } = under;
      const sessions = anyDevice({ sessions: [] }).sessions;
      const device = await under.created({ sessions });
      const total = await store.countSealedBefore(100);
      assert.ok(total > 5);
      keyring.add(4);
      await store.raiseLeastSealingVersion(4);
      assert.equal(await store.countSealedBefore(4), total);
      assert.equal(await store.resealSome(4, 3), 3);
      assert.equal(await store.countSealedBefore(4), total - 3);
      assert.equal(await (await under.openAnother()).resealSome(4, 1_000_000), total - 3);
      assert.equal(await store.countSealedBefore(4), 0);
      assert.equal(await store.resealSome(4, 1_000), 0);
      assertSame(await load(store, device.devEui), device);
    });

    it("finds peers that it has not been asked for since before the rotation", async () => {
      const { keyring } = under;
      const vault = keyring.openVault();
      const behind = await under.openAnother(vault);
      const [ns, as] = [sampleOf(networkServer), sampleOf(applicationServer)];
      await under.store.saveNetworkServer(ns);
      await under.store.saveApplicationServer(as);
      await behind.listJoinEuiRanges();
      keyring.add(5);
      const rotating = await under.openAnother();
      await rotating.raiseLeastSealingVersion(5);
      while ((await rotating.resealSome(5, 1_000)) > 0);
      for (const version of [1, 2, 3, 4]) keyring.remove(version);
      await vault.refresh();
      assertSame(await behind.loadNetworkServer(ns.netId), ns);
      assertSame(await behind.loadApplicationServer(as.asId), as);
    });

    it("loses nothing of what joins store meanwhile, and leaves nothing under the old key", async () => {
      const { store, keyring } = under;
      const made = Array.from({ length: 60 }, () => anyDevice({ joinNonce: 0 }));
      await store.createDevices(made.map((device) => ({ device, usedDevNonces: [] })));
      const joining = await under.openAnother();
      const rotating = await under.openAnother();
      keyring.add(6);
      let isSwept = false;
      const joins = new Map<Eui64, number>();
      const sweep = async (): Promise<void> => {
        await rotating.raiseLeastSealingVersion(6);
        let done: number;
        do {
          done = await rotating.resealSome(6, 7);
          await new Promise(setImmediate);
        } while (done > 0);
        isSwept = true;
      };
      const join = async (): Promise<void> => {
        for (let round = 0; !isSwept || round < made.length; round++) {
          const { devEui } = made[(round * 37) % made.length] as (typeof made)[0];
          const device = await load(joining, devEui);
          await new Promise(setImmediate);
          const joinNonce = device.joinNonce + 1;
          const { sessions } = anyDevice();
          const next = { ...device, joinNonce, sessions };
          assert.equal(await joining.saveDevice(next, nonceOf(device, joinNonce)), "saved");
          joins.set(devEui, joinNonce);
          if (round % 10 === 0) {
            await joining.createDevices([{ device: anyDevice(), usedDevNonces: [] }]);
          }
        }
      };
      await Promise.all([sweep(), join()]);
      assert.equal(await store.countSealedBefore(6), 0);
      const newest = await under.openAnother(new TestKeyring(6).openVault());
      for (const { devEui, ...device } of made) {
        const stored = await load(newest, devEui);
        assert.equal(stored.joinNonce, joins.get(devEui) ?? 0);
        assert.equal((await newest.listUsedDevNonces(devEui)).length, stored.joinNonce);
        assertSame(stored.rootKeys, device.rootKeys);
      }
      const all = await newest.findDevices({}, 10_000);
      assert.equal(all.devices.length, await newest.countDevices());
    });
  });

  describe("root keys that an update has replaced", () => {
    const under = new StoreUnderTest(makeDatabase);

    it("are opened by no key that a rotation leaves, wherever their old sealed values are", async () => {
      const { keyring } = under;
      const vault = keyring.openVault();
      const sealed: Uint8Array[] = [];
      const { devEui } = await under.created();
      const context = `device/root-keys/${devEui}`;
      const store = await under.openAnother({
        get sealingVersion() {
          return vault.sealingVersion;
        },
        seal(plaintext, of) {
          const value = vault.seal(plaintext, of);
          if (of === context) sealed.push(value);
          return value;
        },
        open: (value, of) => vault.open(value, of),
        refresh: () => vault.refresh(),
      });
      for (let generation = 1; generation <= 3; generation++) {
        const device = await load(store, devEui);
        const rootKeys = { ...anyDevice({ devEui }).rootKeys, generation };
        assert.equal(await store.saveDevice({ ...device, rootKeys }), "saved");
      }
      assert.equal(sealed.length, 3);
      const before = await load(store, devEui);
      keyring.add(2);
      await store.raiseLeastSealingVersion(2);
      const rotating = await under.openAnother();
      while ((await rotating.resealSome(2, 1_000)) > 0);
      for (const value of sealed) assert.ok(vault.open(value, context).length > 0);
      keyring.remove(1);
      const left = keyring.openVault();
      for (const value of sealed) {
        assert.throws(() => left.open(value, context), warrenError("vault-key-unknown"));
      }
      const newest = await under.openAnother(left);
      assertSame((await load(newest, devEui)).rootKeys, before.rootKeys);
    });
  });
}

async function load(store: AnyStore, devEui: Eui64) {
  const device = await store.loadDevice(devEui);
  assert.ok(device);
  return device;
}

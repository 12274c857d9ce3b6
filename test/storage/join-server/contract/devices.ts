import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { equalKeys, isAes128Key } from "../../../../src/crypto/aes128.ts";
import type { Device } from "../../../../src/join-server/device.ts";
import type { Eui64 } from "../../../../src/lorawan/identifiers.ts";
import { anyDevice, assertSame, device, sampleOf, session } from "./arbitrary-records.ts";
import { type MakeDatabase, nonceOf, StoreUnderTest } from "./store-under-test.ts";

export function describeDevices(makeDatabase: MakeDatabase): void {
  describe("devices", () => {
    const under = new StoreUnderTest(makeDatabase);

    it("come back with every field, after creating and after saving", async () => {
      await fc.assert(
        fc.asyncProperty(device, device, async (first, second) => {
          const { store } = under;
          assert.deepEqual(await store.createDevices([{ device: first, usedDevNonces: [] }]), [
            true,
          ]);
          assertSame(await store.loadDevice(first.devEui), first);
          const { devEui } = first;
          const next = { ...second, devEui, rootKeys: { ...second.rootKeys, devEui } };
          assert.equal(await store.saveDevice(next), "saved");
          assertSame(await store.loadDevice(devEui), { ...next, version: 2 });
          const another = await under.openAnother();
          assertSame(await another.loadDevice(devEui), { ...next, version: 2 });
          await another.close();
        }),
        { numRuns: 25 },
      );
    });

    it("are saved with each member that is changed, whichever it is, and from memory too", async () => {
      await fc.assert(
        fc.asyncProperty(device, device, async (first, second) => {
          await under.store.createDevices([{ device: first, usedDevNonces: [] }]);
          const { devEui } = first;
          let current = await under.loaded(devEui);
          const rootKeys = { ...second.rootKeys, devEui, joinEui: first.joinEui };
          for (const member of Object.keys(second) as (keyof Device)[]) {
            if (member === "devEui" || member === "version" || member === "joinEui") continue;
            const next = { ...current, [member]: { ...second, rootKeys }[member] };
            assert.equal(await under.store.saveDevice(next), "saved");
            assertSame(await under.loaded(devEui), { ...next, version: current.version + 1 });
            // As a cache goes on: not with what was loaded, but with what was saved.
            current = { ...next, version: current.version + 1 };
          }
          const joinEui = second.joinEui;
          const moved = { ...current, joinEui, rootKeys: { ...current.rootKeys, joinEui } };
          assert.equal(await under.store.saveDevice(moved), "saved");
          assertSame(await under.loaded(devEui), { ...moved, version: current.version + 1 });
        }),
        { numRuns: 6 },
      );
    });

    it("have in their root keys the JoinEUI that they last joined with", async () => {
      const foreignJoinEui = "00000000000000bb" as Eui64;
      const [joined, before] = [{ ...sampleOf(session), foreignJoinEui }, sampleOf(session)];
      const made = anyDevice({ sessions: [joined, before] });
      assert.equal(made.rootKeys.joinEui, foreignJoinEui);
      await under.store.createDevices([{ device: made, usedDevNonces: [] }]);
      const another = await under.openAnother();
      assertSame(await another.loadDevice(made.devEui), made);
      await another.close();
    });

    it("that were not saved are unknown", async () => {
      assert.equal(await under.store.loadDevice("00000000000000aa" as Eui64), undefined);
    });

    it("are created once, many at a time, and the first stays as it is", async () => {
      const first = await under.created();
      const count = await under.store.countDevices();
      const others = [anyDevice(), anyDevice({ devEui: first.devEui }), anyDevice()];
      const twin = anyDevice({ devEui: (others[0] as Device).devEui });
      const areAdded = await under.store.createDevices(
        [...others, twin].map((made) => ({ device: made, usedDevNonces: [] })),
      );
      assert.deepEqual(areAdded, [true, false, true, false]);
      assertSame(await under.loaded(first.devEui), first);
      assertSame(await under.loaded(twin.devEui), others[0]);
      assert.equal(await under.store.countDevices(), count + 2);
      assert.deepEqual(await under.store.createDevices([]), []);
    });

    it("are created with the DevNonces that another server has seen", async () => {
      const made = anyDevice();
      const usedDevNonces = [7, 65_535, 0].map((devNonce) => nonceOf(made, devNonce).usedDevNonce);
      await under.store.createDevices([{ device: made, usedDevNonces }]);
      const byNonce = (await under.store.listUsedDevNonces(made.devEui)).toSorted(
        (a, b) => a.devNonce - b.devNonce,
      );
      assert.deepEqual(
        byNonce,
        [0, 7, 65_535].map((devNonce) => ({ joinEui: made.joinEui, devNonce })),
      );
      assert.equal(await under.store.saveDevice(made, nonceOf(made, 7)), "dev-nonce-used");
      assert.equal(await under.store.saveDevice(made, nonceOf(made, 8)), "saved");
    });

    it("that are taken do not get DevNonces of the refused record", async () => {
      const first = await under.created();
      const { usedDevNonce } = nonceOf(first, 1);
      await under.store.createDevices([{ device: first, usedDevNonces: [usedDevNonce] }]);
      assert.deepEqual(await under.store.listUsedDevNonces(first.devEui), []);
    });

    it("start at version 1, which grows by 1 with every save", async () => {
      let current = await under.created({ version: 9 });
      for (const version of [1, 2, 3]) {
        assert.equal(current.version, version);
        assert.equal(await under.store.saveDevice(current), "saved");
        current = await under.loaded(current.devEui);
      }
    });

    it("are not saved from a version that is not the stored one, nor when unknown", async () => {
      const stored = await under.created();
      for (const version of [0, 2, 7]) {
        const stale = { ...anyDevice({ devEui: stored.devEui }), version };
        assert.equal(await under.store.saveDevice(stale), "version-conflict");
      }
      assertSame(await under.loaded(stored.devEui), stored);
      assert.equal(await under.store.saveDevice(anyDevice()), "version-conflict");
    });

    it("are saved by one of many saves from the same version", async () => {
      const stored = await under.created();
      const stores = [under.store, await under.openAnother()];
      const outcomes = await Promise.all(
        [1, 2, 3, 4].map((joinNonce) =>
          (stores[joinNonce % 2] as typeof under.store).saveDevice({ ...stored, joinNonce }),
        ),
      );
      const conflict = "version-conflict";
      assert.deepEqual(outcomes.toSorted(), ["saved", conflict, conflict, conflict]);
      const winner = outcomes.indexOf("saved") + 1;
      assert.equal((await under.loaded(stored.devEui)).joinNonce, winner);
    });

    it("take a DevNonce once per device and JoinEUI, and then nothing of that save", async () => {
      const stored = await under.created();
      assert.equal(await under.store.saveDevice(stored, nonceOf(stored, 7)), "saved");
      const now = await under.loaded(stored.devEui);
      const again = { ...now, joinNonce: now.joinNonce ^ 1 };
      assert.equal(await under.store.saveDevice(again, nonceOf(stored, 7)), "dev-nonce-used");
      assertSame(await under.loaded(stored.devEui), now);
      const usedDevNonce = { joinEui: "00000000000000ee" as Eui64, devNonce: 7 };
      assert.equal(await under.store.saveDevice(now, { usedDevNonce }), "saved");
      const neighbour = await under.created({ joinEui: stored.joinEui });
      assert.equal(await under.store.saveDevice(neighbour, nonceOf(stored, 7)), "saved");
    });

    it("say that a DevNonce was used even to a save from an old version", async () => {
      const stored = await under.created();
      await under.store.saveDevice(stored, nonceOf(stored, 7));
      assert.equal(await under.store.saveDevice(stored, nonceOf(stored, 7)), "dev-nonce-used");
    });

    it("do not use a DevNonce up in a save that is refused", async () => {
      const stored = await under.created();
      const stale = { ...stored, version: 9 };
      assert.equal(await under.store.saveDevice(stale, nonceOf(stored, 8)), "version-conflict");
      assert.deepEqual(await under.store.listUsedDevNonces(stored.devEui), []);
      assert.equal(await under.store.saveDevice(stored, nonceOf(stored, 8)), "saved");
    });

    it("forget their DevNonces when an operator resets them, and only then", async () => {
      const [stored, neighbour] = [await under.created(), await under.created()];
      await under.store.saveDevice(neighbour, nonceOf(neighbour, 5));
      await under.store.saveDevice(stored, nonceOf(stored, 5));
      const forgetting = { forgetsUsedDevNonces: true };
      assert.equal(await under.store.saveDevice(stored, forgetting), "version-conflict");
      assert.equal((await under.store.listUsedDevNonces(stored.devEui)).length, 1);
      const now = await under.loaded(stored.devEui);
      const change = { ...forgetting, ...nonceOf(stored, 5) };
      assert.equal(await under.store.saveDevice(now, change), "saved");
      assert.deepEqual(await under.store.listUsedDevNonces(stored.devEui), [change.usedDevNonce]);
      assert.equal((await under.store.listUsedDevNonces(neighbour.devEui)).length, 1);
    });

    it("come with keys of their own, equal to those given", async () => {
      const made = anyDevice();
      await under.store.createDevices([{ device: made, usedDevNonces: [] }]);
      const { currentKeys } = (await under.loaded(made.devEui)).rootKeys;
      assert.ok(equalKeys(currentKeys.nwkKey, made.rootKeys.currentKeys.nwkKey));
      assert.ok(isAes128Key(currentKeys.nwkKey));
    });

    it("may share key objects, and each keeps what it was given", async () => {
      const one = await under.created({ sessions: anyDevice().sessions });
      const { currentKeys } = one.rootKeys;
      const other = await under.created();
      const sharing = { ...other, sessions: one.sessions };
      const candidate = { candidateKeys: currentKeys, x25519PrivateKey: undefined };
      const rootKeys = { ...other.rootKeys, currentKeys, ...candidate };
      assert.equal(await under.store.saveDevice({ ...sharing, rootKeys }), "saved");
      assertSame(await under.loaded(other.devEui), { ...sharing, rootKeys, version: 2 });
      const withCandidate = { ...one, rootKeys: { ...one.rootKeys, ...candidate } };
      assert.equal(await under.store.saveDevice(withCandidate), "saved");
      assertSame(await under.loaded(one.devEui), { ...withCandidate, version: 2 });
    });
  });
}

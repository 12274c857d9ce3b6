import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import type { JoinEuiRange } from "../../../../src/join-server/join-eui-range.ts";
import type { NetId } from "../../../../src/lorawan/identifiers.ts";
import { applicationServer, assertSame, networkServer, sampleOf } from "./arbitrary-records.ts";
import { type MakeDatabase, StoreUnderTest } from "./store-under-test.ts";

const ALL: JoinEuiRange = { first: "0000000000000000" as never, prefixLengthBits: 0 };
const ONE: JoinEuiRange = { first: "70b3d57ed0000000" as never, prefixLengthBits: 40 };
const TWO: JoinEuiRange = { first: "70b3d57ed0000000" as never, prefixLengthBits: 64 };

export function describePeers(makeDatabase: MakeDatabase): void {
  describe("peers", () => {
    const under = new StoreUnderTest(makeDatabase);

    /** Waits for what another process has changed, for as long as the port allows. */
    async function seenInTime(isSeen: () => Promise<boolean>): Promise<boolean> {
      const end = performance.now() + 2_000;
      while (performance.now() < end) {
        if (await isSeen()) return true;
        await sleep(20);
      }
      return false;
    }

    it("come back with every field, the last one saved", async () => {
      await fc.assert(
        fc.asyncProperty(networkServer, applicationServer, async (ns, as) => {
          const { store } = under;
          await store.saveNetworkServer({ ...sampleOf(networkServer), netId: ns.netId });
          await store.loadNetworkServer(ns.netId);
          await store.saveNetworkServer(ns);
          assertSame(await store.loadNetworkServer(ns.netId), ns);
          await store.saveApplicationServer({ ...sampleOf(applicationServer), asId: as.asId });
          await store.loadApplicationServer(as.asId);
          await store.saveApplicationServer(as);
          assertSame(await store.loadApplicationServer(as.asId), as);
        }),
        { numRuns: 15 },
      );
    });

    it("come back to another process", async () => {
      const [ns, as] = [sampleOf(networkServer), sampleOf(applicationServer)];
      await under.store.saveNetworkServer(ns);
      await under.store.saveApplicationServer(as);
      const another = await under.openAnother();
      assertSame(await another.loadNetworkServer(ns.netId), ns);
      assertSame(await another.loadApplicationServer(as.asId), as);
    });

    it("are listed in order, and gone once deleted", async () => {
      const { store } = under;
      const ns = sampleOf(networkServer);
      const as = sampleOf(applicationServer);
      await store.saveNetworkServer(ns);
      await store.saveApplicationServer(as);
      const netIds = (await store.listNetworkServers()).map(({ netId }) => netId);
      assert.deepEqual(netIds, netIds.toSorted());
      const listed = (await store.listNetworkServers()).find(({ netId }) => netId === ns.netId);
      assertSame(listed, ns);
      const asIds = (await store.listApplicationServers()).map(({ asId }) => asId);
      assert.equal(new Set(asIds).size, asIds.length);
      assert.ok(asIds.includes(as.asId));
      for (const isThere of [true, false]) {
        assert.equal(await store.deleteNetworkServer(ns.netId), isThere);
        assert.equal(await store.deleteApplicationServer(as.asId), isThere);
      }
      assert.equal(await store.loadNetworkServer(ns.netId), undefined);
      assert.equal(await store.loadApplicationServer(as.asId), undefined);
      assert.equal((await store.listNetworkServers()).length, netIds.length - 1);
      assert.equal((await store.listApplicationServers()).length, asIds.length - 1);
    });

    it("that were not saved are unknown", async () => {
      assert.equal(await under.store.loadNetworkServer("fffffe" as NetId), undefined);
      assert.equal(await under.store.loadApplicationServer("nobody at all"), undefined);
    });

    it("that another process changes or deletes are seen within two seconds", async () => {
      const another = await under.openAnother();
      const ns = { ...sampleOf(networkServer), isAllowed: true };
      assert.equal(await under.store.loadNetworkServer(ns.netId), undefined);
      await another.saveNetworkServer(ns);
      const isAllowed = async () => (await under.store.loadNetworkServer(ns.netId))?.isAllowed;
      assert.ok(await seenInTime(async () => (await isAllowed()) === true));
      await another.saveNetworkServer({ ...ns, isAllowed: false });
      assert.ok(await seenInTime(async () => (await isAllowed()) === false));
      await another.deleteNetworkServer(ns.netId);
      assert.ok(await seenInTime(async () => (await isAllowed()) === undefined));
      await another.saveJoinEuiRange(ALL);
      assert.ok(await seenInTime(async () => (await under.store.listJoinEuiRanges()).length === 1));
      await another.deleteJoinEuiRange(ALL);
      assert.ok(await seenInTime(async () => (await under.store.listJoinEuiRanges()).length === 0));
    });
  });

  describe("JoinEUI ranges", () => {
    const under = new StoreUnderTest(makeDatabase);

    it("are kept once, and gone once deleted", async () => {
      const { store } = under;
      assert.deepEqual(await store.listJoinEuiRanges(), []);
      for (const range of [TWO, ONE, ONE, ALL]) await store.saveJoinEuiRange(range);
      assert.deepEqual(await store.listJoinEuiRanges(), [ALL, ONE, TWO]);
      assert.equal(await store.deleteJoinEuiRange(ONE), true);
      assert.equal(await store.deleteJoinEuiRange(ONE), false);
      assert.deepEqual(await store.listJoinEuiRanges(), [ALL, TWO]);
      assert.deepEqual(await (await under.openAnother()).listJoinEuiRanges(), [ALL, TWO]);
    });
  });
}

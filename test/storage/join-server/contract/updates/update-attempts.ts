import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { UpdateAttempt } from "../../../../../src/join-server/root-key-updates/update-attempt.ts";
import { assertSame, attempt, auditEvent, sampleOf } from "../arbitrary-records.ts";
import { type MakeDatabase, nonceOf, StoreUnderTest } from "../store-under-test.ts";

function attemptOf(updateId: number): UpdateAttempt {
  return { ...sampleOf(attempt), updateId };
}

export function describeUpdateAttempts(makeDatabase: MakeDatabase): void {
  describe("attempts to update", () => {
    const under = new StoreUnderTest(makeDatabase);

    it("come back with every field, newest first, page by page", async () => {
      const stored = await under.created();
      const { devEui } = stored;
      const attempts = [3, 1, 2, 65_535].map(attemptOf);
      assert.deepEqual(await under.store.listUpdateAttempts(devEui, 10), []);
      assert.equal(await under.store.saveDevice(stored, { endedAttempts: attempts }), "saved");
      const newestFirst = attempts.toSorted((a, b) => b.updateId - a.updateId).slice(0, 1);
      // The others are further back than what is kept.
      assertSame(await under.store.listUpdateAttempts(devEui, 10), newestFirst);

      const other = await under.created();
      const few = [7, 9, 8].map(attemptOf);
      await under.store.saveDevice(other, { endedAttempts: few });
      const inOrder = few.toSorted((a, b) => b.updateId - a.updateId);
      assertSame(await under.store.listUpdateAttempts(other.devEui, 10), inOrder);
      assertSame(await under.store.listUpdateAttempts(other.devEui, 2), inOrder.slice(0, 2));
      assertSame(await under.store.listUpdateAttempts(other.devEui, 2, 8), inOrder.slice(2));
    });

    it("are replaced by one of the same UpdateID", async () => {
      const stored = await under.created();
      await under.store.saveDevice(stored, { endedAttempts: [attemptOf(5)] });
      const again = attemptOf(5);
      await under.store.saveDevice({ ...stored, version: 2 }, { endedAttempts: [again] });
      assertSame(await under.store.listUpdateAttempts(stored.devEui, 10), [again]);
    });

    it("stay for some hundreds of UpdateIDs", async () => {
      let stored = await under.created();
      for (const first of [1, 101, 201]) {
        const ended = Array.from({ length: 100 }, (_, index) => attemptOf(first + index));
        await under.store.saveDevice(stored, { endedAttempts: ended });
        stored = await under.loaded(stored.devEui);
      }
      const kept = await under.store.listUpdateAttempts(stored.devEui, 1_000);
      assert.deepEqual(
        kept.map(({ updateId }) => updateId),
        Array.from({ length: 256 }, (_, index) => 300 - index),
      );
    });

    it("are stored with their save or not at all, beside everything else of it", async () => {
      const stored = await under.created();
      const endedAttempts = [attemptOf(5)];
      const stale = { ...stored, version: 9 };
      assert.equal(await under.store.saveDevice(stale, { endedAttempts }), "version-conflict");
      assert.deepEqual(await under.store.listUpdateAttempts(stored.devEui, 10), []);
      const change = { ...nonceOf(stored, 4), endedAttempts, audit: auditEvent() };
      assert.equal(await under.store.saveDevice(stored, change), "saved");
      assertSame(await under.store.listUpdateAttempts(stored.devEui, 10), endedAttempts);
      assert.equal((await under.store.listUsedDevNonces(stored.devEui)).length, 1);
      const used = { ...nonceOf(stored, 4), endedAttempts: [attemptOf(6)] };
      const next = { ...stored, version: 2 };
      assert.equal(await under.store.saveDevice(next, used), "dev-nonce-used");
      assertSame(await under.store.listUpdateAttempts(stored.devEui, 10), endedAttempts);
    });

    it("under way stay with the device through saves that leave them, and through those that do not", async () => {
      const [one, two] = [attemptOf(1), attemptOf(2)];
      const { devEui } = await under.created({ attempt: one });
      const another = await under.openAnother();
      // Also an attempt that was on record before, which is not the one on record now.
      const steps = ["same", two, "same", one, "other process", one, undefined, two] as const;
      for (const step of steps) {
        const loaded = await under.loaded(devEui);
        if (step === "other process") {
          const theirs = await another.loadDevice(devEui);
          assert.ok(theirs);
          assert.equal(await another.saveDevice({ ...theirs, attempt: two }), "saved");
          continue;
        }
        const attempt = step === "same" ? loaded.attempt : step;
        const next = { ...loaded, joinNonce: 7, attempt };
        assert.equal(await under.store.saveDevice(next), "saved");
        const again = { ...next, version: next.version + 1, joinNonce: 8 };
        assert.equal(await under.store.saveDevice(again, nonceOf(again, again.version)), "saved");
        assertSame((await under.loaded(devEui)).attempt, attempt);
        assert.equal((await under.loaded(devEui)).joinNonce, 8);
      }
    });

    it("go with their device", async () => {
      const [stored, neighbour] = [await under.created(), await under.created()];
      await under.store.saveDevice(stored, { endedAttempts: [attemptOf(5)] });
      await under.store.saveDevice(neighbour, { endedAttempts: [attemptOf(5)] });
      await under.store.deleteDevice(stored.devEui);
      assert.deepEqual(await under.store.listUpdateAttempts(stored.devEui, 10), []);
      assert.equal((await under.store.listUpdateAttempts(neighbour.devEui, 10)).length, 1);
    });
  });
}

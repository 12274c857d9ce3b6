import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import {
  GroupedWork,
  type GroupedWorkOptions,
} from "../../../../src/storage/join-server/grouped-work.ts";

interface Item {
  readonly key: string;
  readonly value: number;
}
type Options = Partial<GroupedWorkOptions<Item, number>>;

/** Writes that end when the test says so; an outcome is the value doubled. */
class Disk {
  readonly groups: (readonly Item[])[] = [];
  readonly #ends: { resolve: () => void; reject: (error: unknown) => void }[] = [];
  readonly work: GroupedWork<Item, number>;

  constructor(options: Options = {}) {
    this.work = new GroupedWork<Item, number>({
      work: async (items) => {
        this.groups.push(items);
        await new Promise<void>((resolve, reject) => this.#ends.push({ resolve, reject }));
        return items.map(({ value }) => 2 * value);
      },
      keyOf: ({ key }) => key,
      maxItems: 4,
      maxUnderWay: 1,
      maxWaitMs: 60_000,
      tooLate: () => new Error("too late"),
      isForAll: () => false,
      ...options,
    });
  }

  /** Ends the oldest write that has not ended. */
  async end(error?: Error): Promise<void> {
    const end = this.#ends.shift();
    assert.ok(end !== undefined, "nothing is under way");
    if (error === undefined) end.resolve();
    else end.reject(error);
    await turn();
    await turn();
  }

  get isBusy(): boolean {
    return this.#ends.length > 0;
  }

  get values(): number[][] {
    return this.groups.map((items) => items.map(({ value }) => value));
  }
}

const item = (value: number, key = `key ${value}`): Item => ({ key, value });

describe("GroupedWork", () => {
  it("writes what comes in one turn together, and what comes meanwhile after it", async () => {
    const disk = new Disk();
    const first = [1, 2].map((value) => disk.work.do(item(value)));
    await turn();
    const second = [3, 4, 5].map((value) => disk.work.do(item(value)));
    await turn();
    assert.deepEqual(disk.values, [[1, 2]]);
    await disk.end();
    assert.deepEqual(await Promise.all(first), [2, 4]);
    assert.deepEqual(disk.values, [
      [1, 2],
      [3, 4, 5],
    ]);
    await disk.end();
    assert.deepEqual(await Promise.all(second), [6, 8, 10]);
    assert.equal(disk.isBusy, false);
  });

  it("writes so many groups at a time, and so many items a group", async () => {
    const disk = new Disk({ maxUnderWay: 2 });
    const all = Array.from({ length: 11 }, (_, value) => disk.work.do(item(value)));
    await turn();
    assert.deepEqual(
      disk.values.map(({ length }) => length),
      [4, 4],
    );
    await disk.end();
    await disk.end();
    await disk.end();
    assert.deepEqual(
      await Promise.all(all),
      Array.from({ length: 11 }, (_, value) => 2 * value),
    );
  });

  it("gives each what became of it, keys apart and in order, whatever comes when", async () => {
    const steps = fc.array(fc.oneof(fc.constant("end" as const), fc.nat(5)), { maxLength: 80 });
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 3 }), async (given, maxUnderWay) => {
        const disk = new Disk({ maxUnderWay });
        const stored: Promise<number>[] = [];
        for (const step of given) {
          if (step !== "end") stored.push(disk.work.do(item(stored.length, `key ${step}`)));
          else if (disk.isBusy) await disk.end();
          else await turn();
        }
        await turn();
        while (disk.isBusy) await disk.end();
        assert.deepEqual(
          await Promise.all(stored),
          stored.map((_, value) => 2 * value),
        );
        const last = new Map<string, number>();
        for (const group of disk.groups) {
          assert.ok(group.length <= 4);
          assert.equal(new Set(group.map(({ key }) => key)).size, group.length);
          for (const { key, value } of group) {
            assert.ok((last.get(key) ?? -1) < value, "one of the same key was overtaken");
            last.set(key, value);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it("fails the group that was not written, and goes on with the next", async () => {
    const disk = new Disk();
    const first = [1, 2].map((value) => disk.work.do(item(value)));
    await turn();
    const second = disk.work.do(item(3));
    const failed = Promise.allSettled(first);
    await disk.end(new Error("no"));
    assert.deepEqual(
      (await failed).map(({ status }) => status),
      ["rejected", "rejected"],
    );
    await disk.end();
    assert.equal(await second, 6);
  });

  it("fails those that wait as well when the error is for all", async () => {
    const disk = new Disk({ isForAll: () => true });
    const first = disk.work.do(item(1));
    await turn();
    const second = disk.work.do(item(2));
    const both = Promise.allSettled([first, second]);
    await disk.end(new Error("away"));
    assert.deepEqual(
      (await both).map(({ status }) => status),
      ["rejected", "rejected"],
    );
    const third = disk.work.do(item(3));
    await turn();
    await disk.end();
    assert.equal(await third, 6);
    assert.deepEqual(disk.values, [[1], [3]]);
  });

  it("gives up those that wait too long, and no others", async () => {
    const disk = new Disk({ maxWaitMs: 150 });
    const first = disk.work.do(item(1));
    await turn();
    const late = assert.rejects(disk.work.do(item(2)), /too late/);
    await sleep(100);
    const inTime = disk.work.do(item(3));
    await late;
    await disk.end();
    assert.equal(await first, 2);
    await disk.end();
    assert.equal(await inTime, 6);
    assert.deepEqual(disk.values, [[1], [3]]);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { inBatches, mapInOrder } from "../../../src/cli/direct-import/batches-in-order.ts";
import type { RawRecord } from "../../../src/device-files/parser/raw-records.ts";

const MEBI = 1024 * 1024;

async function* piecesOf(records: readonly RawRecord[], size: number): AsyncGenerator<RawRecord[]> {
  for (let at = 0; at < records.length; at += size) {
    await nextTurn();
    yield records.slice(at, at + size);
  }
}

function recordsOf(count: number, characters: number): RawRecord[] {
  const text = "x".repeat(characters);
  return Array.from({ length: count }, (_, index) => ({
    position: { record: index + 1, line: index + 1 },
    text,
  }));
}

async function sizesOf(records: readonly RawRecord[], signal = new AbortController().signal) {
  const sizes: number[] = [];
  const seen: RawRecord[] = [];
  for await (const batch of inBatches(piecesOf(records, 7), signal)) {
    sizes.push(batch.length);
    seen.push(...batch);
  }
  return { sizes, seen };
}

describe("records of a direct import", () => {
  it("come in batches of 500, in their order", async () => {
    const records = recordsOf(1_201, 1);
    const { sizes, seen } = await sizesOf(records);
    assert.deepEqual(sizes, [500, 500, 201]);
    assert.deepEqual(seen, records);
  });

  it("come in smaller ones when they are long", async () => {
    assert.deepEqual((await sizesOf(recordsOf(10, MEBI))).sizes, [4, 4, 2]);
  });

  it("come no more once nobody wants them", async () => {
    assert.deepEqual((await sizesOf(recordsOf(501, 1), AbortSignal.abort())).sizes, []);
  });
});

describe("work on several items at once", () => {
  async function* upTo(count: number) {
    for (let item = 0; item < count; item++) {
      await nextTurn();
      yield item;
    }
  }

  it("gives its results in the order of the items, and never does more at once", async () => {
    let underWay = 0;
    let most = 0;
    const work = async (item: number) => {
      most = Math.max(most, ++underWay);
      for (let turn = 0; turn < 20 - (item % 3) * 5; turn++) await nextTurn();
      underWay -= 1;
      return item;
    };
    const results: number[] = [];
    for await (const result of mapInOrder(upTo(20), 4, work)) results.push(result);
    assert.deepEqual(results, [...Array(20).keys()]);
    assert.equal(most, 4);
  });

  it("ends with the first error, after what is under way", async () => {
    const begun: number[] = [];
    let done = 0;
    const work = async (item: number) => {
      begun.push(item);
      for (let turn = 0; turn < 20; turn++) await nextTurn();
      done += 1;
      if (item === 1) throw new TypeError("the second one");
      return item;
    };
    const results: number[] = [];
    await assert.rejects(async () => {
      for await (const result of mapInOrder(upTo(20), 3, work)) results.push(result);
    }, /the second one/);
    assert.deepEqual(results, [0]);
    assert.equal(done, begun.length);
    assert.ok(begun.length < 20);
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { KeyedQueue } from "../../src/application-server/keyed-queue.ts";

test("tasks of one key run in order, also after one that failed", async () => {
  const queue = new KeyedQueue();
  const order: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = queue.run("a", async () => {
    await gate.promise;
    order.push("first");
    throw new Error("first failed");
  });
  const second = queue.run("a", () => Promise.resolve(order.push("second")));
  const other = queue.run("b", () => Promise.resolve(order.push("other")));
  await other;
  gate.resolve();
  await assert.rejects(first, /first failed/);
  await second;
  assert.deepEqual(order, ["other", "first", "second"]);
});

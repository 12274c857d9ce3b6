import assert from "node:assert/strict";
import { test } from "node:test";
import { KeyedQueue } from "../src/keyed-queue.ts";

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

test("draining waits for what was added, also for what fails", async () => {
  const queue = new KeyedQueue();
  const order: string[] = [];
  const failed = queue.run("a", () => Promise.reject(new Error("no")));
  const last = queue.run("a", async () => {
    await new Promise(setImmediate);
    order.push("last");
  });
  await Promise.all([assert.rejects(failed), queue.drain()]);
  assert.deepEqual(order, ["last"]);
  await last;
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { TransmitQueue } from "../../src/simulator/gateway/transmit-queue.ts";

test("a gateway needs 30 ms to program a frame", () => {
  const queue = new TransmitQueue();
  assert.equal(queue.add({ startsAt: 1_029, endsAt: 1_100 }, 1_000), "TOO_LATE");
  assert.equal(queue.add({ startsAt: 1_031, endsAt: 1_100 }, 1_000), undefined);
});

test("no two frames at a time, but one after the other", () => {
  const queue = new TransmitQueue();
  assert.equal(queue.add({ startsAt: 2_000, endsAt: 2_100 }, 1_000), undefined);
  assert.equal(queue.add({ startsAt: 2_101, endsAt: 2_150 }, 1_000), "COLLISION_PACKET");
  assert.equal(queue.add({ startsAt: 1_900, endsAt: 2_300 }, 1_000), "COLLISION_PACKET");
  assert.equal(queue.add({ startsAt: 2_103, endsAt: 2_150 }, 1_000), undefined);
  assert.equal(queue.add({ startsAt: 1_900, endsAt: 1_990 }, 1_000), undefined);
});

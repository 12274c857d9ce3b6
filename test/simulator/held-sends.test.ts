import assert from "node:assert/strict";
import { test } from "node:test";
import { HeldSends } from "../../src/simulator/gateway/held-sends.ts";

test("what a batch sends leaves after it, in order, and not at all when it fails", () => {
  const sends = new HeldSends();
  const seen: string[] = [];
  const send = (name: string) => sends.send(() => seen.push(name));
  send("before");
  sends.during(() => {
    send("first");
    send("second");
    seen.push("stored");
  });
  assert.deepEqual(seen, ["before", "stored", "first", "second"]);
  assert.throws(() =>
    sends.during(() => {
      send("never");
      throw new Error("the disk is full");
    }),
  );
  send("after");
  assert.deepEqual(seen.slice(4), ["after"]);
});

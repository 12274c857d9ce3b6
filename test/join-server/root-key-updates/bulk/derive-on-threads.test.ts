import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { WarrenError } from "../../../../src/errors.ts";
import { deriveOnThreads } from "../../../../src/join-server/root-key-updates/bulk/derive-on-threads.ts";
import { deriveRecords } from "../../../../src/root-key/derivation/derive-records.ts";
import { Suite } from "../../../../src/root-key/suite.ts";

const CONTEXT_BYTES = 96;

function sharedRecords(count: number): Uint8Array<SharedArrayBuffer> {
  const shared = new Uint8Array(new SharedArrayBuffer(count * (32 + CONTEXT_BYTES)));
  for (let index = 0; index < shared.length; index++) shared[index] = (index * 31) >>> 5;
  return shared;
}

describe("deriving on threads", () => {
  for (const suite of [Suite.Rabbit, Suite.RabbitSplit]) {
    it(`gives what one thread gives, suite ${suite}`, async () => {
      const input = { suite, contextBytes: CONTEXT_BYTES, records: sharedRecords(20_000) };
      const expected = new Uint8Array(32 * 20_000);
      deriveRecords(input, expected);
      const keys = await deriveOnThreads({ ...input, threads: 2 });
      assert.equal(Buffer.compare(keys, expected), 0);
    });
  }

  it("takes none", async () => {
    const input = { suite: Suite.Rabbit, contextBytes: CONTEXT_BYTES, records: sharedRecords(0) };
    assert.equal((await deriveOnThreads(input)).length, 0);
  });

  it("refuses records that are not whole before it starts a thread", async () => {
    const records = sharedRecords(1).subarray(1);
    await assert.rejects(
      deriveOnThreads({ suite: Suite.Rabbit, contextBytes: CONTEXT_BYTES, records }),
      (error) => error instanceof WarrenError && error.code === "value-out-of-range",
    );
  });

  it("throws what a thread throws", async () => {
    const input = { contextBytes: CONTEXT_BYTES, records: sharedRecords(10), threads: 2 };
    await assert.rejects(deriveOnThreads({ ...input, suite: 9 as Suite }), TypeError);
  });
});

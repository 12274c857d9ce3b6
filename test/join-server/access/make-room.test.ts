import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { makeRoom } from "../../../src/join-server/access/make-room.ts";

interface Entry {
  readonly tokenHash: string;
  readonly isOver?: boolean;
}

/** What is left of entries (by their order, `a` first) when one more of the token is to come. */
function leftOf(entries: readonly Entry[], tokenHash: string): string {
  const map = new Map(entries.map((entry, index) => [String.fromCharCode(97 + index), entry]));
  makeRoom(map, tokenHash, {
    room: { ofOneToken: 2, ofAll: 4 },
    isOver: ({ isOver = false }) => isOver,
    tokenHashOf: (entry) => entry.tokenHash,
  });
  return [...map.keys()].join("");
}

const of = (...tokenHashes: string[]) => tokenHashes.map((tokenHash) => ({ tokenHash }));

describe("room for one more entry", () => {
  test("is there as long as neither the token nor all have as many as they may", () => {
    assert.equal(leftOf(of("one", "two", "three"), "one"), "abc");
    assert.equal(leftOf([], "one"), "");
  });

  test("a token that has all it may loses its own first, however many the others have", () => {
    assert.equal(leftOf(of("two", "one", "one"), "one"), "ac");
    assert.equal(leftOf(of("two", "one", "three", "one"), "one"), "acd");
  });

  test("when all have as many as they may, the first of all goes", () => {
    assert.equal(leftOf(of("two", "three", "two", "three"), "one"), "bcd");
  });

  test("what is over goes first, and counts for nobody", () => {
    const over = { tokenHash: "one", isOver: true };
    assert.equal(leftOf([...of("two"), over, ...of("one")], "one"), "ac");
    assert.equal(leftOf([...of("two", "three", "two"), over], "one"), "abc");
  });
});

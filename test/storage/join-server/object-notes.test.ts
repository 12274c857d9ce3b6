import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import { ObjectNotes } from "../../../src/storage/join-server/object-notes.ts";

describe("notes on objects", () => {
  it("are of the very object, and of nobody else's", () => {
    const notes = new ObjectNotes<{ a: number }, string>();
    const others = new ObjectNotes<{ a: number }, string>();
    const [one, two] = [{ a: 1 }, { a: 1 }];
    notes.set(one, "first");
    assert.equal(notes.get(one), "first");
    assert.equal(notes.get(two), undefined);
    assert.equal(others.get(one), undefined);
    others.set(one, "another's");
    notes.set(one, "second");
    assert.equal(notes.get(one), "second");
    assert.equal(others.get(one), "another's");
  });

  it("are in no copy, no clone, no JSON and no text, and no comparison sees them", () => {
    const notes = new ObjectNotes<object, string>();
    for (const object of [{ a: 1 }, [1, 2]]) {
      const plain = structuredClone(object);
      notes.set(object, "the note");
      assert.deepStrictEqual(object, plain);
      assert.equal(JSON.stringify(object), JSON.stringify(plain));
      assert.equal(inspect(object), inspect(plain));
      for (const copy of [{ ...object }, structuredClone(object), Object.assign({}, object)]) {
        assert.equal(notes.get(copy), undefined);
      }
    }
  });
});

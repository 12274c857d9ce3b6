import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Rabbit, rabbitBlock } from "../../../src/crypto/rabbit/rabbit.ts";
import { WarrenError } from "../../../src/errors.ts";
import { formatHex, parseHex } from "../../../src/lorawan/hex.ts";
import vectors from "../../vectors/rabbit.json" with { type: "json" };
import { rabbitKeystreamRfcOrder } from "./support/rabbit-rfc-order.ts";

interface KeyAndIv {
  readonly key: string;
  readonly iv: string | null;
}

function keystream(vector: KeyAndIv & { octetOrder: string }, lengthBytes: number): string {
  const key = parseHex(vector.key);
  const iv = vector.iv === null ? undefined : parseHex(vector.iv);
  return formatHex(
    vector.octetOrder === "rfc"
      ? rabbitKeystreamRfcOrder({ key, ...(iv !== undefined && { iv }), lengthBytes })
      : new Rabbit(key, iv).keystream(lengthBytes),
  );
}

const toHexWord = (word: number) => word.toString(16).padStart(8, "0");

describe("Rabbit", () => {
  for (const vector of vectors.vectors) {
    it(`gives the keystream of ${vector.name}`, () => {
      assert.equal(keystream(vector, vector.keystream.length / 2), vector.keystream);
    });
  }

  for (const vector of vectors.internalState) {
    it(`has the internal state of ${vector.name}`, () => {
      const key = parseHex(vector.key).reverse();
      const rabbit = new Rabbit(
        key,
        vector.iv === null ? undefined : parseHex(vector.iv).reverse(),
      );
      rabbit.keystream(16 * vector.blocksProduced);
      const state = rabbit.state();
      assert.deepEqual(state.x.map(toHexWord), vector.x);
      assert.deepEqual(state.c.map(toHexWord), vector.c);
      assert.equal(state.carry, vector.carry);
    });
  }

  for (const vector of vectors.negative) {
    it(`does not mix octet orders: ${vector.name}`, () => {
      const given = keystream(vector, vector.keystream.length / 2);
      assert.equal(given, vector.keystream);
      assert.notEqual(given, keystream({ ...vector, octetOrder: "rfc" }, 16));
    });
  }

  it("tells no IV from an all-zero IV", () => {
    const key = new Uint8Array(16);
    assert.notDeepEqual(
      new Rabbit(key).keystream(16),
      new Rabbit(key, new Uint8Array(8)).keystream(16),
    );
  });

  it("goes on where the last call ended, in pieces of any size", () => {
    const pieces = fc.array(fc.nat({ max: 40 }), { maxLength: 12 });
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), pieces, (key, lengths) => {
        const rabbit = new Rabbit(key);
        const parts = lengths.map((lengthBytes) => rabbit.keystream(lengthBytes));
        const total = lengths.reduce((sum, lengthBytes) => sum + lengthBytes, 0);
        assert.equal(parts.map(formatHex).join(""), formatHex(new Rabbit(key).keystream(total)));
      }),
    );
  });

  it("gives its first block at once, and leaves nothing behind for the next key", () => {
    const key = fc.uint8Array({ minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(key, key, (first, second) => {
        rabbitBlock(first);
        assert.deepEqual(rabbitBlock(second), new Rabbit(second).keystream(16));
      }),
    );
  });

  it("refuses keys, IVs and lengths of another size", () => {
    const key = new Uint8Array(16);
    const rejects = (code: string, run: () => unknown) =>
      assert.throws(run, (error) => error instanceof WarrenError && error.code === code);
    rejects("key-malformed", () => new Rabbit(new Uint8Array(15)));
    rejects("key-malformed", () => rabbitBlock(new Uint8Array(17)));
    rejects("value-out-of-range", () => new Rabbit(key, new Uint8Array(7)));
    rejects("value-out-of-range", () => rabbitKeystreamRfcOrder({ key, lengthBytes: 15 }));
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { BitSequence } from "../../../src/evaluation/sp800-22/bit-sequence.ts";

test("octets give their bits, the most significant first, for as many as are asked for", () => {
  const octets = fc.uint8Array({ maxLength: 40 });
  fc.assert(
    fc.property(octets, fc.nat(320), (some, wanted) => {
      const text = Array.from(some, (octet) => octet.toString(2).padStart(8, "0")).join("");
      const lengthBits = Math.min(wanted, text.length);
      const { bits } = BitSequence.fromOctets(some, lengthBits);
      assert.equal(bits.join(""), text.slice(0, lengthBits));
      assert.deepEqual(BitSequence.fromOctets(some), BitSequence.fromText(text));
    }),
  );
});

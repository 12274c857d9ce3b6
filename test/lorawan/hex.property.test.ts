import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatHex, parseHex } from "../../src/lorawan/hex.ts";
import { warrenError } from "../support/warren-error.ts";

/** Few bytes are read one by one, more by `Buffer`. */
const octets = fc.uint8Array({ maxLength: 80 });

test("hex text of either case is read as Buffer does, and written back", () => {
  fc.assert(
    fc.property(octets, fc.func(fc.boolean()), (bytes, isUpper) => {
      const written = Buffer.from(bytes).toString("hex");
      const text = [...written]
        .map((digit, index) => (isUpper(index) ? digit.toUpperCase() : digit))
        .join("");
      assert.deepEqual(parseHex(text), bytes);
      assert.deepEqual(parseHex(text, bytes.length), bytes);
      assert.equal(formatHex(bytes), written);
    }),
  );
});

test("text with anything but hex digits, or half a byte, is refused without being repeated", () => {
  const others = fc
    .string({ minLength: 1, maxLength: 2 })
    .filter((text) => !/^[0-9a-f]+$/i.test(text));
  fc.assert(
    fc.property(octets, others, fc.nat(), (bytes, other, place) => {
      const digits = Buffer.from(bytes).toString("hex");
      const at = place % (digits.length + 1);
      const text = digits.slice(0, at) + other + digits.slice(at);
      assert.throws(() => parseHex(text), warrenError("text-malformed"));
      assert.throws(() => parseHex(`${digits}a`), warrenError("text-malformed"));
      assert.throws(() => parseHex(digits, bytes.length + 1), warrenError("text-malformed"));
    }),
  );
});

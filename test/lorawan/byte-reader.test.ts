import assert from "node:assert/strict";
import { test } from "node:test";
import { ByteReader } from "../../src/lorawan/byte-reader.ts";

test("reading leaves the bytes of a Buffer alone, whose slice() is a view", () => {
  const bytes = Buffer.from("0102030405060708090a0b0c0d0e0f", "hex");
  const before = bytes.toString("hex");
  const reader = new ByteReader(bytes);
  assert.equal(reader.eui64("EUI"), "0807060504030201");
  assert.equal(reader.devAddr("DevAddr"), "0c0b0a09");
  const copy = reader.bytes(3, "NetID");
  copy.fill(0);
  assert.equal(bytes.toString("hex"), before);
  assert.ok(!Buffer.isBuffer(copy));
});

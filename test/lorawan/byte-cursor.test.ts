import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { ByteReader } from "../../src/lorawan/byte-reader.ts";
import { ByteWriter } from "../../src/lorawan/byte-writer.ts";
import { formatHex, parseHex } from "../../src/lorawan/hex.ts";
import { parseDevAddr, parseEui64, parseNetId } from "../../src/lorawan/identifiers.ts";
import {
  bytes,
  devAddr,
  eui64,
  netId,
  uint8,
  uint16,
  uint24,
  uint32,
} from "../support/lorawan-arbitraries.ts";
import { warrenError } from "../support/warren-error.ts";

describe("ByteReader and ByteWriter", () => {
  it("round-trip every type of field in wire order", () => {
    const fields = fc.tuple(uint8, uint16, uint24, uint32, eui64, netId, devAddr, bytes(0, 9));
    fc.assert(
      fc.property(fields, ([u8, u16, u24, u32, eui, net, addr, tail]) => {
        const written = new ByteWriter()
          .uint8(u8, "u8")
          .uint16(u16, "u16")
          .uint24(u24, "u24")
          .uint32(u32, "u32")
          .eui64(eui)
          .netId(net)
          .devAddr(addr)
          .bytes(tail)
          .toBytes();
        const reader = new ByteReader(written);
        assert.equal(reader.uint8("u8"), u8);
        assert.equal(reader.uint16("u16"), u16);
        assert.equal(reader.uint24("u24"), u24);
        assert.equal(reader.uint32("u32"), u32);
        assert.equal(reader.eui64("eui"), eui);
        assert.equal(reader.netId("net"), net);
        assert.equal(reader.devAddr("addr"), addr);
        assert.equal(reader.remaining, tail.length);
        assert.deepEqual(reader.rest(), tail);
        reader.end();
      }),
    );
  });

  it("are little-endian on air and most significant byte first in text", () => {
    const written = new ByteWriter()
      .uint32(0x01020304, "counter")
      .eui64(parseEui64("0011223344556677"))
      .toBytes();
    assert.equal(formatHex(written), "040302017766554433221100");
  });

  it("name the field that is missing", () => {
    const reader = new ByteReader(new Uint8Array(1));
    assert.throws(() => reader.uint16("DevNonce"), /DevNonce needs 2 bytes, 1 are left/);
    assert.throws(() => reader.uint16("DevNonce"), warrenError("frame-too-short"));
  });

  it("refuse trailing bytes", () => {
    const reader = new ByteReader(new Uint8Array(1));
    assert.throws(() => reader.end(), warrenError("frame-too-long"));
  });

  it("refuse numbers that do not fit", () => {
    for (const value of [-1, 0x100, 1.5, Number.NaN]) {
      const write = () => new ByteWriter().uint8(value, "FPort");
      assert.throws(write, warrenError("value-out-of-range"));
    }
  });

  it("copy what they read, so that a later write to the frame changes nothing", () => {
    const frame = new Uint8Array([1, 2]);
    const read = new ByteReader(frame).bytes(2, "payload");
    frame.fill(0);
    assert.deepEqual(read, new Uint8Array([1, 2]));
  });
});

describe("hex text and identifiers", () => {
  it("round-trip and accept either case", () => {
    fc.assert(
      fc.property(bytes(0, 40), (value) => {
        assert.deepEqual(parseHex(formatHex(value)), value);
        assert.deepEqual(parseHex(formatHex(value).toUpperCase()), value);
      }),
    );
    assert.equal(parseEui64("0011223344556A7B"), "0011223344556a7b");
    assert.equal(parseDevAddr("26011BDA"), "26011bda");
    assert.equal(parseNetId("00000F"), "00000f");
  });

  it("refuse other lengths, signs and spaces without repeating the text", () => {
    for (const text of ["0", "0x", "zz", " 00", "00 ", "0g"]) {
      assert.throws(() => parseHex(text), warrenError("text-malformed"), text);
    }
    assert.throws(() => parseEui64("00112233445566"), warrenError("text-malformed"));
    assert.throws(() => parseDevAddr("00112233aa"), warrenError("text-malformed"));
    assert.throws(() => parseNetId(""), warrenError("text-malformed"));
    assert.throws(
      () => parseHex("c0ffee", 16),
      (error: Error) => !/c0ffee/.test(error.message),
    );
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { parseNetId } from "../../../src/lorawan/identifiers.ts";
import { drawDevAddr } from "../../../src/network-server/session/dev-addr.ts";

/** The last address of a network by its NetID: values of `TestDevAddrSetAddrPrefix` of brocaar/lorawan. */
const LAST_ADDRESSES = {
  "000000": "01ffffff",
  "00003f": "7fffffff",
  "200000": "80ffffff",
  "20003f": "bfffffff",
  "400000": "c00fffff",
  "4001ff": "dfffffff",
  "600000": "e001ffff",
  "6fffff": "efffffff",
  "800000": "f0007fff",
  "9fffff": "f7ffffff",
  a00000: "f8001fff",
  bfffff: "fbffffff",
  c00000: "fc0003ff",
  dfffff: "fdffffff",
  e00000: "fe00007f",
  ffffff: "feffffff",
};

const store = { findDevicesByDevAddr: () => [] };

test("a device address has the prefix and NwkID of the network, whatever the type of its NetID", () => {
  for (const [netId, last] of Object.entries(LAST_ADDRESSES)) {
    const ones = () => new Uint8Array(4).fill(0xff);
    assert.equal(drawDevAddr(parseNetId(netId), ones, store), last, netId);
  }
  const random = () => Uint8Array.of(0xff, 0x12, 0x34, 0x56);
  assert.equal(drawDevAddr(parseNetId("000013"), random, store), "27123456");
  assert.equal(drawDevAddr(parseNetId("600013"), random, store), "e0263456");
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { importX25519PrivateKey } from "../../../src/crypto/x25519.ts";
import { WarrenError } from "../../../src/errors.ts";
import {
  decodeRootKeys,
  encodeRootKeys,
  type StoredKeys,
} from "../../../src/storage/join-server/rows/root-keys-codec.ts";
import { bytes, key, record } from "../../support/lorawan-arbitraries.ts";
import { assertSame } from "./contract/arbitrary-records.ts";

const pair = record({ nwkKey: key, appKey: key });
const none = fc.constant(undefined);
const storedKeys: fc.Arbitrary<StoredKeys> = fc.oneof(
  record({ currentKeys: pair, candidateKeys: none, x25519PrivateKey: none }),
  record({ currentKeys: pair, candidateKeys: pair, x25519PrivateKey: none }),
  record({
    currentKeys: pair,
    candidateKeys: none,
    x25519PrivateKey: bytes(32).map(importX25519PrivateKey),
  }),
);

describe("the root keys of a device as one value", () => {
  it("come back as they were", () => {
    fc.assert(
      fc.property(storedKeys, (keys) => {
        assertSame(decodeRootKeys(encodeRootKeys(keys)), keys);
      }),
    );
  });

  it("are refused when they have another length or tag", () => {
    const lengths = Array.from({ length: 100 }, (_, length) => length);
    for (const length of lengths.filter((one) => one !== 32 && one !== 64)) {
      assert.throws(
        () => decodeRootKeys(new Uint8Array(length)),
        (error) => error instanceof WarrenError && error.code === "sealed-value-damaged",
        `${length} octets`,
      );
    }
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import fc from "fast-check";
import { exportAes128Key } from "../../../src/crypto/aes128.ts";
import { formatHex } from "../../../src/lorawan/hex.ts";
import { unwrapMcKey, wrapMcKey } from "../../../src/lorawan/keys/multicast-keys.ts";
import {
  deriveSessionKeys10,
  deriveSessionKeys11,
} from "../../../src/lorawan/keys/session-keys.ts";
import { eui64, key, netId, uint16, uint24 } from "../../support/lorawan-arbitraries.ts";
import { warrenError } from "../../support/warren-error.ts";

const input11 = fc.record({
  nwkKey: key,
  appKey: key,
  joinNonce: uint24,
  joinEui: eui64,
  devNonce: uint16,
});
const input10 = fc.record({ key, joinNonce: uint24, netId, devNonce: uint16 });

describe("session keys", () => {
  it("of 1.1 are four different keys, and AppSKey alone depends on AppKey", () => {
    fc.assert(
      fc.property(input11, key, (input, otherKey) => {
        fc.pre(!otherKey.equals(input.appKey));
        const keys = deriveSessionKeys11(input);
        assert.equal(new Set(Object.values(keys).map(hex)).size, 4);
        const other = deriveSessionKeys11({ ...input, appKey: otherKey });
        assert.equal(hex(other.fNwkSIntKey), hex(keys.fNwkSIntKey));
        assert.notEqual(hex(other.appSKey), hex(keys.appSKey));
      }),
    );
  });

  it("show no bytes when printed", () => {
    fc.assert(
      fc.property(input10, (input) => {
        const keys = deriveSessionKeys10(input);
        const printed = `${inspect(keys, { depth: 9 })}${JSON.stringify(keys)}`;
        for (const sessionKey of Object.values(keys)) {
          assert.ok(!printed.includes(hex(sessionKey)));
        }
      }),
    );
  });

  it("refuse nonces that do not fit", () => {
    const [input] = fc.sample(input10, 1);
    for (const wrong of [{ joinNonce: 2 ** 24 }, { devNonce: 2 ** 16 }, { devNonce: -1 }]) {
      assert.throws(
        () => deriveSessionKeys10({ ...input!, ...wrong }),
        warrenError("value-out-of-range"),
      );
    }
  });
});

describe("McKey", () => {
  it("is unwrapped as it was wrapped", () => {
    fc.assert(
      fc.property(key, key, (mcKeKey, mcKey) => {
        assert.equal(hex(unwrapMcKey(mcKeKey, wrapMcKey(mcKeKey, mcKey))), hex(mcKey));
      }),
    );
  });

  it("has 16 bytes when wrapped", () => {
    const [mcKeKey] = fc.sample(key, 1);
    for (const lengthBytes of [0, 15, 17, 32]) {
      assert.throws(
        () => unwrapMcKey(mcKeKey!, new Uint8Array(lengthBytes)),
        warrenError("value-out-of-range", "key-malformed"),
      );
    }
  });
});

function hex(sessionKey: Parameters<typeof exportAes128Key>[0]): string {
  return formatHex(exportAes128Key(sessionKey));
}

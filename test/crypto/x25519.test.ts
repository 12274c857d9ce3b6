import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import {
  exportX25519PrivateKey,
  generateX25519PrivateKey,
  importX25519PrivateKey,
  x25519,
  x25519PublicKey,
} from "../../src/crypto/x25519.ts";
import { WarrenError } from "../../src/errors.ts";
import { formatHex, parseHex } from "../../src/lorawan/hex.ts";

function multiply(scalar: string, u: string): string | undefined {
  const secret = x25519(importX25519PrivateKey(parseHex(scalar)), parseHex(u));
  return secret && formatHex(secret);
}

describe("X25519", () => {
  it("gives the answers of RFC 7748 §5.2", () => {
    assert.equal(
      multiply(
        "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
        "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
      ),
      "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
    );
    assert.equal(
      multiply(
        "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
        "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
      ),
      "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957",
    );
  });

  it("gives the answers of RFC 7748 §5.2 after one and a thousand turns", () => {
    let u = `09${"00".repeat(31)}`;
    let k = u;
    for (let turn = 1; turn <= 1000; turn++) {
      [k, u] = [multiply(k, u) as string, k];
      if (turn === 1) {
        assert.equal(k, "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
      }
    }
    assert.equal(k, "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
  });

  it("gives both sides the secret of RFC 7748 §6.1", () => {
    const a = importX25519PrivateKey(
      parseHex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"),
    );
    const b = importX25519PrivateKey(
      parseHex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"),
    );
    assert.equal(
      formatHex(x25519PublicKey(a)),
      "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
    );
    assert.equal(
      formatHex(x25519PublicKey(b)),
      "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
    );
    const secret = parseHex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    assert.deepEqual(x25519(a, x25519PublicKey(b)), secret);
    assert.deepEqual(x25519(b, x25519PublicKey(a)), secret);
  });

  it("has no secret with a public key of small order", () => {
    const privateKey = "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4";
    for (const u of [
      "0000000000000000000000000000000000000000000000000000000000000000",
      "0100000000000000000000000000000000000000000000000000000000000000",
      "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
      "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
      // p - 1, p and p + 1, and p with the bit that is ignored.
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    ]) {
      assert.equal(multiply(privateKey, u), undefined, u);
    }
  });

  it("keeps a private key as it was drawn, wipes the draw and shows no byte of it", () => {
    const drawn = new Uint8Array(32).fill(0xa7);
    const key = generateX25519PrivateKey((lengthBytes) => drawn.subarray(0, lengthBytes));
    assert.deepEqual(drawn, new Uint8Array(32));
    assert.equal(formatHex(exportX25519PrivateKey(key)), "a7".repeat(32));
    assert.doesNotMatch(inspect(key) + JSON.stringify(key) + String(key), /a7a7|167/);
  });

  it("takes keys of 32 bytes", () => {
    const isRefusal = (error: unknown) =>
      error instanceof WarrenError && error.code === "key-malformed";
    const key = importX25519PrivateKey(new Uint8Array(32));
    for (const length of [0, 31, 33]) {
      assert.throws(() => importX25519PrivateKey(new Uint8Array(length)), isRefusal);
      assert.throws(() => x25519(key, new Uint8Array(length)), isRefusal);
    }
  });
});

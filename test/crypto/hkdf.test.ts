import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hkdf, hkdfExtract } from "../../src/crypto/hkdf.ts";
import { WarrenError } from "../../src/errors.ts";
import { formatHex, parseHex } from "../../src/lorawan/hex.ts";
import { vectorsOf } from "../support/lorawan-vectors.ts";

const NOTHING = new Uint8Array(0);

describe("HKDF", () => {
  for (const { name, inputs, outputs } of vectorsOf("hkdf-sha256")) {
    it(`derives ${name}`, () => {
      const ikm = parseHex(inputs["ikm"] as string);
      const salt = parseHex(inputs["salt"] as string);
      const info = parseHex(inputs["info"] as string);
      const lengthBytes = inputs["length"] as number;
      assert.equal(formatHex(hkdfExtract({ hash: "sha256", ikm, salt })), outputs["prk"]);
      assert.equal(
        formatHex(hkdf({ hash: "sha256", ikm, salt, info, lengthBytes })),
        outputs["okm"],
      );
    });
  }

  it("derives RFC 5869 A.6, with SHA-1 and nothing but the keying material", () => {
    const ikm = new Uint8Array(22).fill(0x0b);
    assert.equal(
      formatHex(hkdfExtract({ hash: "sha1", ikm, salt: NOTHING })),
      "da8c8a73c7fa77288ec6f5e7c297786aa0d32d01",
    );
    assert.equal(
      formatHex(hkdf({ hash: "sha1", ikm, salt: NOTHING, info: NOTHING, lengthBytes: 42 })),
      "0ac1af7002b3d761d1e55298da9d0506b9ae52057220a306e07b6b87e8df21d0ea00033de03984d34918",
    );
  });

  it("refuses lengths it cannot give", () => {
    const input = { ikm: NOTHING, salt: NOTHING, info: NOTHING };
    for (const [hash, lengthBytes] of [
      ["sha256", 255 * 32 + 1],
      ["sha1", 255 * 20 + 1],
      ["sha256", -1],
      ["sha256", 1.5],
    ] as const) {
      assert.throws(
        () => hkdf({ hash, ...input, lengthBytes }),
        (error) => error instanceof WarrenError && error.code === "value-out-of-range",
      );
    }
  });
});

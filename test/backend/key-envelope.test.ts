import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openKeyEnvelope, sealKeyEnvelope } from "../../src/backend/key-envelope.ts";
import { equalKeys } from "../../src/crypto/aes128.ts";
import { importKek } from "../../src/crypto/key-wrap.ts";
import { formatHex, parseHex } from "../../src/lorawan/hex.ts";
import { randomKey } from "../support/test-device.ts";
import { warrenError } from "../support/warren-error.ts";

const labelled = (label: string, lengthBytes = 16) => ({
  label,
  kek: importKek(crypto.getRandomValues(new Uint8Array(lengthBytes))),
});

describe("key envelopes", () => {
  it("open with the KEK that sealed them, of any length", () => {
    for (const lengthBytes of [16, 24, 32]) {
      const kek = labelled("as:1", lengthBytes);
      const key = randomKey();
      const envelope = sealKeyEnvelope(key, kek);
      assert.equal(envelope.kekLabel, "as:1");
      assert.equal(envelope.aesKey.length, 24);
      assert.ok(equalKeys(openKeyEnvelope(envelope, [labelled("other"), kek]), key));
    }
  });

  it("carry a clear key without a KEK", () => {
    const key = randomKey();
    const envelope = sealKeyEnvelope(key, undefined);
    assert.equal(envelope.kekLabel, "");
    assert.ok(equalKeys(openKeyEnvelope(envelope, []), key));
  });

  it("stay shut for another label and for another KEK of the same label", () => {
    const envelope = sealKeyEnvelope(randomKey(), labelled("as:1"));
    for (const keks of [[], [labelled("as:2")], [labelled("as:1")]]) {
      assert.throws(() => openKeyEnvelope(envelope, keks), warrenError("key-unwrap-failed"));
    }
  });

  it("match the wrap that ChirpStack publishes", () => {
    const kek = { label: "k", kek: importKek(parseHex("08070605040302010807060504030201")) };
    const envelope = {
      kekLabel: "k",
      aesKey: parseHex("e3d5a47ba25cbe6e5da820846e0cb6a82b750c59d848ec7a"),
    };
    const key = openKeyEnvelope(envelope, [kek]);
    assert.equal(formatHex(new Uint8Array(key.export())), "01020304050607080102030405060708");
  });
});

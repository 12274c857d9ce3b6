import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { DERIVATIONS } from "../../../src/evaluation/key-derivation-times/derivations.ts";
import type { DeriveInput } from "../../../src/evaluation/key-derivation-times/derive.ts";
import { NODE_CRYPTO } from "../../../src/evaluation/key-derivation-times/in-javascript/node-crypto.ts";
import { PURE_TYPESCRIPT } from "../../../src/evaluation/key-derivation-times/in-javascript/pure-typescript.ts";
import { webassembly } from "../../../src/evaluation/key-derivation-times/in-javascript/webassembly.ts";
import { formatHex, parseHex } from "../../../src/lorawan/hex.ts";
import { vectorsOf } from "../../support/lorawan-vectors.ts";
import rabbit from "../../vectors/rabbit.json" with { type: "json" };
import updates from "../../vectors/root-key-update.json" with { type: "json" };

const input = (nwkKey: string, appKey: string, context: string): DeriveInput => ({
  nwkKey: parseHex(nwkKey),
  appKey: parseHex(appKey),
  context: parseHex(context),
});
/** Keys 00 to 0f and 10 to 1f, context 20 to 5f. */
const COUNTING = input(rabbit.kdf.inputs.ka, rabbit.kdf.inputs.kb, rabbit.kdf.inputs.c);
const SUITE_IDS = [
  "rabbit-split-112",
  "rabbit-112",
  "aes-cmac-112",
  "hkdf-sha256-suite-112",
] as const;

for (const [name, implementation] of [
  ["pure TypeScript", PURE_TYPESCRIPT],
  ["node:crypto", NODE_CRYPTO],
] as const) {
  const hexOf = (id: keyof typeof implementation, given: DeriveInput) =>
    formatHex(implementation[id]!(given));

  describe(`key derivations in ${name}`, () => {
    for (const [suite, id] of SUITE_IDS.entries()) {
      // OpenSSL has no Rabbit.
      if (!(id in implementation)) continue;
      it(`agree with the vectors of suite ${suite}`, () => {
        const vectors = updates.vectors.filter((vector) => vector.suite === suite);
        assert.ok(vectors.length > 0);
        for (const { inputs, outputs } of vectors) {
          const given = input(inputs.nwkKey, inputs.appKey, outputs.context);
          assert.equal(hexOf(id, given), outputs.newNwkKey + outputs.newAppKey);
        }
      });
    }

    it("expand by SP 800-108 as suite 2 does from its key derivation key", () => {
      const { outputs } = updates.vectors.find(({ suite }) => suite === 2)!;
      const given = input(outputs.kdk, "00".repeat(16), outputs.context);
      assert.equal(hexOf("aes-cmac-sp800-108", given), outputs.newNwkKey + outputs.newAppKey);
    });

    it("derive LoRaWAN 1.1 session keys", () => {
      const vectors = vectorsOf("session-keys-1.1");
      assert.ok(vectors.length > 0);
      for (const { inputs, outputs } of vectors) {
        const nonces = ["join_nonce", "join_eui", "dev_nonce"].map((field) =>
          formatHex(parseHex(inputs[field] as string).reverse()),
        );
        const given = input(
          inputs["nwk_key"] as string,
          inputs["app_key"] as string,
          nonces.join("").padEnd(128, "0"),
        );
        const [fNwkSIntKey, ...others] = [
          "f_nwk_s_int_key",
          "s_nwk_s_int_key",
          "nwk_s_enc_key",
        ].map((field) => outputs[field] as string);
        assert.equal(hexOf("aes-ecb", given), fNwkSIntKey);
        assert.equal(
          hexOf("session-keys", given),
          [fNwkSIntKey, ...others, outputs["app_s_key"]].join(""),
        );
      }
    });

    it("take HKDF's keying material and salt as Python's hmac module does", () => {
      assert.equal(
        hexOf("hkdf-sha1", COUNTING),
        "fc3f96e97bb35dc0bf46f805aab4ae99bb3538db426ecf2a6a4a20e71bd1d7b4",
      );
      assert.equal(
        hexOf("hkdf-sha256", COUNTING),
        "8dd33a03e14b5b2c06fdc1f3f0299f7a9a1373171e745e5d32ce450c30f46a85",
      );
    });
  });
}

describe("the Rabbit KDF as the paper prints it", () => {
  it("gives the keys that two other implementations gave", () => {
    const answer = rabbit.kdf.answers.find(({ recommended }) => recommended)!;
    const output = PURE_TYPESCRIPT["rabbit-split-80"]!(COUNTING);
    assert.equal(formatHex(output), answer.newKa + answer.newKb);
  });
});

describe("implementations in JavaScript", () => {
  it("give the same octets, as many as the table says", () => {
    const octets = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
    for (const { id, contextBytes, ul } of DERIVATIONS) {
      const inputs = fc.record({
        nwkKey: octets(16),
        appKey: octets(16),
        context: octets(contextBytes),
      });
      fc.assert(
        fc.property(inputs, (given) => {
          const output = PURE_TYPESCRIPT[id]!(given);
          assert.equal(output.length, ul);
          for (const other of [NODE_CRYPTO[id]?.(given), webassembly()?.[id]?.(given)]) {
            if (other !== undefined) assert.deepEqual(formatHex(other), formatHex(output));
          }
        }),
        { numRuns: 20 },
      );
    }
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { AesEngine } from "../../../src/crypto/aes-core/aes-engine.ts";
import { opensslEngine } from "../../../src/crypto/aes-core/openssl-engine.ts";
import { selectEngine, selectedAes } from "../../../src/crypto/aes-core/select-engine.ts";

describe("the AES engine of a process", () => {
  it("is the core in WebAssembly where that works", () => {
    const { engine, reason } = selectedAes();
    assert.equal(engine.name, "wasm");
    assert.equal(reason, undefined);
    assert.equal(selectedAes().engine, engine);
  });

  it("is OpenSSL where WebAssembly is missing", () => {
    const { engine, reason } = selectEngine(() => {
      throw new Error("no SIMD");
    });
    assert.equal(engine, opensslEngine);
    assert.match(String(reason), /no SIMD/);
  });

  const wrong = (bytes: Uint8Array) => bytes.map((byte, index) => (index === 3 ? byte ^ 1 : byte));
  const broken: Readonly<Record<string, Partial<AesEngine>>> = {
    "FIPS 197": { encrypt: (key, blocks) => wrong(opensslEngine.encrypt(key, blocks)) },
    "RFC 4493": { cmac: (input) => wrong(opensslEngine.cmac(input)) },
    "RFC 3394": { wrapEach: (keks, keys) => opensslEngine.wrapEach(keks, keys).map(wrong) },
    "blocks under a key each": {
      encryptEach: (keys, blocks) => wrong(opensslEngine.encryptEach(keys, blocks)),
    },
    CMACs: {
      cmacEach: (inputs) => [...opensslEngine.cmacEach(inputs.slice(1)), new Uint8Array(16)],
    },
    "wrapped keys": {
      unwrapEach: (keks, keys) =>
        opensslEngine.unwrapEach(keks, keys).map((key, lane) => (lane === 7 ? undefined : key)),
    },
  };
  for (const [name, methods] of Object.entries(broken)) {
    it(`is OpenSSL where the answer of ${name} is wrong`, () => {
      const { engine, reason } = selectEngine(() => ({ ...opensslEngine, ...methods }));
      assert.equal(engine, opensslEngine);
      assert.ok(reason?.includes(name));
    });
  }
});

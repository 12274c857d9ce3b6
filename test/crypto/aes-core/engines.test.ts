import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { AesEngine } from "../../../src/crypto/aes-core/aes-engine.ts";
import { SLOT_COUNT } from "../../../src/crypto/aes-core/layout.ts";
import { opensslEngine } from "../../../src/crypto/aes-core/openssl-engine.ts";
import { instantiateCore } from "../../../src/crypto/aes-core/wasm-core.ts";
import { WasmEngine } from "../../../src/crypto/aes-core/wasm-engine.ts";
import { Aes128Key } from "../../../src/crypto/aes128-key.ts";
import { formatHex, parseHex } from "../../../src/lorawan/hex.ts";

const core = instantiateCore();
const wasm = new WasmEngine(core);
const engines: readonly AesEngine[] = [wasm, opensslEngine];
const block = fc.uint8Array({ minLength: 16, maxLength: 16 });
const key = block.map((bytes) => new Aes128Key(bytes));
const blocks = fc.array(block, { maxLength: 20 }).map((all) => new Uint8Array(Buffer.concat(all)));
const lanes = <T>(item: fc.Arbitrary<T>) => fc.array(item, { minLength: 1, maxLength: 8 });

describe("AES engines", () => {
  for (const engine of engines) {
    it(`${engine.name} gives the answers of SP 800-38A F.1.1 and F.1.2`, () => {
      const exampleKey = new Aes128Key(parseHex("2b7e151628aed2a6abf7158809cf4f3c"));
      const plaintext =
        "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51" +
        "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";
      const ciphertext =
        "3ad77bb40d7a3660a89ecaf32466ef97f5d3d58503b9699de785895a96fdbaaf" +
        "43b1cd7f598ece23881b00e3ed0306887b0c785e27e8ad3f8223207104725dd4";
      assert.equal(formatHex(engine.encrypt(exampleKey, parseHex(plaintext))), ciphertext);
      assert.equal(formatHex(engine.decrypt(exampleKey, parseHex(ciphertext))), plaintext);
    });
  }

  it("agree on blocks under one key, and under a key each", () => {
    fc.assert(
      fc.property(key, blocks, lanes(fc.tuple(key, block)), (one, many, each) => {
        const encrypted = wasm.encrypt(one, many);
        assert.deepEqual(encrypted, opensslEngine.encrypt(one, many));
        assert.deepEqual(wasm.decrypt(one, encrypted), many);
        const keys = each.map(([laneKey]) => laneKey);
        const laneBlocks = new Uint8Array(Buffer.concat(each.map(([, laneBlock]) => laneBlock)));
        assert.deepEqual(
          wasm.encryptEach(keys, laneBlocks),
          opensslEngine.encryptEach(keys, laneBlocks),
        );
      }),
    );
  });

  it("agree on the CMAC of a message of any length, in one piece or several", () => {
    const parts = fc.array(fc.uint8Array({ maxLength: 130 }), { maxLength: 4 });
    fc.assert(
      fc.property(key, parts, (one, all) => {
        const mac = opensslEngine.cmac({ key: one, parts: all });
        assert.deepEqual(wasm.cmac({ key: one, parts: all }), mac);
        assert.deepEqual(wasm.cmac({ key: one, parts: [Buffer.concat(all)] }), mac);
      }),
    );
  });

  it("agree on CMACs of several messages of one length", () => {
    const input = fc.integer({ min: 0, max: 300 }).chain((lengthBytes) => {
      const message = fc.uint8Array({ minLength: lengthBytes, maxLength: lengthBytes });
      return lanes(fc.record({ key, parts: message.map((bytes) => [bytes]) }));
    });
    fc.assert(
      fc.property(input, (inputs) =>
        assert.deepEqual(wasm.cmacEach(inputs), opensslEngine.cmacEach(inputs)),
      ),
    );
  });

  it("agree on wrapped keys, under one KEK or several, and notice every changed bit", () => {
    fc.assert(
      fc.property(lanes(fc.tuple(key, block)), fc.boolean(), fc.nat(), (each, isOneKek, at) => {
        const keks = each.map(([kek]) => (isOneKek ? (each[0]?.[0] as Aes128Key) : kek));
        const keys = each.map(([, bytes]) => bytes);
        const wrapped = wasm.wrapEach(keks, keys);
        assert.deepEqual(wrapped, opensslEngine.wrapEach(keks, keys));
        assert.deepEqual(wasm.unwrapEach(keks, wrapped), keys);
        const lane = at % wrapped.length;
        const changed = wrapped.map((bytes) => bytes.slice());
        const target = changed[lane] as Uint8Array;
        const bit = at % 192;
        target[bit >> 3] = (target[bit >> 3] as number) ^ (1 << (bit & 7));
        const opened = wasm.unwrapEach(keks, changed);
        assert.deepEqual(opened, opensslEngine.unwrapEach(keks, changed));
        assert.equal(opened[lane], undefined);
      }),
    );
  });

  it("agree when there are more keys than the core keeps, whichever are used again", () => {
    const all = Array.from({ length: 2 * SLOT_COUNT + 3 }, (_, index) => {
      const bytes = new Uint8Array(16);
      new DataView(bytes.buffer).setUint32(3, index);
      return new Aes128Key(bytes);
    });
    const text = new Uint8Array(16).fill(7);
    const parts = [new Uint8Array(21).fill(9)];
    const order = [...all, ...all.slice(0, 40), ...all.slice(-40), ...all.slice(SLOT_COUNT - 20)];
    for (const one of order) {
      assert.deepEqual(wasm.encrypt(one, text), opensslEngine.encrypt(one, text));
      const input = { key: one, parts };
      assert.deepEqual(wasm.cmac(input), opensslEngine.cmac(input));
    }
  });

  it("leave neither keys nor texts in the core's memory", () => {
    const secrets = Array.from({ length: 8 }, (_, index) => {
      const bytes = new Uint8Array(16).fill(0xc0 + index);
      bytes[0] = 0x5a;
      return bytes;
    });
    const keys = secrets.map((bytes) => new Aes128Key(bytes));
    const text = new Uint8Array(Buffer.concat(secrets));
    const [first] = keys as [Aes128Key];
    const results = [
      wasm.encrypt(first, text),
      wasm.decrypt(first, text),
      wasm.encryptEach(keys, text),
      wasm.cmac({ key: first, parts: [text] }),
      ...wasm.cmacEach(keys.map((one) => ({ key: one, parts: [text] }))),
      ...wasm.wrapEach(keys, secrets),
    ];
    wasm.unwrapEach(keys, wasm.wrapEach(keys, secrets));
    const memory = Buffer.from(core.bytes);
    for (const secret of [...secrets, ...results]) {
      assert.ok(!memory.includes(Buffer.from(secret.subarray(0, 8))));
    }
  });
});

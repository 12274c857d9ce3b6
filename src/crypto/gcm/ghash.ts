import { instantiateWasm } from "../webassembly/instantiate-wasm.ts";
import { WASM_BASE64 } from "./ghash-wasm.ts";

const BLOCK_BYTES = 16;
/** Where things are in the memory of the core. */
const H = 0;
const STATE = 16;
const BLOCKS = 32;

interface Exports {
  ghash(blocks: number): void;
  readonly memory: { readonly buffer: ArrayBuffer };
}

/** GHASH in WebAssembly (`ghash.wat`). */
export class GhashCore {
  readonly #exports: Exports;
  /** Its memory, which never grows. */
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  /** @throws WebAssembly.CompileError where there is no WebAssembly */
  constructor() {
    this.#exports = instantiateWasm(WASM_BASE64);
    this.#bytes = new Uint8Array(this.#exports.memory.buffer);
    this.#view = new DataView(this.#exports.memory.buffer);
  }

  /**
   * GHASH over both, each padded with zeros to whole blocks, and their lengths in bits (SP 800-38D §7.1, step 5).
   *
   * @param h 16 bytes, the encrypted block of zeros
   * @param sealed its first `ciphertextBytes` are the ciphertext, and at most 16 more follow; together with
   *   `additionalData` at most 65,000 bytes, which fit into the memory of the core
   * @returns 16 bytes
   */
  hash(
    h: Uint8Array,
    additionalData: Uint8Array,
    sealed: Uint8Array,
    ciphertextBytes: number,
  ): Uint8Array {
    const bytes = this.#bytes;
    bytes.set(h, H);
    bytes.fill(0, STATE, BLOCKS);
    const afterData = this.#put(BLOCKS, additionalData, additionalData.length);
    // What follows the ciphertext goes no further than the lengths, which are written over it.
    const lengths = this.#put(afterData, sealed, ciphertextBytes);
    this.#putLength(lengths, additionalData.length);
    this.#putLength(lengths + 8, ciphertextBytes);
    this.#exports.ghash((lengths + BLOCK_BYTES - BLOCKS) / BLOCK_BYTES);
    const hash = bytes.slice(STATE, STATE + BLOCK_BYTES);
    bytes.fill(0, 0, BLOCKS);
    return hash;
  }

  /** Puts the first `length` octets there, padded with zeros; returns where the block after them begins. */
  #put(at: number, octets: Uint8Array, length: number): number {
    this.#bytes.set(octets, at);
    const end = at + length;
    const next = BLOCKS + Math.ceil((end - BLOCKS) / BLOCK_BYTES) * BLOCK_BYTES;
    this.#bytes.fill(0, end, next);
    return next;
  }

  /** 64 bits, big-endian. */
  #putLength(at: number, lengthBytes: number): void {
    this.#view.setUint32(at, 0);
    this.#view.setUint32(at + 4, 8 * lengthBytes);
  }
}

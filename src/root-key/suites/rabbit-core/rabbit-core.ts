import { instantiateWasm } from "../../../crypto/webassembly/instantiate-wasm.ts";
import type { DerivedKeyBytes, KeyDerivationInput } from "../key-derivation.ts";
import { WASM_BASE64 } from "./rabbit-core-wasm.ts";

const KEY_BYTES = 16;
const BLOCK_BYTES = 16;
const OUTPUT_BYTES = 2 * KEY_BYTES;
/** NwkKey and AppKey, before the context. */
const KEYS_BYTES = 2 * KEY_BYTES;
/** Where one derivation puts its keys; its record is below. */
const SINGLE_OUTPUT = 4096;
const LONGEST_CONTEXT_BYTES = SINGLE_OUTPUT - KEYS_BYTES;

/** What `rabbit-core.wat` exports. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly keystream: (at: number) => void;
  readonly derive: (
    records: number,
    keys: number,
    count: number,
    contextBlocks: number,
    isSplit: number,
  ) => void;
}

/** Derivations that have the suite and the length of the context in common. */
export interface CoreRecords {
  /** One after another: NwkKey, AppKey, context. */
  readonly records: Uint8Array;
  /** Takes NwkKey and AppKey of each, 32 bytes. */
  readonly keys: Uint8Array;
  /** Whole blocks of 16 bytes. */
  readonly contextBytes: number;
}

/**
 * Suites 0 and 1 in WebAssembly (`rabbit-core.wat`). Its memory holds zeros between two calls; as JavaScript,
 * WebAssembly cannot wipe registers and the stack.
 */
export class RabbitCore {
  readonly #exports: Exports;
  readonly #memory: Uint8Array;
  /** Views of the memory. */
  readonly #output: DerivedKeyBytes;
  /** Words of what a derivation gave: the fastest to wipe. */
  readonly #outputWords: Uint32Array;

  /** @throws WebAssembly.CompileError where the processor has no vector instructions */
  constructor() {
    this.#exports = instantiateWasm(WASM_BASE64);
    const { buffer } = this.#exports.memory;
    this.#memory = new Uint8Array(buffer);
    this.#outputWords = new Uint32Array(buffer, SINGLE_OUTPUT, (OUTPUT_BYTES + KEY_BYTES) / 4);
    this.#output = {
      nwkKey: new Uint8Array(buffer, SINGLE_OUTPUT, KEY_BYTES),
      appKey: new Uint8Array(buffer, SINGLE_OUTPUT + KEY_BYTES, KEY_BYTES),
      kdk: new Uint8Array(buffer, SINGLE_OUTPUT + OUTPUT_BYTES, KEY_BYTES),
    };
  }

  /** Whether `derive` takes a context, and a shared secret behind it, of this length. */
  takes(lengthBytes: number): boolean {
    return lengthBytes <= LONGEST_CONTEXT_BYTES;
  }

  /**
   * Derives once. The arguments are not checked.
   *
   * @param take gets the new keys as views that are wiped when it returns: it copies what it keeps
   */
  derive<T>(input: KeyDerivationInput, isSplit: boolean, take: (output: DerivedKeyBytes) => T): T {
    const { nwkKey, appKey, context, sharedSecret } = input;
    this.#memory.set(nwkKey);
    this.#memory.set(appKey, KEY_BYTES);
    this.#memory.set(context, KEYS_BYTES);
    let lengthBytes = context.length;
    if (sharedSecret !== undefined) {
      this.#memory.set(sharedSecret, KEYS_BYTES + lengthBytes);
      lengthBytes += sharedSecret.length;
    }
    // The zeros that the memory is left with pad a short last block.
    const contextBlocks = Math.ceil(lengthBytes / BLOCK_BYTES);
    this.#exports.derive(0, SINGLE_OUTPUT, 1, contextBlocks, isSplit ? 1 : 0);
    try {
      return take(this.#output);
    } finally {
      for (let index = 0; index < this.#outputWords.length; index++) this.#outputWords[index] = 0;
    }
  }

  /** Derives from all records. The lengths are not checked. */
  deriveRecords({ records, keys, contextBytes }: CoreRecords, isSplit: boolean): void {
    const memory = this.#memory;
    const recordBytes = KEYS_BYTES + contextBytes;
    // The last key derivation key stands behind the keys.
    const limit = Math.floor((memory.length - KEY_BYTES) / (recordBytes + OUTPUT_BYTES));
    const count = records.length / recordBytes;
    for (let done = 0; done < count; ) {
      const taken = Math.min(limit, count - done);
      const output = taken * recordBytes;
      const outputEnd = output + taken * OUTPUT_BYTES;
      memory.set(records.subarray(done * recordBytes, (done + taken) * recordBytes));
      this.#exports.derive(0, output, taken, contextBytes / BLOCK_BYTES, isSplit ? 1 : 0);
      keys.set(memory.subarray(output, outputEnd), done * OUTPUT_BYTES);
      memory.fill(0, output, outputEnd + KEY_BYTES);
      done += taken;
    }
  }

  /** The first 32 bytes of the keystream under `key`, 16 bytes: for known answers. */
  keystream(key: Uint8Array): Uint8Array {
    this.#memory.set(key);
    this.#exports.keystream(0);
    const keystream = this.#memory.slice(0, OUTPUT_BYTES);
    this.#memory.fill(0, 0, OUTPUT_BYTES);
    return keystream;
  }

  /** Whether all of the memory is zeros, as it is between two calls. */
  isWiped(): boolean {
    return this.#memory.every((byte) => byte === 0);
  }
}

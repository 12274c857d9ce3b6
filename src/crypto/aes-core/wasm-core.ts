import { instantiateWasm } from "../webassembly/instantiate-wasm.ts";
import { WASM_BASE64 } from "./aes-core-wasm.ts";

/** What the module exports (scripts/aes-core); arguments but counts are addresses. */
interface CoreFunctions {
  expandKey(key: number, from: number): void;
  expandLanes(key: number, from: number): void;
  makeSubkeys(key: number, to: number): void;
  encryptBlocks(key: number, blocks: number): void;
  decryptBlocks(key: number, blocks: number): void;
  cbcMac(key: number, blocks: number, count: number): void;
  xorBlock(to: number, from: number): void;
  wrapKeys(key: number, a: number, b: number): void;
  unwrapKeys(key: number, a: number, b: number): void;
  wipe(from: number, count: number): void;
}

interface Exports extends CoreFunctions {
  readonly memory: { readonly buffer: ArrayBuffer };
}

export interface WasmCore {
  readonly functions: CoreFunctions;
  /** Its memory, which never grows. */
  readonly bytes: Uint8Array;
}

/** A new core. @throws WebAssembly.CompileError without vectors in WebAssembly */
export function instantiateCore(): WasmCore {
  const { memory, ...functions } = instantiateWasm<Exports>(WASM_BASE64);
  return { functions, bytes: new Uint8Array(memory.buffer) };
}

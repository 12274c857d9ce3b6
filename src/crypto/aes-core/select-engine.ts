import type { AesEngine } from "./aes-engine.ts";
import { findWrongAnswer } from "./known-answers.ts";
import { opensslEngine } from "./openssl-engine.ts";
import { instantiateCore } from "./wasm-core.ts";
import { WasmEngine } from "./wasm-engine.ts";

/** Which AES this process uses. */
export interface SelectedEngine {
  readonly engine: AesEngine;
  /** Why it is not the core in WebAssembly. */
  readonly reason: string | undefined;
}

let selected: SelectedEngine | undefined;

/**
 * The core in WebAssembly if this machine runs it and it gives the right answers, else OpenSSL. Decided
 * at the first call.
 */
export function selectedAes(): SelectedEngine {
  selected ??= selectEngine(() => new WasmEngine(instantiateCore()));
  return selected;
}

/** The engine that every function of `crypto/` uses. */
export function aesEngine(): AesEngine {
  return selected === undefined ? selectedAes().engine : selected.engine;
}

/** @param make throws where it cannot work */
export function selectEngine(make: () => AesEngine): SelectedEngine {
  try {
    const engine = make();
    const wrong = findWrongAnswer(engine);
    if (wrong === undefined) return { engine, reason: undefined };
    return { engine: opensslEngine, reason: `the core in WebAssembly is wrong: ${wrong}` };
  } catch (error) {
    return { engine: opensslEngine, reason: `no core in WebAssembly: ${String(error)}` };
  }
}

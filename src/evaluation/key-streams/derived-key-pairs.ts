import type { DerivedKeyBytes } from "../../root-key/suites/key-derivation.ts";
import type { DerivedKeys, KeyStream } from "./key-stream.ts";

/** The keys of one derivation after another. */
export class DerivedKeyPairs implements KeyStream {
  readonly #keys: DerivedKeys;
  readonly #derive: () => DerivedKeyBytes;
  #appKey: Uint8Array | undefined;

  constructor(keys: DerivedKeys, derive: () => DerivedKeyBytes) {
    this.#keys = keys;
    this.#derive = derive;
  }

  next(): Uint8Array {
    if (this.#appKey !== undefined) {
      const appKey = this.#appKey;
      this.#appKey = undefined;
      return appKey;
    }
    const derived = this.#derive();
    if (this.#keys === "both") {
      this.#appKey = derived.appKey;
    }
    return derived.nwkKey;
  }
}

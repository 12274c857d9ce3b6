import { SeededRandom } from "../random/seeded-random.ts";
import { KEY_BYTES, type KeyStream, type KeyStreamOptions } from "./key-stream.ts";

/**
 * `rand()` as the C standard prints it (ISO/IEC 9899:1990 §7.10.2.2): the state goes to
 * 1103515245 × state + 12345 mod 2^32, and bits 30 to 16 of it are returned: 0 to 32767.
 */
export class AnsiCLcg {
  #state: number;

  /** @param state what `srand()` takes, 0 to 2^32 - 1 */
  constructor(state: number) {
    this.#state = state >>> 0;
  }

  rand(): number {
    this.#state = (Math.imul(this.#state, 1103515245) + 12345) >>> 0;
    return (this.#state >>> 16) & 0x7fff;
  }
}

/** Keys whose octets are the low eight bits of `rand()`, one call an octet. A sequence has its own first state. */
export function openAnsiCLcgKeys({ seed, sequence = 0 }: KeyStreamOptions): KeyStream {
  const lcg = new AnsiCLcg(new SeededRandom(seed, `state of the ANSI C LCG ${sequence}`).uint32());
  return {
    next: () => {
      const key = new Uint8Array(KEY_BYTES);
      for (let index = 0; index < KEY_BYTES; index++) {
        key[index] = lcg.rand() & 0xff;
      }
      return key;
    },
  };
}

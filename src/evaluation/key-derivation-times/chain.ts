import { setImmediate } from "node:timers/promises";
import type { Derive, DeriveInput } from "./derive.ts";

const KEYS_BYTES = 32;
/** Calls in a row, well below 100 ms of them. */
const SLICE = 1000;

/**
 * A derivation over and over, each time from the keys that the last time gave: NwkKey and AppKey become the
 * first 32 octets of the output, or as many as there are. So no call can be left out, and the last output
 * tells whether all were right.
 */
export class Chain {
  readonly #derive: Derive;
  readonly #keys = new Uint8Array(KEYS_BYTES);
  readonly #input: DeriveInput;
  #output = new Uint8Array(0);

  constructor(derive: Derive, { nwkKey, appKey, context }: DeriveInput) {
    this.#derive = derive;
    this.#keys.set(nwkKey);
    this.#keys.set(appKey, 16);
    // Views, so that keys change without a new object a call.
    this.#input = {
      nwkKey: this.#keys.subarray(0, 16),
      appKey: this.#keys.subarray(16),
      context,
    };
  }

  /** As `run`, in slices: between them other work of the thread goes on. */
  async runRound(repeats: number): Promise<number> {
    let ns = 0;
    for (let left = repeats; left > 0; left -= SLICE) {
      ns += this.run(Math.min(SLICE, left));
      await setImmediate();
    }
    return ns;
  }

  /** @returns the processor time that the calls took, in nanoseconds */
  run(repeats: number): number {
    const start = processNs();
    for (let repeat = 0; repeat < repeats; repeat++) {
      const output = this.#derive(this.#input);
      this.#keys.set(output.length > KEYS_BYTES ? output.subarray(0, KEYS_BYTES) : output);
      this.#output = output as Uint8Array<ArrayBuffer>;
    }
    return processNs() - start;
  }

  /** Of the last call. */
  get output(): Uint8Array {
    return this.#output;
  }
}

/**
 * Time of this process on the processor, so that what other programs take of it does not count: as in C.
 * Linux counts that of a single thread only at every tick, which many calls fit between. Windows counts
 * either too coarsely: there it is the time of day.
 */
function processNs(): number {
  if (process.platform === "win32") return performance.now() * 1e6;
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

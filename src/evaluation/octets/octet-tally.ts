import { KEY_BYTES } from "../key-streams/key-stream.ts";
import { type OctetStatistics, octetStatistics } from "./octet-statistics.ts";

const VALUES = 256;

/** Counts the octets of keys, so that any number of keys takes little memory but for the distinct ones. */
export class OctetTally {
  /** By position and value: 16 × 256. */
  readonly #counts = new Uint32Array(KEY_BYTES * VALUES);
  readonly #distinct = new Set<string>();
  /** Standard deviations of keys over their octets, rounded down to whole numbers. */
  readonly #deviationCounts = new Uint32Array(VALUES / 2);
  #keys = 0;
  #deviationSum = 0;
  #deviationSquareSum = 0;

  /** @param key 16 octets */
  add(key: Uint8Array): void {
    let sum = 0;
    let squareSum = 0;
    for (let position = 0; position < KEY_BYTES; position++) {
      const octet = key[position] as number;
      const index = VALUES * position + octet;
      this.#counts[index] = (this.#counts[index] as number) + 1;
      sum += octet;
      squareSum += octet ** 2;
    }
    const deviation = Math.sqrt(squareSum / KEY_BYTES - (sum / KEY_BYTES) ** 2);
    this.#deviationSum += deviation;
    this.#deviationSquareSum += deviation ** 2;
    // Half of the range, 127.5, is the greatest that there can be.
    const bin = Math.floor(deviation);
    this.#deviationCounts[bin] = (this.#deviationCounts[bin] as number) + 1;
    this.#distinct.add(String.fromCharCode(...key));
    this.#keys++;
  }

  /** Of the keys so far. */
  statistics(): OctetStatistics {
    const mean = this.#deviationSum / this.#keys;
    return octetStatistics(this.#counts, {
      keys: this.#keys,
      distinctKeys: this.#distinct.size,
      deviationsOfKeys: {
        mean,
        standardDeviation: Math.sqrt(
          Math.max(0, this.#deviationSquareSum / this.#keys - mean ** 2),
        ),
        counts: [...this.#deviationCounts],
      },
    });
  }
}

import { SeededRandom } from "../random/seeded-random.ts";
import { KEY_BYTES, type KeyStream, type KeyStreamOptions } from "./key-stream.ts";

/**
 * 256 possible keys: each is made of one random octet, and each of its 16 octets is a permutation of that
 * octet, another one at each position. So every octet by itself is exactly uniform, and a key is found
 * in 256 tries.
 *
 * All sequences of a seed have the same 256 keys.
 */
export function openEightBitKeys({ seed, sequence = 0 }: KeyStreamOptions): KeyStream {
  const shuffling = new SeededRandom(seed, "permutations of the keys with 8 bits of entropy");
  const permutations = Array.from({ length: KEY_BYTES }, () => shuffledOctets(shuffling));
  const random = new SeededRandom(seed, `keys with 8 bits of entropy ${sequence}`);
  return {
    next: () => {
      const [secret = 0] = random.bytes(1);
      return Uint8Array.from(permutations, (permutation) => permutation[secret] as number);
    },
  };
}

/**
 * Streams with 256 possibilities: of all that the seed holds, one octet seeds a strong generator, whose output
 * is all the keys of all sequences. Whoever tries 256 seeds has every key.
 */
export function openEightBitSeedKeys({ seed, sequence = 0 }: KeyStreamOptions): KeyStream {
  const [secret] = new SeededRandom(seed, "seed of 8 bits").bytes(1);
  const keys = new SeededRandom(String(secret), `keys from a seed of 8 bits ${sequence}`);
  return { next: () => keys.bytes(KEY_BYTES) };
}

/** 0 to 255 in random order (Fisher and Yates). */
function shuffledOctets(random: SeededRandom): Uint8Array {
  const octets = Uint8Array.from({ length: 256 }, (_, value) => value);
  for (let last = octets.length - 1; last > 0; last--) {
    // 32 bits make the unevenness of the remainder less than 2^-24.
    const chosen = random.uint32() % (last + 1);
    const value = octets[last] as number;
    octets[last] = octets[chosen] as number;
    octets[chosen] = value;
  }
  return octets;
}

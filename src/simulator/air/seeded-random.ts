/** A number in [0, 1): for loss, delay and back-off, never for keys or nonces. */
export type Chance = () => number;

/**
 * A chance that repeats for the same seed: xorshift32 after Marsaglia, "Xorshift RNGs" (2003), with
 * the shifts 13, 17 and 5.
 *
 * @param seed any number; its low 32 bits count
 */
export function seededChance(seed: number): Chance {
  // Zero is the one state that never changes.
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

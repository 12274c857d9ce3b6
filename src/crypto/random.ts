import { randomFillSync } from "node:crypto";

/** A source of `lengthBytes` random bytes: an argument everywhere, so that tests can repeat a run. */
export type RandomBytes = (lengthBytes: number) => Uint8Array;

/** Drawn from the system at a time: one draw costs as much as a small encryption. */
const POOL_BYTES = 4_096;
/** The most that is taken out of what was drawn before. */
const SMALL_BYTES = 64;

const pool = new Uint8Array(POOL_BYTES);
let taken = POOL_BYTES;

/**
 * The operating system's random source, fit for keys and nonces. Small values are drawn many at a time; what has
 * been handed out is overwritten here at once.
 */
export const systemRandomBytes: RandomBytes = (lengthBytes) => {
  if (lengthBytes > SMALL_BYTES) return randomFillSync(new Uint8Array(lengthBytes));
  if (taken + lengthBytes > POOL_BYTES) {
    randomFillSync(pool);
    taken = 0;
  }
  const drawn = pool.slice(taken, taken + lengthBytes);
  pool.fill(0, taken, taken + lengthBytes);
  taken += lengthBytes;
  return drawn;
};

/** Eight blocks, one for each lane. */
export const PASS_BYTES = 128;
/** Eleven round keys as eight slices each. */
export const SCHEDULE_BYTES = 11 * PASS_BYTES;
/** K1 of eight lanes, then K2 of them. */
export const SUBKEYS_BYTES = 2 * PASS_BYTES;
/** Passes of the longest message that the core takes; OpenSSL is as fast there. */
export const MAX_PASSES = 18;
/** Round keys that are kept, the latest ones. */
export const SLOT_COUNT = 512;

/** Where things are in the core's memory. */
export const LAYOUT = {
  /** Messages and results. */
  blocks: 0,
  keyBytes: MAX_PASSES * PASS_BYTES,
  /** Round keys and subkeys of one call with a key for each lane. */
  lanes: (MAX_PASSES + 1) * PASS_BYTES,
  slots: (MAX_PASSES + 1) * PASS_BYTES + SCHEDULE_BYTES + SUBKEYS_BYTES,
} as const;

const PAGE_BYTES = 65_536;

/** The size of the memory. */
export const PAGE_COUNT = Math.ceil(
  (LAYOUT.slots + SLOT_COUNT * (SCHEDULE_BYTES + SUBKEYS_BYTES)) / PAGE_BYTES,
);

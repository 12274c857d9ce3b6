import { deriveRootKeyBytes } from "../../root-key/derivation/derive-root-keys.ts";
import type { Suite } from "../../root-key/suite.ts";
import { SeededRandom } from "../random/seeded-random.ts";
import { DerivedKeyPairs } from "./derived-key-pairs.ts";
import { KEY_BYTES, type KeyStream, type KeyStreamOptions } from "./key-stream.ts";

/** As many octets as the context of an update has. */
const COUNTER_CONTEXT_BYTES = 96;
const SEQUENCE_OFFSET = COUNTER_CONTEXT_BYTES - 8;
const COUNTER_OFFSET = COUNTER_CONTEXT_BYTES - 4;

/**
 * One pair of root keys and a context that counts: all zeros but for its last eight octets, the sequence
 * and the number of the derivation, both big-endian from 0. Nothing but the function itself makes the keys
 * differ, and the counter is in the last block that goes into it.
 *
 * All sequences of a seed have the same root keys.
 */
export function openCounterKeys(
  suite: Suite,
  { seed, sequence = 0, keys = "both" }: KeyStreamOptions,
): KeyStream {
  const random = new SeededRandom(seed, "root keys of the counter mode");
  const nwkKey = random.bytes(KEY_BYTES);
  const appKey = random.bytes(KEY_BYTES);
  const context = new Uint8Array(COUNTER_CONTEXT_BYTES);
  const fields = new DataView(context.buffer);
  fields.setUint32(SEQUENCE_OFFSET, sequence);
  let counter = 0;
  return new DerivedKeyPairs(keys, () => {
    fields.setUint32(COUNTER_OFFSET, counter++);
    return deriveRootKeyBytes({ suite, nwkKey, appKey, context });
  });
}

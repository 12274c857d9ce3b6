import { WarrenError } from "../../errors.ts";
import { Suite } from "../suite.ts";
import { checkedRabbitCore } from "../suites/rabbit-core/checked-core.ts";
import { deriveRootKeyBytes } from "./derive-root-keys.ts";

/** Derivations of many devices that have the suite and the length of the context in common. */
export interface DerivationRecords {
  readonly suite: Suite;
  /** 96 in an update; whole blocks of 16, at most 4064. */
  readonly contextBytes: number;
  /** One after another: the old NwkKey, the old AppKey (16 octets each), the context. */
  readonly records: Uint8Array;
}

/** NwkKey and AppKey. */
export const DERIVED_BYTES = 32;
const KEYS_BYTES = 32;
const LONGEST_CONTEXT_BYTES = 4064;

/** @throws WarrenError `value-out-of-range` unless the records are whole, with contexts of whole blocks */
export function countRecords({ contextBytes, records }: DerivationRecords): number {
  const count = records.length / (KEYS_BYTES + contextBytes);
  const isWhole = contextBytes % 16 === 0 && Number.isInteger(count);
  if (!isWhole || contextBytes < 0 || contextBytes > LONGEST_CONTEXT_BYTES) {
    throw new WarrenError(
      "value-out-of-range",
      "records have two keys and whole blocks of context",
    );
  }
  return count;
}

/**
 * Derives plain updates of many devices in one thread: as `deriveRootKeyBytes` for each, without an object
 * or a call for each. The caller owns the octets on both sides, and wipes them.
 *
 * @param keys takes for each record the new NwkKey and the new AppKey, 32 octets
 * @throws WarrenError `value-out-of-range` for records that are not whole, or another length of `keys`
 */
export function deriveRecords(input: DerivationRecords, keys: Uint8Array): void {
  const count = countRecords(input);
  if (keys.length !== count * DERIVED_BYTES) {
    throw new WarrenError("value-out-of-range", "each record gives 32 octets of keys");
  }
  const { suite, records, contextBytes } = input;
  const isRabbit = suite === Suite.Rabbit || suite === Suite.RabbitSplit;
  const core = isRabbit ? checkedRabbitCore() : undefined;
  if (core !== undefined) {
    core.deriveRecords({ records, keys, contextBytes }, suite === Suite.RabbitSplit);
    return;
  }
  const recordBytes = KEYS_BYTES + contextBytes;
  for (let index = 0; index < count; index++) {
    const record = records.subarray(index * recordBytes, (index + 1) * recordBytes);
    const derived = deriveRootKeyBytes({
      suite,
      nwkKey: record.subarray(0, 16),
      appKey: record.subarray(16, KEYS_BYTES),
      context: record.subarray(KEYS_BYTES),
    });
    keys.set(derived.nwkKey, index * DERIVED_BYTES);
    keys.set(derived.appKey, index * DERIVED_BYTES + 16);
  }
}

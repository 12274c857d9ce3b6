import { exportAes128Key, importAes128Key } from "../../../crypto/aes128.ts";
import { WarrenError } from "../../../errors.ts";
import type { RootKeys } from "../../../root-key/root-keys.ts";
import type { ServerUpdateState } from "../../../root-key/server-state.ts";

type StoredKeys = Pick<ServerUpdateState, "currentKeys" | "candidateKeys">;

const KEY_BYTES = 16;
const PAIR_BYTES = 2 * KEY_BYTES;

/**
 * The root keys of a device as one value, which is then sealed:
 *
 * | NwkKey | AppKey | candidate NwkKey | candidate AppKey |
 * |   16   |   16   |        16        |        16        |  bytes, the last two only while there is a candidate
 */
export function encodeRootKeys({ currentKeys, candidateKeys }: StoredKeys): Uint8Array {
  const pairs = candidateKeys === undefined ? [currentKeys] : [currentKeys, candidateKeys];
  const bytes = new Uint8Array(pairs.length * PAIR_BYTES);
  pairs.forEach(({ nwkKey, appKey }, index) => {
    const first = exportAes128Key(nwkKey);
    bytes.set(first, index * PAIR_BYTES);
    // A 1.0.x device has one key in both places, and an export takes longer than all the rest here.
    const second = appKey === nwkKey ? first : exportAes128Key(appKey);
    bytes.set(second, index * PAIR_BYTES + KEY_BYTES);
  });
  return bytes;
}

/** The inverse of `encodeRootKeys`. @throws WarrenError `sealed-value-damaged` for any other length */
export function decodeRootKeys(bytes: Uint8Array): StoredKeys {
  if (bytes.length !== PAIR_BYTES && bytes.length !== 2 * PAIR_BYTES) {
    throw new WarrenError("sealed-value-damaged", "stored root keys are one pair or two");
  }
  return {
    currentKeys: pairAt(bytes, 0),
    candidateKeys: bytes.length > PAIR_BYTES ? pairAt(bytes, PAIR_BYTES) : undefined,
  };
}

function pairAt(bytes: Uint8Array, offset: number): RootKeys {
  const key = (start: number) => importAes128Key(bytes.subarray(start, start + KEY_BYTES));
  return { nwkKey: key(offset), appKey: key(offset + KEY_BYTES) };
}

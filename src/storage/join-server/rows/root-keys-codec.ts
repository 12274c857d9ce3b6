import { importAes128KeyAt, writeAes128Key } from "../../../crypto/aes128.ts";
import {
  exportX25519PrivateKey,
  importX25519PrivateKey,
  X25519_KEY_BYTES,
} from "../../../crypto/x25519.ts";
import { WarrenError } from "../../../errors.ts";
import type { RootKeys } from "../../../root-key/root-keys.ts";
import type { ServerUpdateState } from "../../../root-key/server-state.ts";

/** The secrets of a device, besides those of its sessions. */
export type StoredKeys = Pick<
  ServerUpdateState,
  "currentKeys" | "candidateKeys" | "x25519PrivateKey"
>;

const KEY_BYTES = 16;
const PAIR_BYTES = 2 * KEY_BYTES;
/** Stands before a private key, which is as long as a pair. */
const PRIVATE_KEY_TAG = 0x01;
const WITH_PRIVATE_KEY_BYTES = PAIR_BYTES + 1 + X25519_KEY_BYTES;

/**
 * The root keys of a device as one value, which is then sealed:
 *
 * | NwkKey | AppKey | candidate NwkKey | candidate AppKey |
 * |   16   |   16   |        16        |        16        |  bytes, the last two only while there is a candidate
 *
 * While a healing update waits for the device:
 *
 * | NwkKey | AppKey | 0x01 | X25519 private key |
 * |   16   |   16   |  1   |         32         |  bytes
 */
export function encodeRootKeys(keys: StoredKeys): Uint8Array {
  const { currentKeys, candidateKeys, x25519PrivateKey } = keys;
  if (candidateKeys === undefined && x25519PrivateKey !== undefined) {
    const bytes = new Uint8Array(WITH_PRIVATE_KEY_BYTES);
    putPair(bytes, 0, currentKeys);
    bytes[PAIR_BYTES] = PRIVATE_KEY_TAG;
    bytes.set(exportX25519PrivateKey(x25519PrivateKey), PAIR_BYTES + 1);
    return bytes;
  }
  const bytes = new Uint8Array(candidateKeys === undefined ? PAIR_BYTES : 2 * PAIR_BYTES);
  putPair(bytes, 0, currentKeys);
  if (candidateKeys !== undefined) putPair(bytes, PAIR_BYTES, candidateKeys);
  return bytes;
}

/** The inverse of `encodeRootKeys`. @throws WarrenError `sealed-value-damaged` for anything else */
export function decodeRootKeys(bytes: Uint8Array): StoredKeys {
  switch (bytes.length) {
    case PAIR_BYTES:
      return keysOf(bytes, {});
    case 2 * PAIR_BYTES:
      return keysOf(bytes, { candidateKeys: pairAt(bytes, PAIR_BYTES) });
    case WITH_PRIVATE_KEY_BYTES:
      if (bytes[PAIR_BYTES] === PRIVATE_KEY_TAG) {
        const x25519PrivateKey = importX25519PrivateKey(bytes.subarray(PAIR_BYTES + 1));
        return keysOf(bytes, { x25519PrivateKey });
      }
  }
  throw new WarrenError(
    "sealed-value-damaged",
    "stored root keys are one pair or two, or one and a private key",
  );
}

function keysOf(bytes: Uint8Array, others: Partial<StoredKeys>): StoredKeys {
  return {
    currentKeys: pairAt(bytes, 0),
    candidateKeys: others.candidateKeys,
    x25519PrivateKey: others.x25519PrivateKey,
  };
}

function putPair(bytes: Uint8Array, offset: number, { nwkKey, appKey }: RootKeys): void {
  writeAes128Key(nwkKey, bytes, offset);
  writeAes128Key(appKey, bytes, offset + KEY_BYTES);
}

function pairAt(bytes: Uint8Array, offset: number): RootKeys {
  return {
    nwkKey: importAes128KeyAt(bytes, offset),
    appKey: importAes128KeyAt(bytes, offset + KEY_BYTES),
  };
}

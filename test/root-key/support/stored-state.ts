import assert from "node:assert/strict";
import { KeyObject } from "node:crypto";
import {
  type Aes128Key,
  exportAes128Key,
  importAes128Key,
  isAes128Key,
} from "../../../src/crypto/aes128.ts";
import { exportX25519PrivateKey, importX25519PrivateKey } from "../../../src/crypto/x25519.ts";
import { formatHex, parseHex } from "../../../src/lorawan/hex.ts";
import type { RootKeys } from "../../../src/root-key/root-keys.ts";

/** An AES key, or a private key of X25519. */
type Key = Aes128Key | KeyObject;

const hexByKey = new WeakMap<Key, string>();

/** A secret or private key as hex, remembered: checks after every step ask for the same few keys. */
export function keyAsHex(key: Key): string {
  const known = hexByKey.get(key) ?? formatHex(exportKey(key));
  hexByKey.set(key, known);
  return known;
}

export function keysAsHex(keys: RootKeys): string[] {
  return [keyAsHex(keys.nwkKey), keyAsHex(keys.appKey)];
}

export function sameKeys(a: RootKeys, b: RootKeys): boolean {
  return keyAsHex(a.nwkKey) === keyAsHex(b.nwkKey) && keyAsHex(a.appKey) === keyAsHex(b.appKey);
}

/** @param retired hex of keys that must not be anywhere in `state` any more */
export function checkErased(state: unknown, retired: readonly string[]): void {
  if (retired.length === 0) return;
  const stored = serialise(state);
  assert.ok(!retired.some((hex) => stored.includes(hex)), "retired keys are erased");
}

/** What a state is after it was stored and loaded again. */
export function throughStorage<T>(state: T): T {
  return JSON.parse(serialise(state), (_, value) => {
    if (typeof value?.secret === "string") return importAes128Key(parseHex(value.secret));
    if (typeof value?.private === "string") return importX25519PrivateKey(parseHex(value.private));
    return value;
  });
}

function serialise(state: unknown): string {
  return JSON.stringify(state, (_, value) =>
    isAes128Key(value)
      ? { secret: keyAsHex(value) }
      : value instanceof KeyObject
        ? { private: keyAsHex(value) }
        : value,
  );
}

function exportKey(key: Key): Uint8Array {
  return isAes128Key(key) ? exportAes128Key(key) : exportX25519PrivateKey(key);
}

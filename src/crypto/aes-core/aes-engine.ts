import type { Aes128Key } from "../aes128-key.ts";

/** A message and the key it is authenticated under. */
export interface CmacInput {
  readonly key: Aes128Key;
  /** One message in pieces. */
  readonly parts: readonly Uint8Array[];
}

/** What is done for several keys or blocks at once takes at most this many. */
export const LANE_COUNT = 8;

/**
 * AES-128 as LoRaWAN uses it. Lengths have been checked by the caller: blocks are whole, lists have 1
 * to `LANE_COUNT` entries, and what comes back is new.
 */
export interface AesEngine {
  readonly name: "wasm" | "openssl";
  /** ECB of any number of blocks. */
  encrypt(key: Aes128Key, blocks: Uint8Array): Uint8Array;
  /** The inverse of `encrypt`. */
  decrypt(key: Aes128Key, blocks: Uint8Array): Uint8Array;
  /** Block i under key i. */
  encryptEach(keys: readonly Aes128Key[], blocks: Uint8Array): Uint8Array;
  /** RFC 4493: 16 bytes. */
  cmac(input: CmacInput): Uint8Array;
  /** CMACs of messages of one and the same length. */
  cmacEach(inputs: readonly CmacInput[]): Uint8Array[];
  /** RFC 3394 of keys of 16 bytes: key i under KEK i, 24 bytes. */
  wrapEach(keks: readonly Aes128Key[], keys: readonly Uint8Array[]): Uint8Array[];
  /** The inverse of `wrapEach`; undefined where the integrity check fails. */
  unwrapEach(
    keks: readonly Aes128Key[],
    wrapped: readonly Uint8Array[],
  ): (Uint8Array | undefined)[];
}

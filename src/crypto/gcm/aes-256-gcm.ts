import {
  type Cipheriv,
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  type KeyObject,
} from "node:crypto";
import { copyBytes } from "../bytes/copy-bytes.ts";
import { equalBytes } from "../constant-time.ts";
import type { GhashCore } from "./ghash.ts";

export const GCM_NONCE_BYTES = 12;
export const GCM_TAG_BYTES = 16;

const BLOCK_BYTES = 16;
/** Longer messages than this are left to OpenSSL, whose GHASH is faster by the octet. */
const MAX_SHORT_BYTES = 2_048;

/** Blocks that lack nothing but the nonce of a call: their counters, of 32 bits, are 1, 2, … */
const counterBlocks = blocksOfCounters();

/** AES-256-GCM (NIST SP 800-38D) with nonces of 96 bits, under one key. */
export interface Aes256Gcm {
  /**
   * @param nonce 12 bytes, never used twice
   * @returns ciphertext ‖ tag
   */
  seal(nonce: Uint8Array, plaintext: Uint8Array, additionalData: Uint8Array): Uint8Array;
  /**
   * @param sealed ciphertext ‖ tag
   * @returns the plaintext, or undefined when anything is not as it was sealed
   */
  open(nonce: Uint8Array, sealed: Uint8Array, additionalData: Uint8Array): Uint8Array | undefined;
}

/** All of it in OpenSSL. */
export class OpensslGcm implements Aes256Gcm {
  // Node imports a key given as bytes far more slowly than one that is a KeyObject already.
  readonly #key: KeyObject;

  /** @param key 32 bytes, not kept */
  constructor(key: Uint8Array) {
    this.#key = createSecretKey(key);
  }

  seal(nonce: Uint8Array, plaintext: Uint8Array, additionalData: Uint8Array): Uint8Array {
    const cipher = createCipheriv("aes-256-gcm", this.#key, nonce);
    cipher.setAAD(additionalData);
    const sealed = new Uint8Array(plaintext.length + GCM_TAG_BYTES);
    sealed.set(cipher.update(plaintext));
    cipher.final();
    sealed.set(cipher.getAuthTag(), plaintext.length);
    return sealed;
  }

  open(nonce: Uint8Array, sealed: Uint8Array, additionalData: Uint8Array): Uint8Array | undefined {
    const tagOffset = sealed.length - GCM_TAG_BYTES;
    if (tagOffset < 0) return undefined;
    const decipher = createDecipheriv("aes-256-gcm", this.#key, nonce, {
      authTagLength: GCM_TAG_BYTES,
    });
    decipher.setAAD(additionalData).setAuthTag(sealed.subarray(tagOffset));
    const plaintext = new Uint8Array(decipher.update(sealed.subarray(0, tagOffset)));
    try {
      decipher.final();
      return plaintext;
    } catch {
      return undefined;
    }
  }
}

/**
 * AES in OpenSSL and GHASH in WebAssembly, for short messages: one object of `node:crypto` serves all of them. One for
 * each message costs more than its encryption. V8 also takes all of them through its minor collections of garbage,
 * since it counts what native code may call back about as alive, and with the next major one they are all freed
 * at once: 0.14 s after 250,000 messages.
 */
export class ShortMessageGcm implements Aes256Gcm {
  readonly #core: GhashCore;
  /** AES-256-ECB. Whole blocks leave no state behind, so one object serves all calls. */
  readonly #blocks: Cipheriv;
  readonly #h: Uint8Array;
  readonly #openssl: OpensslGcm;

  /** @param key 32 bytes, not kept */
  constructor(core: GhashCore, key: Uint8Array) {
    this.#core = core;
    this.#blocks = createCipheriv("aes-256-ecb", key, null).setAutoPadding(false);
    this.#h = new Uint8Array(this.#blocks.update(new Uint8Array(BLOCK_BYTES)));
    this.#openssl = new OpensslGcm(key);
  }

  seal(nonce: Uint8Array, plaintext: Uint8Array, additionalData: Uint8Array): Uint8Array {
    if (isLong(plaintext.length + additionalData.length)) {
      return this.#openssl.seal(nonce, plaintext, additionalData);
    }
    const { length } = plaintext;
    const stream = this.#keystream(nonce, length);
    const sealed = new Uint8Array(length + GCM_TAG_BYTES);
    for (let index = 0; index < length; index++) {
      sealed[index] = (plaintext[index] as number) ^ (stream[BLOCK_BYTES + index] as number);
    }
    sealed.set(this.#tag(stream, additionalData, sealed, length), length);
    stream.fill(0);
    return sealed;
  }

  open(nonce: Uint8Array, sealed: Uint8Array, additionalData: Uint8Array): Uint8Array | undefined {
    const length = sealed.length - GCM_TAG_BYTES;
    if (length < 0) return undefined;
    if (isLong(length + additionalData.length)) {
      return this.#openssl.open(nonce, sealed, additionalData);
    }
    const stream = this.#keystream(nonce, length);
    const tag = this.#tag(stream, additionalData, sealed, length);
    let plaintext: Uint8Array | undefined;
    if (equalBytes(tag, copyBytes(sealed, length, sealed.length))) {
      plaintext = new Uint8Array(length);
      for (let index = 0; index < length; index++) {
        plaintext[index] = (sealed[index] as number) ^ (stream[BLOCK_BYTES + index] as number);
      }
    }
    stream.fill(0);
    return plaintext;
  }

  /** The encrypted counter blocks from J0 on (§7.1): the first one hides the tag. */
  #keystream(nonce: Uint8Array, messageBytes: number): Uint8Array {
    const lengthBytes = (1 + Math.ceil(messageBytes / BLOCK_BYTES)) * BLOCK_BYTES;
    const counters = counterBlocks.subarray(0, lengthBytes);
    for (let at = 0; at < lengthBytes; at += BLOCK_BYTES) {
      for (let index = 0; index < GCM_NONCE_BYTES; index++) {
        counters[at + index] = nonce[index] as number;
      }
    }
    return this.#blocks.update(counters);
  }

  /** @param sealed the ciphertext is its first `length` bytes */
  #tag(
    stream: Uint8Array,
    additionalData: Uint8Array,
    sealed: Uint8Array,
    length: number,
  ): Uint8Array {
    const tag = this.#core.hash(this.#h, additionalData, sealed, length);
    for (let index = 0; index < GCM_TAG_BYTES; index++) {
      tag[index] = (tag[index] as number) ^ (stream[index] as number);
    }
    return tag;
  }
}

function blocksOfCounters(): Uint8Array {
  const blocks = new Uint8Array((1 + MAX_SHORT_BYTES / BLOCK_BYTES) * BLOCK_BYTES);
  for (let at = 0; at < blocks.length; at += BLOCK_BYTES) {
    blocks[at + BLOCK_BYTES - 1] = at / BLOCK_BYTES + 1;
  }
  return blocks;
}

function isLong(lengthBytes: number): boolean {
  return lengthBytes > MAX_SHORT_BYTES;
}

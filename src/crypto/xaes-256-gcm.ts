import {
  type Cipheriv,
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  type KeyObject,
} from "node:crypto";
import { WarrenError } from "../errors.ts";
import type { Aes256Key } from "./aes256.ts";
import { doubleBlock } from "./bytes/double-block.ts";
import { xorInto } from "./bytes/xor.ts";

export const XAES_NONCE_BYTES = 24;
export const XAES_TAG_BYTES = 16;

const BLOCK_BYTES = 16;
/** The half of the nonce that goes into the derived key; the other half is the nonce of AES-GCM. */
export const XAES_DERIVATION_NONCE_BYTES = 12;
/** Some 500 bytes each. */
const KEPT_KEYS = 1_024;

/**
 * XAES-256-GCM (c2sp.org/XAES-256-GCM): AES-256-GCM with a nonce of 192 bits, under a key derived from the
 * first half of the nonce by SP 800-108 in counter mode with AES-CMAC. Random nonces are safe for 2^80
 * values under one key, where AES-GCM alone ends at 2^32.
 *
 * To derive a key takes as long as all the rest, so the newest are kept, by the first half of the nonce.
 */
export class Xaes256Gcm {
  /** AES-256-ECB under the input key. Whole blocks leave no state behind, so one object serves all calls. */
  readonly #blocks: Cipheriv;
  /** M1 ‖ M2 of the specification XOR K1 ‖ K1, but for the nonce: only that changes from call to call. */
  readonly #maskedTemplate: Uint8Array;
  /** By the first half of the nonce, an octet a character; the oldest comes first. */
  readonly #keys = new Map<string, KeyObject>();
  /** The one used last: values sealed one after another share it. */
  #last: { readonly context: Uint8Array; readonly key: KeyObject } | undefined;

  constructor(key: Aes256Key) {
    this.#blocks = createCipheriv("aes-256-ecb", key, null).setAutoPadding(false);
    const k1 = doubleBlock(this.#blocks.update(new Uint8Array(BLOCK_BYTES)));
    this.#maskedTemplate = Uint8Array.of(...k1, ...k1);
    xorInto(this.#maskedTemplate, Uint8Array.of(0, 1, 0x58, 0), 0);
    xorInto(this.#maskedTemplate, Uint8Array.of(0, 2, 0x58, 0), BLOCK_BYTES);
  }

  /**
   * @param nonce 24 random bytes, never used twice
   * @returns ciphertext ‖ tag, 16 bytes longer than `plaintext`
   * @throws WarrenError `value-out-of-range` for a nonce of another length
   */
  seal(nonce: Uint8Array, plaintext: Uint8Array, additionalData: Uint8Array): Uint8Array {
    const cipher = createCipheriv("aes-256-gcm", this.#keyFor(nonce), gcmNonce(nonce));
    cipher.setAAD(additionalData);
    const sealed = new Uint8Array(plaintext.length + XAES_TAG_BYTES);
    sealed.set(cipher.update(plaintext));
    cipher.final();
    sealed.set(cipher.getAuthTag(), plaintext.length);
    return sealed;
  }

  /**
   * @param sealed ciphertext ‖ tag
   * @returns the plaintext, or undefined when anything is not as it was sealed: it does not tell what
   * @throws WarrenError `value-out-of-range` for a nonce of another length
   */
  open(nonce: Uint8Array, sealed: Uint8Array, additionalData: Uint8Array): Uint8Array | undefined {
    const key = this.#keyFor(nonce);
    const tagOffset = sealed.length - XAES_TAG_BYTES;
    if (tagOffset < 0) return undefined;
    const decipher = createDecipheriv("aes-256-gcm", key, gcmNonce(nonce), {
      authTagLength: XAES_TAG_BYTES,
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

  #keyFor(nonce: Uint8Array): KeyObject {
    if (nonce.length !== XAES_NONCE_BYTES) {
      throw new WarrenError("value-out-of-range", `a nonce has 24 bytes, not ${nonce.length}`);
    }
    const context = nonce.subarray(0, XAES_DERIVATION_NONCE_BYTES);
    if (this.#last !== undefined && startsWith(nonce, this.#last.context)) return this.#last.key;
    const name = String.fromCharCode(...context);
    let key = this.#keys.get(name);
    if (key === undefined) {
      key = this.#deriveKey(context);
      if (this.#keys.size === KEPT_KEYS) this.#keys.delete(firstOf(this.#keys));
      this.#keys.set(name, key);
    }
    this.#last = { context: context.slice(), key };
    return key;
  }

  /** Steps 3 to 5 of the specification, both blocks in one call. */
  #deriveKey(context: Uint8Array): KeyObject {
    const blocks = this.#maskedTemplate.slice();
    xorInto(blocks, context, BLOCK_BYTES - XAES_DERIVATION_NONCE_BYTES);
    xorInto(blocks, context, 2 * BLOCK_BYTES - XAES_DERIVATION_NONCE_BYTES);
    const derived = this.#blocks.update(blocks);
    // Node imports a key given as bytes far more slowly than one that is a KeyObject already.
    const key = createSecretKey(derived);
    derived.fill(0);
    return key;
  }
}

function firstOf(keys: ReadonlyMap<string, KeyObject>): string {
  return keys.keys().next().value as string;
}

function startsWith(octets: Uint8Array, start: Uint8Array): boolean {
  for (let index = 0; index < start.length; index++) {
    if (octets[index] !== start[index]) return false;
  }
  return true;
}

function gcmNonce(nonce: Uint8Array): Uint8Array {
  return nonce.subarray(XAES_DERIVATION_NONCE_BYTES);
}

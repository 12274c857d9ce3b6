import { type Cipheriv, createCipheriv } from "node:crypto";
import { WarrenError } from "../errors.ts";
import type { Aes256Key } from "./aes256.ts";
import { copyBytes } from "./bytes/copy-bytes.ts";
import { doubleBlock } from "./bytes/double-block.ts";
import { xorInto } from "./bytes/xor.ts";
import { type Aes256Gcm, GCM_TAG_BYTES } from "./gcm/aes-256-gcm.ts";
import { aes256Gcm } from "./gcm/select-gcm.ts";

export const XAES_NONCE_BYTES = 24;
export const XAES_TAG_BYTES = GCM_TAG_BYTES;

const BLOCK_BYTES = 16;
/** The half of the nonce that goes into the derived key; the other half is the nonce of AES-GCM. */
export const XAES_DERIVATION_NONCE_BYTES = 12;
/** Some 2 kB each. */
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
  readonly #ciphers = new Map<string, Aes256Gcm>();
  /** That of the value sealed last: values sealed one after another share it. */
  #sealing: { readonly context: Uint8Array; readonly cipher: Aes256Gcm } | undefined;

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
    requireNonce(nonce);
    if (this.#sealing === undefined || !startsWith(nonce, this.#sealing.context)) {
      const context = copyBytes(nonce, 0, XAES_DERIVATION_NONCE_BYTES);
      this.#sealing = { context, cipher: this.#cipherFor(context) };
    }
    return this.#sealing.cipher.seal(gcmNonce(nonce), plaintext, additionalData);
  }

  /**
   * @param sealed ciphertext ‖ tag
   * @returns the plaintext, or undefined when anything is not as it was sealed: it does not tell what
   * @throws WarrenError `value-out-of-range` for a nonce of another length
   */
  open(nonce: Uint8Array, sealed: Uint8Array, additionalData: Uint8Array): Uint8Array | undefined {
    requireNonce(nonce);
    const cipher = this.#cipherFor(copyBytes(nonce, 0, XAES_DERIVATION_NONCE_BYTES));
    return cipher.open(gcmNonce(nonce), sealed, additionalData);
  }

  /** @param context the first half of a nonce */
  #cipherFor(context: Uint8Array): Aes256Gcm {
    const name = String.fromCharCode(...context);
    let cipher = this.#ciphers.get(name);
    if (cipher === undefined) {
      cipher = this.#deriveCipher(context);
      if (this.#ciphers.size === KEPT_KEYS) this.#ciphers.delete(firstOf(this.#ciphers));
      this.#ciphers.set(name, cipher);
    }
    return cipher;
  }

  /** Steps 3 to 5 of the specification, both blocks in one call. */
  #deriveCipher(context: Uint8Array): Aes256Gcm {
    const blocks = this.#maskedTemplate.slice();
    xorInto(blocks, context, BLOCK_BYTES - XAES_DERIVATION_NONCE_BYTES);
    xorInto(blocks, context, 2 * BLOCK_BYTES - XAES_DERIVATION_NONCE_BYTES);
    const derived = this.#blocks.update(blocks);
    const cipher = aes256Gcm(derived);
    derived.fill(0);
    return cipher;
  }
}

function firstOf(ciphers: ReadonlyMap<string, Aes256Gcm>): string {
  return ciphers.keys().next().value as string;
}

function startsWith(octets: Uint8Array, start: Uint8Array): boolean {
  for (let index = 0; index < start.length; index++) {
    if (octets[index] !== start[index]) return false;
  }
  return true;
}

function requireNonce(nonce: Uint8Array): void {
  if (nonce.length === XAES_NONCE_BYTES) return;
  throw new WarrenError("value-out-of-range", `a nonce has 24 bytes, not ${nonce.length}`);
}

function gcmNonce(nonce: Uint8Array): Uint8Array {
  return copyBytes(nonce, XAES_DERIVATION_NONCE_BYTES, XAES_NONCE_BYTES);
}

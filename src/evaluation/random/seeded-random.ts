import { createCipheriv, createHash } from "node:crypto";

/**
 * Octets that are random for every purpose of the evaluation and the same for the same seed: AES-256 in
 * counter mode, keyed by SHA-256 of the seed and of what they are for.
 */
export class SeededRandom {
  readonly #cipher;

  /** @param purpose different purposes have streams that have nothing to do with one another */
  constructor(seed: string, purpose: string) {
    const key = createHash("sha256").update(`${seed.length}:${seed}${purpose}`).digest();
    this.#cipher = createCipheriv("aes-256-ctr", key, new Uint8Array(16));
  }

  bytes(lengthBytes: number): Uint8Array {
    return new Uint8Array(this.#cipher.update(new Uint8Array(lengthBytes)));
  }

  /** 0 to 2^32 - 1. */
  uint32(): number {
    return new DataView(this.bytes(4).buffer).getUint32(0);
  }
}

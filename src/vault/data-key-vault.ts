import type { Aes256Key } from "../crypto/aes256.ts";
import { systemRandomBytes } from "../crypto/random.ts";
import {
  XAES_DERIVATION_NONCE_BYTES,
  XAES_NONCE_BYTES,
  XAES_TAG_BYTES,
  Xaes256Gcm,
} from "../crypto/xaes-256-gcm.ts";
import { WarrenError } from "../errors.ts";
import { sealedVersion, type Vault } from "../join-server/ports/vault.ts";

/** A data key out of its wrapping, in memory only. */
export interface DataKey {
  /** 1 to 2^32 - 1. */
  readonly version: number;
  readonly key: Aes256Key;
}

const VERSION_BYTES = 4;
const HEADER_BYTES = VERSION_BYTES + XAES_NONCE_BYTES;

/** How many values share a first half of the nonce, and with it a derived key. */
const NONCES_PER_KEY = 4_096;
const GCM_NONCE_BYTES = XAES_NONCE_BYTES - XAES_DERIVATION_NONCE_BYTES;
const ERROR_HOLDS_MS = 1_000;

/** Before the context in the additional data, so that a value of another use of the key never opens. */
const CONTEXT_PREFIX = "warren/sealed-value/1/";

/**
 * Seals values under data keys in memory:
 *
 * | version | nonce | ciphertext | tag |
 * |    4    |  24   |  as long as the plaintext | 16 |  bytes, version big-endian
 *
 * The cipher is XAES-256-GCM with a random nonce; additional data is `warren/sealed-value/1/` and the
 * context, in UTF-8. The newest version seals, every version that is loaded opens.
 *
 * The second half of the nonce is random for every value, the first half is drawn anew for every 4,096th:
 * only it goes into the key that XAES derives, which takes as long as to encrypt. Two first halves are the
 * same with no more than chance (2^-96 a pair), and of the 2^12 values of one of them two have the same
 * second half with 2^-73; NIST allows 2^-32 for all values under one key of AES-GCM (SP 800-38D §8).
 */
export class DataKeyVault implements Vault {
  readonly #nonces = new NonceSource();
  readonly #reload: () => Promise<readonly DataKey[]>;
  #refreshing: Promise<void> | undefined;
  #ciphers: ReadonlyMap<number, Xaes256Gcm> = new Map();
  #sealing: { readonly version: number; readonly cipher: Xaes256Gcm };

  /**
   * @param keys at least one
   * @param reload gives all data keys there are now; may fail with `vault-unavailable`
   */
  constructor(keys: readonly DataKey[], reload: () => Promise<readonly DataKey[]>) {
    this.#reload = reload;
    this.#sealing = this.#load(keys);
  }

  get sealingVersion(): number {
    return this.#sealing.version;
  }

  seal(plaintext: Uint8Array, context: string): Uint8Array {
    const { version, cipher } = this.#sealing;
    const nonce = this.#nonces.next();
    const body = cipher.seal(nonce, plaintext, additionalData(context));
    const sealed = new Uint8Array(HEADER_BYTES + body.length);
    new DataView(sealed.buffer).setUint32(0, version);
    sealed.set(nonce, VERSION_BYTES);
    sealed.set(body, HEADER_BYTES);
    return sealed;
  }

  open(sealed: Uint8Array, context: string): Uint8Array {
    if (sealed.length < HEADER_BYTES + XAES_TAG_BYTES) throw damaged(context);
    const version = sealedVersion(sealed);
    const cipher = this.#ciphers.get(version);
    if (cipher === undefined) {
      throw new WarrenError(
        "vault-key-unknown",
        `a value is sealed under data key version ${version}, which is not loaded`,
      );
    }
    const nonce = sealed.subarray(VERSION_BYTES, HEADER_BYTES);
    const plaintext = cipher.open(nonce, sealed.subarray(HEADER_BYTES), additionalData(context));
    if (plaintext === undefined) throw damaged(context);
    return plaintext;
  }

  /** Calls at one time share one answer, and an error holds for a second: many requests may need a key. */
  refresh(): Promise<void> {
    if (this.#refreshing !== undefined) return this.#refreshing;
    const refreshing = this.#reload().then((keys) => {
      this.#sealing = this.#load(keys);
    });
    const end = () => {
      this.#refreshing = undefined;
    };
    this.#refreshing = refreshing;
    refreshing.then(end, () => setTimeout(end, ERROR_HOLDS_MS).unref());
    return refreshing;
  }

  /** Keeps the ciphers of versions that are loaded already. */
  #load(keys: readonly DataKey[]) {
    const ciphers = new Map<number, Xaes256Gcm>();
    for (const { version, key } of keys) {
      ciphers.set(version, this.#ciphers.get(version) ?? new Xaes256Gcm(key));
    }
    const version = Math.max(...ciphers.keys());
    const cipher = ciphers.get(version);
    if (cipher === undefined) {
      throw new WarrenError("vault-unavailable", "the vault has no data key");
    }
    this.#ciphers = ciphers;
    return { version, cipher };
  }
}

/** Nonces as `DataKeyVault` says. */
class NonceSource {
  #derivationHalf: Uint8Array = new Uint8Array(0);
  #left = 0;

  next(): Uint8Array {
    if (this.#left === 0) {
      this.#derivationHalf = systemRandomBytes(XAES_DERIVATION_NONCE_BYTES);
      this.#left = NONCES_PER_KEY;
    }
    this.#left--;
    const nonce = new Uint8Array(XAES_NONCE_BYTES);
    nonce.set(this.#derivationHalf);
    nonce.set(systemRandomBytes(GCM_NONCE_BYTES), XAES_DERIVATION_NONCE_BYTES);
    return nonce;
  }
}

function additionalData(context: string): Uint8Array {
  return Buffer.from(CONTEXT_PREFIX + context);
}

/** Names the record, and does not tell changed bytes from a value that belongs elsewhere. */
function damaged(context: string): WarrenError {
  return new WarrenError(
    "sealed-value-damaged",
    `the sealed value ${context} of the database does not open: it was changed, or belongs to another record`,
  );
}

import {
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  type KeyObject,
  timingSafeEqual,
} from "node:crypto";
import { WarrenError } from "../errors.ts";
import type { RandomBytes } from "./random.ts";

/** A private key of X25519. As a `KeyObject` it shows no bytes when inspected, printed or serialised. */
export type X25519PrivateKey = KeyObject;

export const X25519_KEY_BYTES = 32;

/** PKCS #8 and SubjectPublicKeyInfo of a raw key, up to the key itself (RFC 8410 §10.3 and §10.1). */
const PRIVATE_KEY_PREFIX = Buffer.from("302e020100300506032b656e04220420", "hex");
const PUBLIC_KEY_PREFIX = Buffer.from("302a300506032b656e032100", "hex");

const ZERO = new Uint8Array(X25519_KEY_BYTES);

/**
 * A private key from 32 random octets: any will do, X25519 sets and clears the bits that it wants
 * (decodeScalar25519, RFC 7748 §5).
 *
 * @throws WarrenError `key-malformed` unless `bytes` are 32; the message never repeats them
 */
export function importX25519PrivateKey(bytes: Uint8Array): X25519PrivateKey {
  const pkcs8 = wrap(PRIVATE_KEY_PREFIX, bytes);
  const key = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
  pkcs8.fill(0);
  return key;
}

/** A new private key; the octets it is drawn as are wiped. */
export function generateX25519PrivateKey(random: RandomBytes): X25519PrivateKey {
  const bytes = random(X25519_KEY_BYTES);
  const key = importX25519PrivateKey(bytes);
  bytes.fill(0);
  return key;
}

/** The 32 octets it was imported from, as a new array: for sealing only. */
export function exportX25519PrivateKey(key: X25519PrivateKey): Uint8Array {
  const pkcs8 = key.export({ format: "der", type: "pkcs8" });
  const bytes = Uint8Array.from(pkcs8.subarray(-X25519_KEY_BYTES));
  pkcs8.fill(0);
  return bytes;
}

/** The public key that belongs to `key`: 32 octets, the u-coordinate little-endian (RFC 7748 §6.1). */
export function x25519PublicKey(key: X25519PrivateKey): Uint8Array {
  const spki = createPublicKey(key).export({ format: "der", type: "spki" });
  return Uint8Array.from(spki.subarray(-X25519_KEY_BYTES));
}

/**
 * The shared secret of a private and the other side's public key: 32 octets (RFC 7748 §6.1).
 *
 * @param publicKey 32 octets, any: the clause wants none refused by its value
 * @returns undefined when the secret would be all zeros, as a public key of small order makes it
 * @throws WarrenError `key-malformed` unless the public key has 32 octets
 */
export function x25519(
  privateKey: X25519PrivateKey,
  publicKey: Uint8Array,
): Uint8Array | undefined {
  const key = createPublicKey({
    key: wrap(PUBLIC_KEY_PREFIX, publicKey),
    format: "der",
    type: "spki",
  });
  try {
    const secret = new Uint8Array(diffieHellman({ privateKey, publicKey: key }));
    return timingSafeEqual(secret, ZERO) ? undefined : secret;
  } catch (error) {
    // OpenSSL refuses a secret of zeros by itself: its only failure with keys that could be imported.
    if ((error as NodeJS.ErrnoException).code === "ERR_OSSL_FAILED_DURING_DERIVATION") {
      return undefined;
    }
    throw error;
  }
}

function wrap(prefix: Uint8Array, bytes: Uint8Array): Buffer<ArrayBuffer> {
  if (bytes.length !== X25519_KEY_BYTES) {
    throw new WarrenError("key-malformed", `a key of X25519 has 32 bytes, not ${bytes.length}`);
  }
  const der = Buffer.alloc(prefix.length + X25519_KEY_BYTES);
  der.set(prefix);
  der.set(bytes, prefix.length);
  return der;
}

import {
  CompactEncrypt,
  type CryptoKey,
  calculateJwkThumbprint,
  compactDecrypt,
  decodeProtectedHeader,
  importJWK,
  type JWK,
} from "jose";
import { WarrenError } from "../../errors.ts";

/** Diffie-Hellman with a key made for each message, directly or to wrap a content key (RFC 7518 §4.6). */
const KEY_MANAGEMENT = ["ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A256KW"];
const CONTENT_ENCRYPTION = ["A256GCM"];
const CURVES = ["P-256", "P-384", "P-521", "X25519"];

/** A public key that devices can be sealed to, with its RFC 7638 thumbprint. */
export interface Recipient {
  readonly key: CryptoKey;
  readonly thumbprint: string;
}

/** @throws WarrenError `key-malformed` unless it is a public JWK for ECDH-ES; the message never repeats it */
export async function importRecipient(jwk: unknown): Promise<Recipient> {
  const given = jwk as JWK | null;
  try {
    if (given !== null && CURVES.includes(given.crv ?? "") && given.d === undefined) {
      const key = await importJWK({ ...given, alg: "ECDH-ES" }, "ECDH-ES");
      const recipient = {
        key: key as CryptoKey,
        thumbprint: await calculateJwkThumbprint(given),
      };
      // A point of small order is a well-formed key that nothing can be sealed to.
      await sealText("", recipient);
      return recipient;
    }
  } catch {
    // Said below.
  }
  throw new WarrenError(
    "key-malformed",
    `a public JWK (RFC 7517) on one of the curves ${CURVES.join(", ")} is needed, without the member d`,
  );
}

/**
 * A text as a compact JWE (RFC 7516): ECDH-ES and A256GCM. The key and nonce of each message are drawn by
 * the library.
 */
export function sealText(text: string, { key, thumbprint }: Recipient): Promise<string> {
  return new CompactEncrypt(new TextEncoder().encode(text))
    .setProtectedHeader({ alg: "ECDH-ES", enc: "A256GCM", kid: thumbprint })
    .encrypt(key);
}

/**
 * The text inside a compact JWE.
 *
 * @param thumbprint of our key, to say when another one was meant
 * @throws WarrenError `key-unwrap-failed`, which does not tell a changed message from a wrong key
 */
export async function openText(jwe: string, { key, thumbprint }: Recipient): Promise<string> {
  try {
    const { plaintext } = await compactDecrypt(jwe, key, {
      keyManagementAlgorithms: KEY_MANAGEMENT,
      contentEncryptionAlgorithms: CONTENT_ENCRYPTION,
    });
    return new TextDecoder("utf-8", { fatal: true }).decode(plaintext);
  } catch {
    throw new WarrenError("key-unwrap-failed", whyClosed(jwe, thumbprint));
  }
}

function whyClosed(jwe: string, thumbprint: string): string {
  try {
    const { kid, alg, enc } = decodeProtectedHeader(jwe);
    if (kid !== undefined && kid !== thumbprint) {
      return `the JWE is sealed to another key (kid ${kid.slice(0, 64)}) than the import key of this Join Server (${thumbprint})`;
    }
    if (!(KEY_MANAGEMENT.includes(alg ?? "") && CONTENT_ENCRYPTION.includes(enc ?? ""))) {
      return `the JWE must use ${KEY_MANAGEMENT.join(" or ")} with ${CONTENT_ENCRYPTION.join(" or ")}`;
    }
  } catch {
    return "this is no compact JWE";
  }
  return "the JWE does not open with the import key of this Join Server, or was changed on its way";
}

import { equalBytes } from "../constant-time.ts";
import { type Aes256Gcm, GCM_NONCE_BYTES, OpensslGcm, ShortMessageGcm } from "./aes-256-gcm.ts";
import { GhashCore } from "./ghash.ts";

type MakeGcm = (key: Uint8Array) => Aes256Gcm;

let selected: MakeGcm | undefined;

/**
 * AES-256-GCM under a key: with GHASH in WebAssembly if this machine runs it and it gives the right answers, else in
 * OpenSSL. Decided at the first call.
 *
 * @param key 32 bytes, not kept
 */
export function aes256Gcm(key: Uint8Array): Aes256Gcm {
  selected ??= selectGcm(() => new GhashCore());
  return selected(key);
}

/** @param makeCore throws where it cannot work */
export function selectGcm(makeCore: () => GhashCore): MakeGcm {
  const openssl: MakeGcm = (key) => new OpensslGcm(key);
  try {
    const core = makeCore();
    const ours: MakeGcm = (key) => new ShortMessageGcm(core, key);
    return givesTheSame(ours, openssl) ? ours : openssl;
  } catch {
    return openssl;
  }
}

/** Around the ends of blocks, and with all bits of octets in use. */
const LENGTHS = [0, 1, 15, 16, 17, 32, 213];

function givesTheSame(ours: MakeGcm, openssl: MakeGcm): boolean {
  const octets = Uint8Array.from({ length: 256 }, (_, index) => (index * 167 + 13) & 0xff);
  const key = octets.subarray(7, 39);
  const nonce = octets.subarray(50, 50 + GCM_NONCE_BYTES);
  const [one, other] = [ours(key), openssl(key)];
  return LENGTHS.every((length, index) => {
    const plaintext = octets.subarray(0, length);
    const additionalData = octets.subarray(0, LENGTHS[LENGTHS.length - 1 - index]);
    const sealed = one.seal(nonce, plaintext, additionalData);
    const opened = one.open(nonce, sealed, additionalData);
    return (
      equalBytes(sealed, other.seal(nonce, plaintext, additionalData)) &&
      opened !== undefined &&
      equalBytes(opened, plaintext)
    );
  });
}

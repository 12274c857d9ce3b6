import { hkdf } from "../../crypto/hkdf.ts";
import { ByteWriter } from "../../lorawan/byte-writer.ts";
import { inputKeyingMaterial } from "./input-keying-material.ts";
import type { DerivedKeyBytes, KeyDerivationInput } from "./key-derivation.ts";
import { ROOT_KEY_LABEL } from "./label.ts";

const NOTHING = new Uint8Array(0);

/**
 * Suite 3: HKDF-SHA-256 (RFC 5869) with an empty salt, IKM = ka ‖ kb, info = "RootKey" ‖ 0x00 ‖ c;
 * of its 32 octets the first half is NwkKey'. In a healing update IKM = ka ‖ kb ‖ Z. Its pseudorandom key
 * stays inside: `kdk` is empty.
 */
export function deriveHkdfSha256(input: KeyDerivationInput): DerivedKeyBytes {
  const okm = hkdf({
    hash: "sha256",
    ikm: inputKeyingMaterial(input),
    salt: NOTHING,
    info: new ByteWriter().bytes(ROOT_KEY_LABEL).bytes(input.context).toBytes(),
    lengthBytes: 32,
  });
  return { kdk: NOTHING, nwkKey: okm.slice(0, 16), appKey: okm.slice(16) };
}

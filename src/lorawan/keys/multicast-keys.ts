import {
  type Aes128Key,
  aes128Decrypt,
  aes128Encrypt,
  exportAes128Key,
  importAes128Key,
} from "../../crypto/aes128.ts";
import { ByteWriter } from "../byte-writer.ts";
import type { DevAddr } from "../identifiers.ts";
import { deriveKey } from "./derive-key.ts";

/** The keys of one multicast group session. */
export interface MulticastSessionKeys {
  readonly mcAppSKey: Aes128Key;
  readonly mcNwkSKey: Aes128Key;
}

/**
 * McRootKey of a 1.0.x device: GenAppKey, 0x00 padded with zeros. A 1.1 device in a 1.0 network takes its
 * AppKey for GenAppKey.
 *
 * @see LoRaWAN Remote Multicast Setup (TS005)
 */
export function deriveMcRootKey10(genAppKey: Aes128Key): Aes128Key {
  return deriveKey(genAppKey, new ByteWriter().uint8(0x00, "key type"));
}

/** McRootKey of a 1.1 device: AppKey, 0x20 padded with zeros. */
export function deriveMcRootKey11(appKey: Aes128Key): Aes128Key {
  return deriveKey(appKey, new ByteWriter().uint8(0x20, "key type"));
}

/** McKEKey, under which the McKey of a group travels to a device. */
export function deriveMcKeKey(mcRootKey: Aes128Key): Aes128Key {
  return deriveKey(mcRootKey, new ByteWriter().uint8(0x00, "key type"));
}

/**
 * The session keys of a group.
 *
 * | 01 McAppSKey, 02 McNwkSKey | McAddr | zeros |
 * |             1              |   4    |  11   |  bytes, little-endian
 */
export function deriveMulticastSessionKeys(
  mcKey: Aes128Key,
  mcAddr: DevAddr,
): MulticastSessionKeys {
  const derive = (keyType: number) =>
    deriveKey(mcKey, new ByteWriter().uint8(keyType, "key type").devAddr(mcAddr));
  return { mcAppSKey: derive(0x01), mcNwkSKey: derive(0x02) };
}

/** McKey_encrypted, 16 bytes: AES *decrypt*, so that the device needs the encrypt operation only. */
export function wrapMcKey(mcKeKey: Aes128Key, mcKey: Aes128Key): Uint8Array {
  return aes128Decrypt(mcKeKey, exportAes128Key(mcKey));
}

/**
 * The inverse of `wrapMcKey`. Nothing in the 16 bytes shows whether they are right.
 *
 * @throws WarrenError `value-out-of-range`, `key-malformed` unless there are 16 bytes
 */
export function unwrapMcKey(mcKeKey: Aes128Key, mcKeyEncrypted: Uint8Array): Aes128Key {
  return importAes128Key(aes128Encrypt(mcKeKey, mcKeyEncrypted));
}

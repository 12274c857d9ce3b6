import type { Aes128Key } from "../../crypto/aes128.ts";
import { ByteWriter } from "../byte-writer.ts";
import type { DevAddr } from "../identifiers.ts";
import { deriveKey } from "./derive-key.ts";

/** The keys of the wake-on-radio exchange between an end-device and a relay. */
export interface RelaySessionKeys {
  readonly worSIntKey: Aes128Key;
  readonly worSEncKey: Aes128Key;
}

/**
 * RootWorSKey: 0x01 padded with zeros.
 *
 * @param nwkSEncKey NwkSEncKey of a 1.1 session, NwkSKey of a 1.0 session
 * @see TS011-1.0.0 §4.4
 */
export function deriveRootWorSKey(nwkSEncKey: Aes128Key): Aes128Key {
  return deriveKey(nwkSEncKey, new ByteWriter().uint8(0x01, "key type"));
}

/**
 * The keys of one relayed end-device.
 *
 * | 01 WorSIntKey, 02 WorSEncKey | DevAddr | zeros |
 * |              1               |    4    |  11   |  bytes, little-endian
 *
 * @see TS011-1.0.0 §4.5
 */
export function deriveRelaySessionKeys(rootWorSKey: Aes128Key, devAddr: DevAddr): RelaySessionKeys {
  const derive = (keyType: number) =>
    deriveKey(rootWorSKey, new ByteWriter().uint8(keyType, "key type").devAddr(devAddr));
  return { worSIntKey: derive(0x01), worSEncKey: derive(0x02) };
}

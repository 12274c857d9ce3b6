import type { Aes128Key } from "../../crypto/aes128.ts";
import { ByteWriter } from "../byte-writer.ts";
import type { Eui64 } from "../identifiers.ts";
import { deriveKey } from "./derive-key.ts";

/**
 * JSIntKey, for the MIC of a Rejoin-request type 1 and of every 1.1 Join-accept.
 *
 * | 06 | DevEUI | zeros |
 * | 1  |   8    |   7   |  bytes, little-endian
 *
 * @see LoRaWAN 1.1 §6.1.1.4
 */
export function deriveJsIntKey(nwkKey: Aes128Key, devEui: Eui64): Aes128Key {
  return deriveKey(nwkKey, new ByteWriter().uint8(0x06, "key type").eui64(devEui));
}

/**
 * JSEncKey, which encrypts a Join-accept that answers a Rejoin-request.
 *
 * | 05 | DevEUI | zeros |
 * | 1  |   8    |   7   |  bytes, little-endian
 *
 * @see LoRaWAN 1.1 §6.1.1.4
 */
export function deriveJsEncKey(nwkKey: Aes128Key, devEui: Eui64): Aes128Key {
  return deriveKey(nwkKey, new ByteWriter().uint8(0x05, "key type").eui64(devEui));
}

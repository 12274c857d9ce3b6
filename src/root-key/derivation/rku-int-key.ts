import { type Aes128Key, aes128Encrypt, importAes128Key } from "../../crypto/aes128.ts";
import { xorBytes } from "../../crypto/bytes/xor.ts";
import { ByteWriter } from "../../lorawan/byte-writer.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { RootKeys } from "../root-keys.ts";

/**
 * RKUIntKey, the key of the request's MIC: from both root keys, so that whoever holds only one of
 * them (a 1.1 operator may be given NwkKey) can start nothing.
 *
 * aes128_encrypt(NwkKey, 0x52 ‖ DevEUI ‖ pad16) XOR aes128_encrypt(AppKey, 0x53 ‖ DevEUI ‖ pad16)
 */
export function deriveRkuIntKey({ nwkKey, appKey }: RootKeys, devEui: Eui64): Aes128Key {
  const fromNwkKey = aes128Encrypt(nwkKey, derivationBlock(0x52, devEui));
  const fromAppKey = aes128Encrypt(appKey, derivationBlock(0x53, devEui));
  return importAes128Key(xorBytes(fromNwkKey, fromAppKey));
}

function derivationBlock(label: number, devEui: Eui64): Uint8Array {
  return new ByteWriter().uint8(label, "label").eui64(devEui).bytes(new Uint8Array(7)).toBytes();
}

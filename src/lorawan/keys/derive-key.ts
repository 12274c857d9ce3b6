import { type Aes128Key, aes128Encrypt, importAes128Key } from "../../crypto/aes128.ts";
import type { ByteWriter } from "../byte-writer.ts";

const BLOCK_LENGTH_BYTES = 16;

/**
 * The one key derivation of LoRaWAN: AES-encrypt one block, `fields` padded with zeros to 16 bytes (pad16).
 *
 * @param fields at most 16 bytes, the first of which separates the purposes
 */
export function deriveKey(key: Aes128Key, fields: ByteWriter): Aes128Key {
  const block = new Uint8Array(BLOCK_LENGTH_BYTES);
  block.set(fields.toBytes());
  return importAes128Key(aes128Encrypt(key, block));
}

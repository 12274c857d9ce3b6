import {
  type Aes128Key,
  aes128Encrypt,
  aes128EncryptEach,
  importAes128Key,
  importAes128KeyAt,
} from "../../crypto/aes128.ts";
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

/** A key to derive from, and the first octet of the block, which separates the purposes. */
export interface KeyPurpose {
  readonly key: Aes128Key;
  readonly keyType: number;
}

/**
 * Several keys whose blocks differ in the first octet alone, in about the time of one.
 *
 * @param purposes 1 to 8
 * @param fields what follows the first octet, at most 15 bytes
 */
export function deriveKeys(purposes: readonly KeyPurpose[], fields: Uint8Array): Aes128Key[] {
  const blocks = new Uint8Array(purposes.length * BLOCK_LENGTH_BYTES);
  for (const [index, { keyType }] of purposes.entries()) {
    blocks[index * BLOCK_LENGTH_BYTES] = keyType;
    blocks.set(fields, index * BLOCK_LENGTH_BYTES + 1);
  }
  const encrypted = aes128EncryptEach(
    purposes.map(({ key }) => key),
    blocks,
  );
  const keys = purposes.map((_, index) => importAes128KeyAt(encrypted, index * BLOCK_LENGTH_BYTES));
  encrypted.fill(0);
  return keys;
}

import { type Aes128Key, importAes128Key } from "../../src/crypto/aes128.ts";
import type { RandomBytes } from "../../src/crypto/random.ts";
import { parseEui64 } from "../../src/lorawan/identifiers.ts";
import type { UpdateSession } from "../../src/root-key/derivation/context.ts";
import type { RootKeys } from "../../src/root-key/root-keys.ts";

export const identity = {
  devEui: parseEui64("70b3d57ed0001234"),
  joinEui: parseEui64("70b3d57ed0000001"),
};

/** Sixteen equal bytes. */
export function key(byte: number): Aes128Key {
  return importAes128Key(new Uint8Array(16).fill(byte));
}

export function rootKeys(byte: number): RootKeys {
  return { nwkKey: key(byte), appKey: key(byte + 1) };
}

/** A session that differs from every session with another number. */
export function session(number: number): UpdateSession {
  return {
    joinNonce: number,
    fNwkSIntKey: key(4 * number),
    sNwkSIntKey: key(4 * number + 1),
    nwkSEncKey: key(4 * number + 2),
    appSKey: key(4 * number + 3),
  };
}

/** A random source that gives the bytes of a hex string, the same at every call. */
export function fixedRandom(hex: string): RandomBytes {
  return (lengthBytes) => {
    const bytes = new Uint8Array(Buffer.from(hex, "hex"));
    if (bytes.length !== lengthBytes) throw new Error(`${lengthBytes} bytes asked for`);
    return bytes;
  };
}

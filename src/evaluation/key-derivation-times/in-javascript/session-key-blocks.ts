/** JoinNonce, JoinEUI and DevNonce: 3, 8 and 2 octets. */
const NONCES_BYTES = 13;

/** Octet 0 of the blocks that FNwkSIntKey, SNwkSIntKey and NwkSEncKey come from. */
const NETWORK_KEY_TYPES = [0x01, 0x03, 0x04];
const APP_S_KEY_TYPE = 0x02;

/** The block that LoRaWAN 1.1 (§6.2.3) encrypts under NwkKey for FNwkSIntKey. */
export function fNwkSIntKeyBlock(context: Uint8Array): Uint8Array {
  return blocks(context, NETWORK_KEY_TYPES.slice(0, 1));
}

/** The three blocks that are encrypted under NwkKey. */
export function networkKeyBlocks(context: Uint8Array): Uint8Array {
  return blocks(context, NETWORK_KEY_TYPES);
}

/** The block that is encrypted under AppKey for AppSKey. */
export function appSKeyBlock(context: Uint8Array): Uint8Array {
  return blocks(context, [APP_S_KEY_TYPE]);
}

function blocks(context: Uint8Array, types: readonly number[]): Uint8Array {
  const octets = new Uint8Array(16 * types.length);
  for (const [index, type] of types.entries()) {
    octets[16 * index] = type;
    octets.set(context.subarray(0, NONCES_BYTES), 16 * index + 1);
  }
  return octets;
}

/** "RootKey" and the zero octet that ends a label in SP 800-108: sets this use of a key apart. */
export const ROOT_KEY_LABEL = Uint8Array.of(0x52, 0x6f, 0x6f, 0x74, 0x4b, 0x65, 0x79, 0x00);

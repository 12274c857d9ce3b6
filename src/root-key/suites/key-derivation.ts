/** Input of a suite, the paper's KDF(ka, kb, c). */
export interface KeyDerivationInput {
  /** The old NwkKey, the paper's ka: 16 bytes. */
  readonly nwkKey: Uint8Array;
  /** The old AppKey, the paper's kb: 16 bytes. */
  readonly appKey: Uint8Array;
  /** The context c: 96 bytes in an update; the suites take any length. */
  readonly context: Uint8Array;
  /** Z of a healing update: 32 bytes. */
  readonly sharedSecret?: Uint8Array | undefined;
}

/** Output of a suite. */
export interface DerivedKeyBytes {
  /** The key derivation key between extractor and expander (kkdk): 16 bytes, or none in HKDF. */
  readonly kdk: Uint8Array;
  /** The new NwkKey: 16 bytes. */
  readonly nwkKey: Uint8Array;
  /** The new AppKey: 16 bytes. */
  readonly appKey: Uint8Array;
}

export type KeyDerivation = (input: KeyDerivationInput) => DerivedKeyBytes;

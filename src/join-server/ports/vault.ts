/**
 * Seals what must not be read from a database: root keys, session keys, KEKs, secrets. AES-256-GCM under a
 * versioned data key, which is itself kept sealed under the master key of that version (a key file, or a
 * PKCS#11 token). The data keys are in memory, so sealing and opening ask nobody.
 */
export interface Vault {
  /** The version that new values are sealed under. */
  readonly sealingVersion: number;

  /**
   * @param context what the value is and whose, such as `device/root-keys/0102030405060708`: it opens only
   *   under the same context, so that a row copied over another is noticed
   */
  seal(plaintext: Uint8Array, context: string): Uint8Array;

  /**
   * @throws WarrenError `vault-key-unknown` when it was sealed under a version that is not loaded (refresh,
   *   then try again), `sealed-value-damaged` when it does not open
   */
  open(sealed: Uint8Array, context: string): Uint8Array;

  /** Loads versions that another process has made since. @throws WarrenError `vault-unavailable` */
  refresh(): Promise<void>;
}

const VERSION_BYTES = 4;

/** The version that a sealed value was sealed under; 0 for what is too short to be one. */
export function sealedVersion(sealed: Uint8Array): number {
  if (sealed.length < VERSION_BYTES) return 0;
  let version = 0;
  for (let index = 0; index < VERSION_BYTES; index++) {
    version = version * 256 + (sealed[index] as number);
  }
  return version;
}

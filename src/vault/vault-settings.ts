interface Movable {
  /** Where the master keys were before, until a rotation has brought all of them over. */
  readonly previous?: VaultSettings | undefined;
}

export interface KeyFileSettings extends Movable {
  readonly kind: "file";
  /** The master key file; made on the first start. */
  readonly path: string;
}

export interface Pkcs11Settings extends Movable {
  readonly kind: "pkcs11";
  /** The shared library of the token's maker. */
  readonly modulePath: string;
  readonly tokenLabel: string;
  /** File whose first line is the PIN of the user; "" where `pin` is given. */
  readonly pinFile: string;
  readonly pin?: string | undefined;
  /** Master keys are called this, a slash and their version. */
  readonly keyLabel: string;
}

/** Where master keys are kept. */
export type VaultSettings = KeyFileSettings | Pkcs11Settings;

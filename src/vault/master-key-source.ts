import type { VaultSettings } from "./vault-settings.ts";

/**
 * Where master keys are kept: a file, or a token that never lets them out. A master key wraps the data key
 * of the same version and nothing else, so it is asked at the start and at a rotation only.
 *
 * @throws WarrenError `vault-unavailable` from every method when the place cannot be read or written
 */
export interface MasterKeySource {
  readonly kind: VaultSettings["kind"];
  /** For people: `the key file /etc/warren/master-keys`, `token "warren"`. */
  readonly place: string;

  /** The versions there are, in ascending order. */
  listVersions(): Promise<number[]>;

  /** Makes the master key of a version, durably; false when there is one already. */
  createMasterKey(version: number): Promise<boolean>;

  /** @throws WarrenError `master-key-missing` */
  wrapDataKey(version: number, dataKey: Uint8Array): Promise<Uint8Array>;

  /**
   * @returns 32 bytes
   * @throws WarrenError `master-key-missing`, `master-key-wrong`
   */
  unwrapDataKey(version: number, wrapped: Uint8Array): Promise<Uint8Array>;

  /** Erases master keys; those that are gone already do not matter. */
  destroyMasterKeys(versions: readonly number[]): Promise<void>;
}

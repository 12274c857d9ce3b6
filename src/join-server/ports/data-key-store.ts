import type { AuditEvent } from "./audit-log.ts";

/** A data key as it lies in the database: sealed under the master key of the same version. */
export interface DataKeyRecord {
  /** 1 for the first; grows by 1 with every rotation. */
  readonly version: number;
  /** Which vault made it and can open it: `file` or `pkcs11`. */
  readonly vault: string;
  readonly wrappedKey: Uint8Array;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

/**
 * Where wrapped data keys lie, and what a rotation needs. Several processes may use one database: a
 * rotation raises the least version that a save may be sealed under, which the database itself enforces in
 * the transaction of each save, so no process can write a value under a key about to be destroyed.
 *
 * @throws WarrenError `storage-failed` from every method
 */
export interface DataKeyStore {
  /** By version, oldest first. */
  listDataKeys(): Promise<DataKeyRecord[]>;
  /** False when that version is there already: another process was faster. */
  insertDataKey(record: DataKeyRecord, audit?: AuditEvent): Promise<boolean>;
  /** 0 before the first rotation. */
  leastSealingVersion(): Promise<number>;
  /** From its return on, a save of values sealed under an older version fails and is made again. */
  raiseLeastSealingVersion(version: number, audit?: AuditEvent): Promise<void>;
  /** Erases the record of a version that nothing is sealed under any more. */
  deleteDataKey(version: number, audit?: AuditEvent): Promise<void>;
}

/** The sweep of a rotation. */
export interface Resealer {
  /** How many records hold a value sealed under a version older than `version`. */
  countSealedBefore(version: number): Promise<number>;
  /**
   * Seals at most `limit` of them anew, each record in a transaction that changes nothing else of it (a
   * join at the same time wins, and the record comes again).
   *
   * @returns how many were done; 0 when none is left
   */
  resealSome(version: number, limit: number): Promise<number>;
}

/** Secrets of the server itself, sealed, by name: the private key of imports, for one. */
export interface SecretStore {
  loadSecret(name: string): Promise<Uint8Array | undefined>;
  /** Keeps the first one saved; returns what is kept, so that two processes agree. */
  saveSecretOnce(name: string, value: Uint8Array): Promise<Uint8Array>;
}

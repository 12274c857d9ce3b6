import type { BackupRow } from "./backup-table.ts";

/** JoinNonce has 24 bits. */
const MAX_JOIN_NONCE = 0xffffff;

/** What is never used twice with a device, and so never goes back. */
const NONCES = ["join_nonce", "last_dev_nonce", "rj_count1", "last_update_id"];

/** What becomes of a device of a backup. */
export type MergedDevice =
  /** The row goes in, in the place of the one that is there, if any. */
  | { readonly kind: "added" | "replaced"; readonly device: BackupRow }
  /** The device in the database stays as it is, but for its nonces. */
  | { readonly kind: "kept"; readonly device: BackupRow | undefined }
  /** It was deleted from the database after the backup, and stays so. */
  | { readonly kind: "deleted"; readonly retired: BackupRow | undefined };

/** What a database knows of a DevEUI: a device, what is left of a deleted one, or nothing. */
export interface KnownDevice {
  readonly device: BackupRow | undefined;
  readonly retired: BackupRow | undefined;
}

/**
 * Decides about one device of a backup: the record with the higher version is the newer one, and no nonce
 * goes back. A row that is changed gets a version that nobody has a copy of.
 *
 * @param joinNonceMargin how many JoinNonces the device may have seen since the backup
 */
export function mergeDevice(
  backup: BackupRow,
  { device, retired }: KnownDevice,
  joinNonceMargin: number,
): MergedDevice {
  const joinNonce = numberIn(backup, "join_nonce");
  const raisedNonce = Math.min(MAX_JOIN_NONCE, joinNonce + joinNonceMargin);
  const restored = {
    ...backup,
    join_nonce: raisedNonce,
    // The margin is none of the device's doing, and rejoins are counted from here.
    initial_join_nonce: numberIn(backup, "initial_join_nonce") + raisedNonce - joinNonce,
  };
  if (device !== undefined) {
    if (numberIn(backup, "version") > numberIn(device, "version")) {
      return { kind: "replaced", device: withNonces(nextVersion(restored, device), device) };
    }
    return { kind: "kept", device: raised(device, backup) };
  }
  if (retired === undefined) return { kind: "added", device: restored };
  if (numberIn(retired, "version") >= numberIn(backup, "version")) {
    const row = withNonces(retired, backup);
    return { kind: "deleted", retired: hasSameNonces(row, retired) ? undefined : row };
  }
  return { kind: "added", device: withNonces(nextVersion(restored, retired), retired) };
}

/** A device with the nonces of another record where those are larger; undefined when none is. */
export function raised(device: BackupRow, other: BackupRow): BackupRow | undefined {
  const row = withNonces(device, other);
  return hasSameNonces(row, device) ? undefined : nextVersion(row, device);
}

/** `row` with the larger of both nonces. */
export function withNonces(row: BackupRow, other: BackupRow): BackupRow {
  return {
    ...row,
    join_nonce: Math.max(numberIn(row, "join_nonce"), numberIn(other, "join_nonce")),
    last_dev_nonce: larger(row["last_dev_nonce"], other["last_dev_nonce"]),
    rj_count1: larger(row["rj_count1"], other["rj_count1"]),
    last_update_id: Math.max(numberIn(row, "last_update_id"), numberIn(other, "last_update_id")),
  };
}

function hasSameNonces(a: BackupRow, b: BackupRow): boolean {
  return NONCES.every((name) => a[name] === b[name]);
}

function nextVersion(row: BackupRow, other: BackupRow): BackupRow {
  return { ...row, version: Math.max(numberIn(row, "version"), numberIn(other, "version")) + 1 };
}

function larger(a: BackupRow[string] | undefined, b: BackupRow[string] | undefined): number | null {
  const numbers = [a, b].filter((value) => typeof value === "number");
  return numbers.length === 0 ? null : Math.max(...numbers);
}

function numberIn(row: BackupRow, column: string): number {
  return Number(row[column]);
}

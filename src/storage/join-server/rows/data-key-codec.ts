import type { DataKeyRecord } from "../../../join-server/ports/data-key-store.ts";
import type { ColumnValue, StoredRow } from "./column.ts";

export const DATA_KEY_COLUMNS = ["version", "vault", "wrapped_key", "created_at"] as const;

/** The values of `DATA_KEY_COLUMNS`. */
export function encodeDataKey(record: DataKeyRecord): ColumnValue[] {
  return [record.version, record.vault, record.wrappedKey, record.createdAt];
}

export function decodeDataKey(row: StoredRow): DataKeyRecord {
  return {
    version: Number(row["version"]),
    vault: row["vault"] as string,
    wrappedKey: new Uint8Array(row["wrapped_key"] as Uint8Array),
    createdAt: Number(row["created_at"]),
  };
}

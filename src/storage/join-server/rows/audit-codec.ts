import type { AuditEntry, AuditEvent } from "../../../join-server/ports/audit-log.ts";
import type { ColumnValue, StoredRow } from "./column.ts";

export const AUDIT_COLUMNS = [
  "seq",
  "at",
  "actor",
  "action",
  "subject",
  "details",
  "previous_hash",
  "hash",
] as const;

/** The values of `AUDIT_COLUMNS`. */
export function encodeAuditEntry(entry: AuditEntry): ColumnValue[] {
  const { seq, at, actor, action, subject, details, previousHash, hash } = entry;
  return [seq, at, actor, action, subject, JSON.stringify(details), previousHash, hash];
}

export function decodeAuditEntry(row: StoredRow): AuditEntry {
  return {
    seq: Number(row["seq"]),
    at: Number(row["at"]),
    actor: row["actor"] as string,
    action: row["action"] as string,
    subject: row["subject"] as string,
    details: JSON.parse(row["details"] as string) as AuditEvent["details"],
    previousHash: row["previous_hash"] as string,
    hash: row["hash"] as string,
  };
}

import { chainEntry } from "../../../join-server/audit/audit-chain.ts";
import type {
  AuditEntry,
  AuditEvent,
  AuditLog,
  AuditPage,
  AuditPlace,
  AuditQuery,
} from "../../../join-server/ports/audit-log.ts";
import type { SqliteDatabase } from "../../sqlite-database.ts";
import { AUDIT_COLUMNS, decodeAuditEntry, encodeAuditEntry } from "../rows/audit-codec.ts";
import { auditSearch } from "../rows/searches/audit-search.ts";

const INSERT_ENTRY = `INSERT INTO audit_log (${AUDIT_COLUMNS.join(", ")})
  VALUES (${AUDIT_COLUMNS.map(() => "?").join(", ")})`;

/** The audit log as a table that refuses to be changed or erased. */
export class SqliteAuditLog implements AuditLog {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  /** Appends one event within the transaction of the change that it tells of. */
  record(event: AuditEvent | undefined): void {
    if (event === undefined) return;
    this.#database.run(INSERT_ENTRY, ...encodeAuditEntry(chainEntry(event, this.#last())));
  }

  appendAudit(events: readonly AuditEvent[]): Promise<void> {
    return Promise.try(() =>
      this.#database.transaction(() => {
        for (const event of events) this.record(event);
      }),
    );
  }

  readAudit(afterSeq: number, limit: number): Promise<AuditEntry[]> {
    return Promise.try(() =>
      this.#database
        .all("SELECT * FROM audit_log WHERE seq > ? ORDER BY seq LIMIT ?", afterSeq, limit)
        .map(decodeAuditEntry),
    );
  }

  findAudit(query: AuditQuery, place: AuditPlace): Promise<AuditPage> {
    return Promise.try(() => {
      const { where, order, limit, pageOf } = auditSearch(query, place, this.#last()?.seq ?? 0);
      const sql = `SELECT * FROM audit_log WHERE ${where.text} ORDER BY ${order} LIMIT ?`;
      return pageOf(this.#database.all(sql, ...where.values, limit));
    });
  }

  lastAudit(): Promise<AuditEntry | undefined> {
    return Promise.try(() => this.#last());
  }

  #last(): AuditEntry | undefined {
    const row = this.#database.get("SELECT * FROM audit_log ORDER BY seq DESC LIMIT 1");
    return row && decodeAuditEntry(row);
  }
}

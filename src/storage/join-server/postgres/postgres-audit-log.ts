import { chainEntry } from "../../../join-server/audit/audit-chain.ts";
import type {
  AuditEntry,
  AuditEvent,
  AuditLog,
  AuditPage,
  AuditPlace,
  AuditQuery,
} from "../../../join-server/ports/audit-log.ts";
import type { PostgresDatabase, PostgresStatements } from "../../postgres-database.ts";
import { AUDIT_COLUMNS, decodeAuditEntry, encodeAuditEntry } from "../rows/audit-codec.ts";
import { auditSearch } from "../rows/searches/audit-search.ts";
import { numbered } from "./statements/numbered.ts";

const COLUMNS = AUDIT_COLUMNS.join(", ");
const INSERT_ENTRY = `INSERT INTO audit_log (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`;
const SELECT_LAST = `SELECT ${COLUMNS} FROM audit_log ORDER BY seq DESC LIMIT 1`;
/** One row that all who append lock, so that they do it one after the other. */
const LOCK_LOG = "SELECT value FROM counters WHERE name = 'audit-log' FOR UPDATE";

/** The audit log as a table that refuses to be changed or erased. */
export class PostgresAuditLog implements AuditLog {
  readonly #database: PostgresDatabase;

  constructor(database: PostgresDatabase) {
    this.#database = database;
  }

  /**
   * Appends within the transaction of the change that the events tell of, as its last statements: others
   * wait from here to its end.
   */
  async record(
    statements: PostgresStatements,
    events: readonly (AuditEvent | undefined)[],
  ): Promise<void> {
    const given = events.filter((event) => event !== undefined);
    if (given.length === 0) return;
    await statements.get(LOCK_LOG);
    // A statement of its own: it sees what was appended while the one before waited.
    let last = await lastEntry(statements);
    for (const event of given) {
      last = chainEntry(event, last);
      await statements.run(INSERT_ENTRY, ...encodeAuditEntry(last));
    }
  }

  appendAudit(events: readonly AuditEvent[]): Promise<void> {
    return this.#database.transaction((statements) => this.record(statements, events));
  }

  async readAudit(afterSeq: number, limit: number): Promise<AuditEntry[]> {
    const rows = await this.#database.all(
      `SELECT ${COLUMNS} FROM audit_log WHERE seq > $1 ORDER BY seq LIMIT $2`,
      afterSeq,
      limit,
    );
    return rows.map(decodeAuditEntry);
  }

  async findAudit(query: AuditQuery, place: AuditPlace): Promise<AuditPage> {
    const head = await this.lastAudit();
    const { where, order, limit, pageOf } = auditSearch(query, place, head?.seq ?? 0);
    const { text, values } = numbered(where);
    const sql = `SELECT ${COLUMNS} FROM audit_log WHERE ${text} ORDER BY ${order} LIMIT ${limit}`;
    return pageOf(await this.#database.all(sql, ...values));
  }

  lastAudit(): Promise<AuditEntry | undefined> {
    return lastEntry(this.#database);
  }
}

async function lastEntry(statements: PostgresStatements): Promise<AuditEntry | undefined> {
  const row = await statements.get(SELECT_LAST);
  return row && decodeAuditEntry(row);
}

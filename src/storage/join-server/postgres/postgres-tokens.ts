import type { AuditEvent } from "../../../join-server/ports/audit-log.ts";
import type { ApiToken, TokenStore } from "../../../join-server/ports/token-store.ts";
import type { PostgresDatabase } from "../../postgres-database.ts";
import { decodeToken, encodeToken, TOKEN_COLUMNS } from "../rows/token-codec.ts";
import type { PostgresAuditLog } from "./postgres-audit-log.ts";

const COLUMNS = TOKEN_COLUMNS.join(", ");
const SAVE_TOKEN = `INSERT INTO api_tokens (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (id) DO UPDATE SET ${TOKEN_COLUMNS.map((name) => `${name} = excluded.${name}`).join(", ")}`;

export class PostgresTokens implements TokenStore {
  readonly #database: PostgresDatabase;
  readonly #audit: PostgresAuditLog;

  constructor(database: PostgresDatabase, audit: PostgresAuditLog) {
    this.#database = database;
    this.#audit = audit;
  }

  async findToken(hash: string): Promise<ApiToken | undefined> {
    const sql = `SELECT ${COLUMNS} FROM api_tokens WHERE hash = $1`;
    const row = await this.#database.get(sql, hash);
    return row && decodeToken(row);
  }

  async listTokens(): Promise<ApiToken[]> {
    const sql = `SELECT ${COLUMNS} FROM api_tokens ORDER BY created_at, id`;
    return (await this.#database.all(sql)).map(decodeToken);
  }

  saveToken(token: ApiToken, audit?: AuditEvent): Promise<void> {
    return this.#database.transaction(async (statements) => {
      await statements.run(SAVE_TOKEN, ...encodeToken(token));
      await this.#audit.record(statements, [audit]);
    });
  }

  deleteToken(id: string, audit?: AuditEvent): Promise<boolean> {
    return this.#database.transaction(async (statements) => {
      const isDeleted = (await statements.run("DELETE FROM api_tokens WHERE id = $1", id)) === 1;
      if (isDeleted) await this.#audit.record(statements, [audit]);
      return isDeleted;
    });
  }
}

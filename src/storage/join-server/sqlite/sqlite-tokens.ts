import type { AuditEvent } from "../../../join-server/ports/audit-log.ts";
import type { ApiToken, TokenStore } from "../../../join-server/ports/token-store.ts";
import type { SqliteDatabase } from "../../sqlite-database.ts";
import { decodeToken, encodeToken, TOKEN_COLUMNS } from "../rows/token-codec.ts";
import type { SqliteAuditLog } from "./sqlite-audit-log.ts";

const SAVE_TOKEN = `INSERT INTO api_tokens (${TOKEN_COLUMNS.join(", ")})
  VALUES (${TOKEN_COLUMNS.map(() => "?").join(", ")})
  ON CONFLICT (id) DO UPDATE SET ${TOKEN_COLUMNS.map((name) => `${name} = excluded.${name}`).join(", ")}`;

export class SqliteTokens implements TokenStore {
  readonly #database: SqliteDatabase;
  readonly #audit: SqliteAuditLog;

  constructor(database: SqliteDatabase, audit: SqliteAuditLog) {
    this.#database = database;
    this.#audit = audit;
  }

  findToken(hash: string): Promise<ApiToken | undefined> {
    return Promise.try(() => {
      const row = this.#database.get("SELECT * FROM api_tokens WHERE hash = ?", hash);
      return row && decodeToken(row);
    });
  }

  listTokens(): Promise<ApiToken[]> {
    return Promise.try(() =>
      this.#database.all("SELECT * FROM api_tokens ORDER BY created_at, id").map(decodeToken),
    );
  }

  saveToken(token: ApiToken, audit?: AuditEvent): Promise<void> {
    return Promise.try(() =>
      this.#database.transaction(() => {
        this.#database.run(SAVE_TOKEN, ...encodeToken(token));
        this.#audit.record(audit);
      }),
    );
  }

  deleteToken(id: string, audit?: AuditEvent): Promise<boolean> {
    return Promise.try(() =>
      this.#database.transaction(() => {
        const isDeleted = this.#database.run("DELETE FROM api_tokens WHERE id = ?", id) === 1;
        if (isDeleted) this.#audit.record(audit);
        return isDeleted;
      }),
    );
  }
}

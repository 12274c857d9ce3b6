import type { NewEvent, StoredEvent } from "../../application-server/events.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { Row, SqliteDatabase } from "../sqlite-database.ts";

/** The latest events, for streams that come back. */
export class EventRows {
  readonly #database: SqliteDatabase;
  readonly #kept: number;

  /** @param kept how many events of all devices together are kept */
  constructor(database: SqliteDatabase, kept: number) {
    this.#database = database;
    this.#kept = kept;
  }

  add({ type, devEui, data }: NewEvent): void {
    this.#database.run(
      "INSERT INTO events (type, dev_eui, data) VALUES (?, ?, ?)",
      type,
      devEui,
      JSON.stringify(data),
    );
    this.#database.run("DELETE FROM events WHERE id <= ?", this.lastId() - this.#kept);
  }

  after(id: number, limit: number, devEui?: Eui64): StoredEvent[] {
    const rows =
      devEui === undefined
        ? this.#database.all("SELECT * FROM events WHERE id > ? ORDER BY id LIMIT ?", id, limit)
        : this.#database.all(
            "SELECT * FROM events WHERE dev_eui = ? AND id > ? ORDER BY id LIMIT ?",
            devEui,
            id,
            limit,
          );
    return rows.map(readEvent);
  }

  lastId(): number {
    const row = this.#database.get("SELECT seq FROM sqlite_sequence WHERE name = 'events'");
    return (row?.["seq"] as number | undefined) ?? 0;
  }
}

function readEvent(row: Row): StoredEvent {
  return {
    id: row["id"] as number,
    type: row["type"] as StoredEvent["type"],
    devEui: row["dev_eui"] as StoredEvent["devEui"],
    data: JSON.parse(row["data"] as string),
  };
}

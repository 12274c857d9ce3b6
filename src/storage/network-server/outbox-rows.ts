import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { OutboxMessage } from "../../network-server/session/device.ts";
import { LONGEST_RETRY_MS, type StoredMessage } from "../../network-server/store.ts";
import type { SqliteDatabase } from "../sqlite-database.ts";

/** Messages kept for one device; beyond, the oldest go. */
const MAX_MESSAGES_PER_DEVICE = 1_000;

/** Adds a message at the end of its device's line. */
export function appendMessage(database: SqliteDatabase, message: OutboxMessage): void {
  database.run(
    "INSERT INTO outbox (dev_eui, as_id, path, body) VALUES (?, ?, ?, ?)",
    message.devEui,
    message.asId,
    message.path,
    JSON.stringify(message.body),
  );
  database.run(
    `DELETE FROM outbox WHERE dev_eui = ?1 AND id <=
       (SELECT id FROM outbox WHERE dev_eui = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)`,
    message.devEui,
    MAX_MESSAGES_PER_DEVICE,
  );
}

/** Whether any message of the device waits. */
export function hasMessages(database: SqliteDatabase, devEui: Eui64): boolean {
  return database.get("SELECT 1 FROM outbox WHERE dev_eui = ? LIMIT 1", devEui) !== undefined;
}

/** The first message of each device, where it is due: the others wait behind it. */
export function findDueMessages(
  database: SqliteDatabase,
  now: number,
  count: number,
): readonly StoredMessage[] {
  return database
    .all(
      // From the oldest on, as far as needed: there may be many.
      `SELECT * FROM outbox WHERE (due_at <= ?1 OR due_at > ?2) AND NOT EXISTS
         (SELECT 1 FROM outbox AS before WHERE before.dev_eui = outbox.dev_eui AND before.id < outbox.id)
       ORDER BY id LIMIT ?3`,
      now,
      now + LONGEST_RETRY_MS,
      count,
    )
    .map((row) => ({
      id: row["id"] as number,
      devEui: row["dev_eui"] as Eui64,
      asId: row["as_id"] as string,
      path: row["path"] as string,
      body: JSON.parse(row["body"] as string) as Record<string, unknown>,
      attempts: row["attempts"] as number,
    }));
}

/** Epoch ms at which the next of the first messages is due. */
export function findNextDueAt(database: SqliteDatabase): number | undefined {
  const row = database.get(
    "SELECT min(due_at) AS due FROM outbox WHERE id IN (SELECT min(id) FROM outbox GROUP BY dev_eui)",
  );
  return (row?.["due"] ?? undefined) as number | undefined;
}

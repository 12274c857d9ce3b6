import type { Eui64 } from "../../lorawan/identifiers.ts";
import { formatMessages, parseMessages } from "../../network-server/outbox/message-text.ts";
import type { OutboxMessage } from "../../network-server/session/device.ts";
import type { MessageBatch } from "../../network-server/store.ts";
import type { SqliteDatabase } from "../sqlite-database.ts";
import { appendMessage, hasMessages } from "./outbox-rows.ts";

/** Messages of one transaction that go into one row are at least so many: a few are told one by one. */
const MIN_MESSAGES = 8;
/** Of one batch. */
const MAX_MESSAGES = 250;

/** Where the messages of one transaction go. */
interface Plan {
  /** Behind others of their device that wait for themselves. */
  readonly single: readonly OutboxMessage[];
  readonly batches: readonly MessageBatch[];
}

/**
 * Messages of many devices that are stored, delivered and deleted together, as one row. Those that could not be
 * delivered are moved to rows of their own (`outbox-rows.ts`), which are repeated for each device by itself.
 * So of one device those in rows are older than those in batches.
 */
export class OutboxBatches {
  readonly #database: SqliteDatabase;
  /** By AS-ID, oldest first. */
  readonly #waiting = new Map<string, MessageBatch[]>();
  /** How many messages of a device are in batches. */
  readonly #countByDevice = new Map<Eui64, number>();
  #settled: number[] = [];
  #lastId: number;
  /** False: no message has a row of its own. */
  #areRows = true;

  /** Moves what the last process has left into rows: nobody knows whether it was delivered. */
  constructor(database: SqliteDatabase) {
    this.#database = database;
    const left = database.all("SELECT as_id, messages FROM outbox_batch ORDER BY id");
    if (left.length > 0) {
      database.transaction(() => {
        for (const row of left) {
          for (const message of parseMessages(row["messages"] as string, row["as_id"] as string)) {
            appendMessage(database, message);
          }
        }
        database.run("DELETE FROM outbox_batch");
      });
    }
    this.#lastId = Number(
      database.get("SELECT seq FROM sqlite_sequence WHERE name = 'outbox_batch'")?.["seq"] ?? 0,
    );
    this.lookForRows();
  }

  /**
   * Stores messages; in a transaction.
   *
   * @param isGroup they are of many devices
   * @returns what to call once it is committed
   */
  store(messages: readonly OutboxMessage[], isGroup: boolean): () => void {
    if (messages.length === 0) return () => undefined;
    const { single, batches } = this.#plan(messages, isGroup && messages.length >= MIN_MESSAGES);
    for (const message of single) this.#append(message);
    for (const { id, asId, text } of batches) {
      this.#database.run(
        "INSERT INTO outbox_batch (id, as_id, messages) VALUES (?, ?, ?)",
        id,
        asId,
        text,
      );
    }
    return () => {
      for (const batch of batches) this.#keep(batch);
    };
  }

  /** The AS-IDs that anything waits for. */
  get asIds(): readonly string[] {
    return [...this.#waiting.keys()];
  }

  /** How many batches wait for an Application Server. */
  countOf(asId: string): number {
    return this.#waiting.get(asId)?.length ?? 0;
  }

  /** The oldest batches for an Application Server, as many as have at most `count` messages, or one. */
  first(asId: string, count: number): readonly MessageBatch[] {
    const first: MessageBatch[] = [];
    let messages = 0;
    for (const batch of this.#waiting.get(asId) ?? []) {
      messages += batch.messages.length;
      if (first.length > 0 && messages > count) break;
      first.push(batch);
    }
    return first;
  }

  /** Of a batch, those messages that older ones of their device have to go before. */
  heldBack({ messages }: MessageBatch): readonly OutboxMessage[] {
    return messages.filter(({ devEui }) => this.#hasRows(devEui));
  }

  /** A batch has been dealt with but for these messages, which get rows of their own. */
  settle(batch: MessageBatch, left: readonly OutboxMessage[]): void {
    if (left.length > 0) {
      this.#database.transaction(() => {
        for (const message of left) this.#append(message);
        this.#database.run("DELETE FROM outbox_batch WHERE id = ?", batch.id);
      });
    } else {
      this.#settled.push(batch.id);
    }
    const { asId } = batch;
    const others = (this.#waiting.get(asId) ?? []).filter(({ id }) => id !== batch.id);
    if (others.length === 0) this.#waiting.delete(asId);
    else this.#waiting.set(asId, others);
    for (const { devEui } of batch.messages) this.#count(devEui, -1);
  }

  get hasSettled(): boolean {
    return this.#settled.length > 0;
  }

  /** Deletes what was delivered; in a transaction. @returns what to call once it is committed */
  deleteSettled(): () => void {
    const settled = this.#settled;
    for (const id of settled) this.#database.run("DELETE FROM outbox_batch WHERE id = ?", id);
    return () => {
      this.#settled = this.#settled.slice(settled.length);
    };
  }

  /** Rows have been deleted: looks whether any are left. */
  lookForRows(): void {
    this.#areRows = this.#database.get("SELECT 1 FROM outbox LIMIT 1") !== undefined;
  }

  #hasRows(devEui: Eui64): boolean {
    return this.#areRows && hasMessages(this.#database, devEui);
  }

  #append(message: OutboxMessage): void {
    appendMessage(this.#database, message);
    this.#areRows = true;
  }

  #plan(messages: readonly OutboxMessage[], isMany: boolean): Plan {
    const single: OutboxMessage[] = [];
    const byAsId = new Map<string, OutboxMessage[]>();
    for (const message of messages) {
      const isBehind = this.#countByDevice.has(message.devEui);
      if (!isBehind && (!isMany || this.#hasRows(message.devEui))) {
        single.push(message);
      } else {
        const others = byAsId.get(message.asId);
        if (others === undefined) byAsId.set(message.asId, [message]);
        else others.push(message);
      }
    }
    let id = this.#lastId;
    const batches: MessageBatch[] = [];
    for (const [asId, all] of byAsId) {
      for (let from = 0; from < all.length; from += MAX_MESSAGES) {
        const some = all.slice(from, from + MAX_MESSAGES);
        batches.push({ id: ++id, asId, messages: some, text: formatMessages(some) });
      }
    }
    return { single, batches };
  }

  #keep(batch: MessageBatch): void {
    this.#lastId = Math.max(this.#lastId, batch.id);
    const others = this.#waiting.get(batch.asId);
    if (others === undefined) this.#waiting.set(batch.asId, [batch]);
    else others.push(batch);
    for (const { devEui } of batch.messages) this.#count(devEui, 1);
  }

  #count(devEui: Eui64, change: 1 | -1): void {
    const count = (this.#countByDevice.get(devEui) ?? 0) + change;
    if (count === 0) this.#countByDevice.delete(devEui);
    else this.#countByDevice.set(devEui, count);
  }
}

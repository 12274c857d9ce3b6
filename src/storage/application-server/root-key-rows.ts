import type { PendingCommand } from "../../application-server/root-keys/pending-command.ts";
import type {
  RootKeyCommand,
  RootKeyStore,
  RootKeyUsage,
  StoredRootKeyCommand,
} from "../../application-server/root-keys/root-key-store.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { Row, SqliteDatabase } from "../sqlite-database.ts";

/** How many commands of a device wait for the Join Server; a message in fragments is five. */
const COMMANDS_KEPT = 16;

/** What is under way of root key updates on an application port. */
export class RootKeyRows implements RootKeyStore {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  addCommand({ devEui, joinEui, macCommand, gatewayId }: RootKeyCommand): void {
    this.#database.run(
      `INSERT INTO root_key_commands (dev_eui, join_eui, mac_command, gateway_id)
       VALUES (?, ?, ?, ?)`,
      devEui,
      joinEui,
      macCommand,
      gatewayId ?? null,
    );
    this.#database.run(
      `DELETE FROM root_key_commands WHERE dev_eui = ?1 AND id <=
         (SELECT id FROM root_key_commands WHERE dev_eui = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)`,
      devEui,
      COMMANDS_KEPT,
    );
  }

  nextCommand(devEui: Eui64): StoredRootKeyCommand | undefined {
    const row = this.#database.get(
      "SELECT * FROM root_key_commands WHERE dev_eui = ? ORDER BY id LIMIT 1",
      devEui,
    );
    return row === undefined ? undefined : readCommand(row);
  }

  removeCommand(id: number): void {
    this.#database.run("DELETE FROM root_key_commands WHERE id = ?", id);
  }

  devicesWithCommands(): Eui64[] {
    return this.#database
      .all("SELECT DISTINCT dev_eui FROM root_key_commands")
      .map((row) => row["dev_eui"] as Eui64);
  }

  pending(devEui: Eui64): PendingCommand | undefined {
    const row = this.#database.get("SELECT * FROM root_key_pending WHERE dev_eui = ?", devEui);
    return row === undefined ? undefined : readPending(row);
  }

  savePending(pending: PendingCommand): void {
    this.#database.run(
      `INSERT OR REPLACE INTO root_key_pending
         (dev_eui, mac_command, is_answer, update_id, rounds_left, is_split, next_fragment, downlink_id)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      pending.devEui,
      pending.octets,
      pending.isAnswer ? 1 : 0,
      pending.updateId,
      pending.repeatsLeft,
      pending.isSplit ? 1 : 0,
      pending.nextFragment,
      pending.downlinkId ?? null,
    );
  }

  removePending(devEui: Eui64): void {
    this.#database.run("DELETE FROM root_key_pending WHERE dev_eui = ?", devEui);
  }

  usage(devEui: Eui64): RootKeyUsage | undefined {
    const row = this.#database.get("SELECT * FROM root_key_usage WHERE dev_eui = ?", devEui);
    return row === undefined ? undefined : readUsage(row);
  }

  saveUsage(usage: RootKeyUsage): void {
    this.#database.run(
      `INSERT OR REPLACE INTO root_key_usage
         (dev_eui, join_eui, frames, is_confirmed, ask_not_before_ms) VALUES (?, ?, ?, ?, ?)`,
      usage.devEui,
      usage.joinEui,
      usage.frames,
      usage.isConfirmed ? 1 : 0,
      usage.askNotBeforeMs,
    );
  }
}

function readCommand(row: Row): StoredRootKeyCommand {
  return {
    id: row["id"] as number,
    devEui: row["dev_eui"] as Eui64,
    joinEui: row["join_eui"] as Eui64,
    macCommand: new Uint8Array(row["mac_command"] as Uint8Array),
    gatewayId: (row["gateway_id"] as Eui64 | null) ?? undefined,
  };
}

function readPending(row: Row): PendingCommand {
  return {
    devEui: row["dev_eui"] as Eui64,
    octets: new Uint8Array(row["mac_command"] as Uint8Array),
    isAnswer: row["is_answer"] === 1,
    updateId: row["update_id"] as number,
    repeatsLeft: row["rounds_left"] as number,
    isSplit: row["is_split"] === 1,
    nextFragment: row["next_fragment"] as number,
    downlinkId: (row["downlink_id"] as string | null) ?? undefined,
  };
}

function readUsage(row: Row): RootKeyUsage {
  return {
    devEui: row["dev_eui"] as Eui64,
    joinEui: row["join_eui"] as Eui64,
    frames: row["frames"] as number,
    isConfirmed: row["is_confirmed"] === 1,
    askNotBeforeMs: row["ask_not_before_ms"] as number,
  };
}

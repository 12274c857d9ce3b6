import { WarrenError } from "../../errors.ts";
import type { DevAddr, Eui64 } from "../../lorawan/identifiers.ts";
import type { Device, DeviceChange } from "../../network-server/session/device.ts";
import type {
  NetworkServerStore,
  RootKeyLimits,
  SessionLimits,
  StoredMessage,
} from "../../network-server/store.ts";
import { type Row, SqliteDatabase } from "../sqlite-database.ts";
import { loadDevice, saveDevice } from "./device-rows.ts";
import { appendMessage, findDueMessages, findNextDueAt } from "./outbox-rows.ts";
import { NETWORK_SERVER_MIGRATIONS } from "./schema.ts";

/** Neither ABP nor asked for lately, with no command on its way down. ?1 is now, ?2 to ?4 the limits. */
const ASKABLE = `SELECT device.dev_eui FROM device JOIN session USING (dev_eui)
  WHERE slot = 'current' AND abp_dev_addr IS NULL AND ask_not_before <= ?1
    AND (root_key_command IS NULL OR root_key_repeats_left = 0)`;
const FIRST_ASKED_FIRST = "ORDER BY ask_not_before LIMIT ?5";
/** Looks at every device. */
const ROOT_KEYS_DUE = `${ASKABLE}
  AND (?2 > 0 AND root_keys_since <= ?1 - ?2 OR ?3 > 0 AND root_keys_frames >= ?3
    OR ?4 > 0 AND root_keys_sessions >= ?4 OR root_keys_frames >= root_key_max_frames)
  ${FIRST_ASKED_FIRST}`;
/** Where this server has no limits of its own an index has those that are due. */
const ROOT_KEYS_DUE_BY_JOIN_SERVER = `${ASKABLE}
  AND root_keys_frames >= root_key_max_frames AND ?2 + ?3 + ?4 = 0
  ${FIRST_ASKED_FIRST}`;

/** The Network Server's state in one SQLite file. It holds network session keys in clear, no others. */
export class SqliteNetworkServerStore implements NetworkServerStore {
  readonly #database: SqliteDatabase;

  /** @param path a file, or `:memory:` for tests */
  constructor(path: string) {
    this.#database = new SqliteDatabase(path, NETWORK_SERVER_MIGRATIONS);
  }

  close(): void {
    this.#database.close();
  }

  findDevice(devEui: Eui64): Device | undefined {
    return loadDevice(this.#database, devEui);
  }

  listDevices(after = "", count = -1): readonly Device[] {
    return this.#devices(
      this.#database.all(
        "SELECT dev_eui FROM device WHERE dev_eui > ? ORDER BY dev_eui LIMIT ?",
        after,
        count,
      ),
    );
  }

  findDevicesByDevAddr(devAddr: DevAddr): readonly Device[] {
    return this.#devices(
      this.#database.all("SELECT DISTINCT dev_eui FROM session WHERE dev_addr = ?", devAddr),
    );
  }

  saveDevices(devices: readonly Device[]): void {
    this.#database.transaction(() => {
      for (const device of devices) {
        saveDevice(this.#database, device, loadDevice(this.#database, device.devEui));
      }
    });
  }

  changeDevice<Change extends DeviceChange>(
    devEui: Eui64,
    step: (device: Device) => Change,
  ): Change {
    return this.#database.transaction(() => {
      const before = loadDevice(this.#database, devEui);
      if (before === undefined) throw new WarrenError("device-unknown", `no device ${devEui} here`);
      const change = step(before);
      saveDevice(this.#database, change.device, before);
      for (const message of change.messages) appendMessage(this.#database, message);
      return change;
    });
  }

  findRootKeyUpdatesDue(limits: RootKeyLimits, now: number, count: number): readonly Device[] {
    const { afterMs, afterFrames, afterSessions } = limits;
    const hasLimits = afterMs > 0 || afterFrames > 0 || afterSessions > 0;
    return this.#devices(
      this.#database.all(
        hasLimits ? ROOT_KEYS_DUE : ROOT_KEYS_DUE_BY_JOIN_SERVER,
        now,
        limits.afterMs,
        limits.afterFrames,
        limits.afterSessions,
        count,
      ),
    );
  }

  findSessionUpdatesDue(limits: SessionLimits, now: number, count: number): readonly Device[] {
    if (limits.afterMs === 0 && limits.afterFrames === 0) return [];
    return this.#devices(
      this.#database.all(
        `SELECT device.dev_eui FROM device JOIN session USING (dev_eui)
         WHERE slot = 'current' AND abp_dev_addr IS NULL AND version = '1.1'
           AND coalesce(session_update_asked_at, 0) <= ?1 - ?4
           AND (?2 > 0 AND created_at <= ?1 - ?2 OR ?3 > 0 AND frame_count >= ?3)
         ORDER BY session_update_asked_at LIMIT ?5`,
        now,
        limits.afterMs,
        limits.afterFrames,
        limits.retryMs,
        count,
      ),
    );
  }

  findInterruptedDownlinks(): readonly Device[] {
    return this.#devices(
      this.#database.all("SELECT DISTINCT dev_eui FROM downlink WHERE is_sending = 1"),
    );
  }

  dueMessages(now: number, count: number): readonly StoredMessage[] {
    return findDueMessages(this.#database, now, count);
  }

  nextMessageDueAt(): number | undefined {
    return findNextDueAt(this.#database);
  }

  deleteMessages(ids: readonly number[]): void {
    this.#database.transaction(() => {
      for (const id of ids) this.#database.run("DELETE FROM outbox WHERE id = ?", id);
    });
  }

  postponeMessage(id: number, dueAt: number): void {
    this.#database.run(
      "UPDATE outbox SET attempts = attempts + 1, due_at = ? WHERE id = ?",
      dueAt,
      id,
    );
  }

  #devices(rows: readonly Row[]): readonly Device[] {
    return rows.flatMap((row) => loadDevice(this.#database, row["dev_eui"] as Eui64) ?? []);
  }
}

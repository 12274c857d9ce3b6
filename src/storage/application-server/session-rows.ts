import type { ReplacedSession, Session } from "../../application-server/session.ts";
import { exportAes128Key, importAes128Key } from "../../crypto/aes128.ts";
import { keyFingerprint } from "../../crypto/key-fingerprint.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { Row, SqliteDatabase } from "../sqlite-database.ts";

/** How many replaced sessions of a device are remembered, without their keys. */
const REPLACED_SESSIONS_KEPT = 8;

/** The current session of each device, and what is left of the ones before. */
export class SessionRows {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  current(devEui: Eui64): Session | undefined {
    const row = this.#database.get("SELECT * FROM sessions WHERE dev_eui = ?", devEui);
    return row === undefined ? undefined : readSession(row);
  }

  replaced(devEui: Eui64): ReplacedSession[] {
    return this.#database
      .all("SELECT * FROM replaced_sessions WHERE dev_eui = ? ORDER BY id DESC", devEui)
      .map((row) => ({
        sessionKeyId: row["session_key_id"] as string,
        appSKeyFingerprint: row["app_s_key_fingerprint"] as string,
        nextFCntDown: row["next_f_cnt_down"] as number,
      }));
  }

  start(session: Session): void {
    const before = this.current(session.devEui);
    if (before !== undefined) this.#keepReplaced(before);
    this.#database.run(
      `INSERT OR REPLACE INTO sessions
         (dev_eui, session_key_id, dev_addr, mac_version, app_s_key, source, next_f_cnt_down, started_at_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      session.devEui,
      session.sessionKeyId,
      session.devAddr,
      session.macVersion,
      exportAes128Key(session.appSKey),
      session.source,
      session.nextFCntDown,
      session.startedAtMs,
    );
  }

  saveFCntDown(session: Session): void {
    this.#database.run(
      "UPDATE sessions SET next_f_cnt_down = ? WHERE dev_eui = ? AND session_key_id = ?",
      session.nextFCntDown,
      session.devEui,
      session.sessionKeyId,
    );
  }

  #keepReplaced(session: Session): void {
    this.#database.run(
      `INSERT INTO replaced_sessions (dev_eui, session_key_id, app_s_key_fingerprint, next_f_cnt_down)
       VALUES (?, ?, ?, ?)`,
      session.devEui,
      session.sessionKeyId,
      keyFingerprint(session.appSKey),
      session.nextFCntDown,
    );
    this.#database.run(
      `DELETE FROM replaced_sessions WHERE dev_eui = ?1 AND id <=
         (SELECT id FROM replaced_sessions WHERE dev_eui = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)`,
      session.devEui,
      REPLACED_SESSIONS_KEPT,
    );
  }
}

function readSession(row: Row): Session {
  return {
    devEui: row["dev_eui"] as Session["devEui"],
    sessionKeyId: row["session_key_id"] as string,
    devAddr: row["dev_addr"] as Session["devAddr"],
    macVersion: row["mac_version"] as Session["macVersion"],
    appSKey: importAes128Key(row["app_s_key"] as Uint8Array),
    source: row["source"] as Session["source"],
    nextFCntDown: row["next_f_cnt_down"] as number,
    startedAtMs: row["started_at_ms"] as number,
  };
}

import type {
  UndecryptableReason,
  UplinkRecord,
} from "../../application-server/uplinks/uplink-record.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { Row, SqliteDatabase } from "../sqlite-database.ts";

/** How many uplinks of a device are kept, in all sessions together. */
const UPLINKS_KEPT = 20;
/** For how many sessions of a device it is remembered how far uplinks were forgotten. */
const SESSIONS_REMEMBERED = 8;

/** The latest uplinks of each device; which ones were there before is remembered by counter alone. */
export class UplinkRows {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  isSeen({ devEui, sessionKeyId, fCntUp }: Seen): boolean {
    const row = this.#database.get(
      `SELECT EXISTS (SELECT 1 FROM uplinks
                      WHERE dev_eui = ?1 AND session_key_id = ?2 AND f_cnt_up = ?3)
           OR EXISTS (SELECT 1 FROM forgotten_uplinks
                      WHERE dev_eui = ?1 AND session_key_id = ?2 AND f_cnt_up >= ?3) AS seen`,
      devEui,
      sessionKeyId,
      fCntUp,
    );
    return row?.["seen"] === 1;
  }

  add(record: UplinkRecord): void {
    const { outcome } = record;
    this.#database.run(
      `INSERT INTO uplinks (dev_eui, dev_addr, session_key_id, f_port, f_cnt_up, is_confirmed,
                            payload, undecryptable, reception, is_root_key_message)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      record.devEui,
      record.devAddr,
      record.sessionKeyId,
      record.fPort,
      record.fCntUp,
      record.isConfirmed ? 1 : 0,
      "payload" in outcome ? outcome.payload : null,
      "undecryptable" in outcome ? outcome.undecryptable : null,
      JSON.stringify(record.reception),
      record.isRootKeyMessage ? 1 : 0,
    );
    this.#forgetOldest(record.devEui);
  }

  latest(devEui: Eui64): UplinkRecord[] {
    return this.#database
      .all("SELECT * FROM uplinks WHERE dev_eui = ? ORDER BY id DESC", devEui)
      .map(readUplink);
  }

  forget(devEui: Eui64, sessionKeyId: string): void {
    for (const table of ["uplinks", "forgotten_uplinks"]) {
      this.#database.run(
        `DELETE FROM ${table} WHERE dev_eui = ? AND session_key_id = ?`,
        devEui,
        sessionKeyId,
      );
    }
  }

  #forgetOldest(devEui: Eui64): void {
    const oldest = this.#database.get(
      "SELECT id FROM uplinks WHERE dev_eui = ? ORDER BY id DESC LIMIT 1 OFFSET ?",
      devEui,
      UPLINKS_KEPT,
    );
    if (oldest === undefined) return;
    const id = oldest["id"] as number;
    this.#database.run(
      `INSERT INTO forgotten_uplinks (dev_eui, session_key_id, f_cnt_up, last_uplink_id)
         SELECT dev_eui, session_key_id, max(f_cnt_up), max(id) FROM uplinks
         WHERE dev_eui = ?1 AND id <= ?2 GROUP BY session_key_id
       ON CONFLICT DO UPDATE SET f_cnt_up = max(f_cnt_up, excluded.f_cnt_up),
                                 last_uplink_id = excluded.last_uplink_id`,
      devEui,
      id,
    );
    this.#database.run("DELETE FROM uplinks WHERE dev_eui = ? AND id <= ?", devEui, id);
    this.#database.run(
      `DELETE FROM forgotten_uplinks WHERE dev_eui = ?1 AND last_uplink_id <=
         (SELECT last_uplink_id FROM forgotten_uplinks WHERE dev_eui = ?1
          ORDER BY last_uplink_id DESC LIMIT 1 OFFSET ?2)`,
      devEui,
      SESSIONS_REMEMBERED,
    );
  }
}

type Seen = Pick<UplinkRecord, "devEui" | "sessionKeyId" | "fCntUp">;

function readUplink(row: Row): UplinkRecord {
  const payload = row["payload"] as Uint8Array | null;
  return {
    devEui: row["dev_eui"] as UplinkRecord["devEui"],
    devAddr: row["dev_addr"] as UplinkRecord["devAddr"],
    sessionKeyId: row["session_key_id"] as string,
    fPort: row["f_port"] as number,
    fCntUp: row["f_cnt_up"] as number,
    isConfirmed: row["is_confirmed"] === 1,
    outcome:
      payload === null
        ? { undecryptable: row["undecryptable"] as UndecryptableReason }
        : { payload: new Uint8Array(payload) },
    reception: JSON.parse(row["reception"] as string),
    isRootKeyMessage: row["is_root_key_message"] === 1,
  };
}

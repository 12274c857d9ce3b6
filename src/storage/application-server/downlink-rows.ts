import type { Downlink } from "../../application-server/downlinks/downlink.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { Row, SqliteDatabase } from "../sqlite-database.ts";

/** How many downlinks of a device are kept. */
const DOWNLINKS_KEPT = 50;

/** The latest downlinks of each device. */
export class DownlinkRows {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  get(downlinkId: string): Downlink | undefined {
    const row = this.#database.get("SELECT * FROM downlinks WHERE downlink_id = ?", downlinkId);
    return row === undefined ? undefined : readDownlink(row);
  }

  latest(devEui: Eui64): Downlink[] {
    return this.#database
      .all("SELECT * FROM downlinks WHERE dev_eui = ? ORDER BY id DESC", devEui)
      .map(readDownlink);
  }

  unanswered(): Downlink[] {
    return this.#database
      .all("SELECT * FROM downlinks WHERE is_answered = 0 ORDER BY id")
      .map(readDownlink);
  }

  save(downlink: Downlink): void {
    this.#database.run(
      `INSERT INTO downlinks (downlink_id, dev_eui, session_key_id, f_port, f_cnt_down, is_confirmed,
                              payload, state, reason, is_answered, created_at_ms, updated_at_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (downlink_id) DO UPDATE SET
         session_key_id = excluded.session_key_id, f_cnt_down = excluded.f_cnt_down,
         state = excluded.state, reason = excluded.reason, is_answered = excluded.is_answered,
         updated_at_ms = excluded.updated_at_ms`,
      downlink.downlinkId,
      downlink.devEui,
      downlink.sessionKeyId,
      downlink.fPort,
      downlink.fCntDown ?? null,
      downlink.isConfirmed ? 1 : 0,
      downlink.payload,
      downlink.state,
      downlink.reason ?? null,
      downlink.isAnswered ? 1 : 0,
      downlink.createdAtMs,
      downlink.updatedAtMs,
    );
    this.#database.run(
      `DELETE FROM downlinks WHERE dev_eui = ?1 AND id <=
         (SELECT id FROM downlinks WHERE dev_eui = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)`,
      downlink.devEui,
      DOWNLINKS_KEPT,
    );
  }
}

function readDownlink(row: Row): Downlink {
  const fCntDown = row["f_cnt_down"] as number | null;
  const reason = row["reason"] as string | null;
  return {
    downlinkId: row["downlink_id"] as string,
    devEui: row["dev_eui"] as Downlink["devEui"],
    sessionKeyId: row["session_key_id"] as string,
    fPort: row["f_port"] as number,
    ...(fCntDown !== null && { fCntDown }),
    isConfirmed: row["is_confirmed"] === 1,
    payload: new Uint8Array(row["payload"] as Uint8Array),
    state: row["state"] as Downlink["state"],
    ...(reason !== null && { reason }),
    isAnswered: row["is_answered"] === 1,
    createdAtMs: row["created_at_ms"] as number,
    updatedAtMs: row["updated_at_ms"] as number,
  };
}

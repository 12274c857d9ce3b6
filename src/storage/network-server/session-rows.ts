import { exportAes128Key, importAes128Key } from "../../crypto/aes128.ts";
import type { DevAddr, Eui64 } from "../../lorawan/identifiers.ts";
import type { Session } from "../../network-server/session/session.ts";
import type { Row, SqliteDatabase } from "../sqlite-database.ts";

export type SessionSlot = "current" | "pending";

/** The session in one slot of a device. */
export function loadSession(
  database: SqliteDatabase,
  devEui: Eui64,
  slot: SessionSlot,
): Session | undefined {
  const row = database.get("SELECT * FROM session WHERE dev_eui = ? AND slot = ?", devEui, slot);
  return row === undefined ? undefined : sessionOf(row);
}

/** Writes one slot of a device; without a session the slot is emptied, and its keys with it. */
export function saveSession(
  database: SqliteDatabase,
  place: { readonly devEui: Eui64; readonly slot: SessionSlot },
  session: Session | undefined,
): void {
  if (session === undefined) {
    database.run("DELETE FROM session WHERE dev_eui = ? AND slot = ?", place.devEui, place.slot);
    return;
  }
  database.run(
    `INSERT OR REPLACE INTO session VALUES (${new Array(25).fill("?").join(", ")})`,
    place.devEui,
    place.slot,
    session.sessionKeyId,
    session.devAddr,
    session.version,
    session.origin,
    exportAes128Key(session.keys.fNwkSIntKey),
    exportAes128Key(session.keys.sNwkSIntKey),
    exportAes128Key(session.keys.nwkSEncKey),
    session.appSKey?.kekLabel ?? null,
    session.appSKey?.aesKey ?? null,
    session.rxDelaySeconds,
    session.rx1DrOffset,
    session.rx2DataRate,
    session.createdAt,
    session.fCntUp ?? null,
    session.lastUplink ?? null,
    session.repetitionCount,
    session.nextFCntDown,
    session.lowestApplicationFCntDown,
    session.lastFCntDown ?? null,
    session.awaitedAck?.downlinkId ?? null,
    session.awaitedAck?.fCntDown ?? null,
    session.rjCount0 ?? null,
    session.frameCount,
  );
}

function sessionOf(row: Row): Session {
  const key = (name: string) => importAes128Key(row[name] as Uint8Array);
  const wrapped = row["wrapped_app_s_key"] as Uint8Array | null;
  const awaitedDownlinkId = row["awaited_downlink_id"] as string | null;
  return {
    sessionKeyId: row["session_key_id"] as string,
    devAddr: row["dev_addr"] as DevAddr,
    version: row["version"] as Session["version"],
    origin: row["origin"] as Session["origin"],
    keys: {
      fNwkSIntKey: key("f_nwk_s_int_key"),
      sNwkSIntKey: key("s_nwk_s_int_key"),
      nwkSEncKey: key("nwk_s_enc_key"),
    },
    ...(wrapped !== null && {
      appSKey: { kekLabel: row["app_s_key_label"] as string, aesKey: wrapped },
    }),
    rxDelaySeconds: row["rx_delay_seconds"] as number,
    rx1DrOffset: row["rx1_dr_offset"] as number,
    rx2DataRate: row["rx2_data_rate"] as number,
    createdAt: row["created_at"] as number,
    fCntUp: (row["f_cnt_up"] ?? undefined) as number | undefined,
    lastUplink: (row["last_uplink"] ?? undefined) as Uint8Array | undefined,
    repetitionCount: row["repetition_count"] as number,
    nextFCntDown: row["next_f_cnt_down"] as number,
    lowestApplicationFCntDown: row["lowest_application_f_cnt_down"] as number,
    lastFCntDown: (row["last_f_cnt_down"] ?? undefined) as number | undefined,
    awaitedAck:
      awaitedDownlinkId === null
        ? undefined
        : { downlinkId: awaitedDownlinkId, fCntDown: row["awaited_f_cnt_down"] as number },
    rjCount0: (row["rj_count0"] ?? undefined) as number | undefined,
    frameCount: row["frame_count"] as number,
  };
}

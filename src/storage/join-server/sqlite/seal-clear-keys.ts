import { importAes128Key } from "../../../crypto/aes128.ts";
import { importKek } from "../../../crypto/key-wrap.ts";
import { WarrenError } from "../../../errors.ts";
import {
  DEFAULT_DEVICE_SETTINGS,
  type Device,
  UNUSED_DEVICE,
} from "../../../join-server/device.ts";
import {
  type AppSKeyDelivery,
  DEFAULT_APPLICATION_SERVER_SETTINGS,
  DEFAULT_PEER_SETTINGS,
  plainRoute,
} from "../../../join-server/peers.ts";
import type { Vault } from "../../../join-server/ports/vault.ts";
import type { DevAddr, Eui64, NetId } from "../../../lorawan/identifiers.ts";
import type { RootKeys } from "../../../root-key/root-keys.ts";
import type { Row, SqliteDatabase } from "../../sqlite-database.ts";
import { numberOf } from "../rows/column.ts";
import { DEVICE_COLUMNS, DeviceCodec, decodeUpdate } from "../rows/device-codec.ts";
import { PEER_COLUMNS, PeerCodec } from "../rows/peer-codec.ts";
import { decodeSessions } from "../rows/sessions/session-codec.ts";

const CLEAR_TABLES = ["clear_devices", "clear_network_servers", "clear_application_servers"];

/** How many rows are in memory at a time. */
const BATCH = 1_000;

/** Set while keys in the clear may still be on disk, in pages that are free or in the log. */
const TO_ERASE = "clear-keys-to-erase";

/**
 * Takes over what the first schema kept with its keys in the clear: everything is sealed in one
 * transaction, then the old tables are erased, from the file as well as from its write-ahead log. Does
 * nothing when there are none.
 *
 * @throws WarrenError `storage-failed`; also while another process has the database open and reads it
 */
export function sealClearKeys(database: SqliteDatabase, vault: Vault): void {
  if (hasClearTables(database)) {
    database.transaction(() => {
      // Another process may have been faster, before the lock was ours.
      if (hasClearTables(database)) sealTables(database, vault);
    });
  }
  eraseClearKeys(database);
}

function sealTables(database: SqliteDatabase, vault: Vault): void {
  sealDevices(database, new DeviceCodec(vault));
  sealPeers(database, new PeerCodec(vault));
  database.run("UPDATE counters SET value = (SELECT count(*) FROM devices) WHERE name = 'devices'");
  for (const table of CLEAR_TABLES) database.run(`DROP TABLE ${table}`);
  database.run("INSERT OR REPLACE INTO counters (name, value) VALUES (?, 1)", TO_ERASE);
}

/** Dropped tables are overwritten in the file once the log has been folded into it. */
function eraseClearKeys(database: SqliteDatabase): void {
  if (database.get("SELECT 1 FROM counters WHERE name = ?", TO_ERASE) === undefined) return;
  if (!database.checkpoint()) {
    throw new WarrenError(
      "storage-failed",
      "keys in the clear cannot be erased from the database while another process reads it; " +
        "stop that process and start again",
    );
  }
  database.run("DELETE FROM counters WHERE name = ?", TO_ERASE);
}

function hasClearTables(database: SqliteDatabase): boolean {
  const row = database.get("SELECT 1 FROM sqlite_schema WHERE name = 'clear_devices'");
  return row !== undefined;
}

function sealDevices(database: SqliteDatabase, codec: DeviceCodec): void {
  const insert = `INSERT INTO devices (dev_eui, version, sealed_under, ${DEVICE_COLUMNS.join(", ")})
    VALUES (?, ?, ?, ${DEVICE_COLUMNS.map(() => "?").join(", ")})`;
  let after = "";
  for (;;) {
    const rows = database.all(
      "SELECT * FROM clear_devices WHERE dev_eui > ? ORDER BY dev_eui LIMIT ?",
      after,
      BATCH,
    );
    for (const row of rows) {
      const device = decodeClearDevice(row);
      const { sealedUnder, values } = codec.encodeNew(device);
      database.run(insert, device.devEui, device.version, sealedUnder, ...values);
      after = device.devEui;
    }
    if (rows.length < BATCH) return;
  }
}

function sealPeers(database: SqliteDatabase, codec: PeerCodec): void {
  const insertInto = (table: string, key: string) =>
    `INSERT INTO ${table} (${key}, sealed_under, ${PEER_COLUMNS.join(", ")}) VALUES (?, ?, ?, ?)`;
  for (const row of database.all("SELECT * FROM clear_network_servers")) {
    const netId = row["net_id"] as NetId;
    const url = row["url"] as string | null;
    const peer = {
      ...DEFAULT_PEER_SETTINGS,
      netId,
      route: url === null ? undefined : plainRoute(url),
      relaysRootKeyUpdates: url !== null,
      kek: kekOf(row),
    };
    const { sealedUnder, values } = codec.encodeNetworkServer(peer);
    database.run(insertInto("network_servers", "net_id"), netId, sealedUnder, ...values);
  }
  for (const row of database.all("SELECT * FROM clear_application_servers")) {
    const asId = row["as_id"] as string;
    const appSKeyDelivery = row["app_s_key_delivery"] as AppSKeyDelivery;
    const peer = {
      ...DEFAULT_PEER_SETTINGS,
      ...DEFAULT_APPLICATION_SERVER_SETTINGS,
      asId,
      appSKeyDelivery,
      kek: kekOf(row),
    };
    const { sealedUnder, values } = codec.encodeApplicationServer(peer);
    database.run(insertInto("application_servers", "as_id"), asId, sealedUnder, ...values);
  }
}

function decodeClearDevice(row: Row): Device {
  const devEui = row["dev_eui"] as Eui64;
  const { minimumUpdatePeriodMs: minimumPeriodMs, ...settings } = JSON.parse(
    row["settings"] as string,
  ) as Pick<Device, "joinEui" | "macVersion" | "homeNetId" | "asId" | "suite"> & {
    readonly minimumUpdatePeriodMs: number;
  };
  const update = row["update_record"] as string | null;
  return {
    ...DEFAULT_DEVICE_SETTINGS,
    ...UNUSED_DEVICE,
    ...settings,
    updatePolicy: { minimumPeriodMs },
    devEui,
    version: Number(row["version"]),
    createdAt: Number(row["created_at"]),
    rootKeys: {
      devEui,
      joinEui: settings.joinEui,
      currentKeys: rootKeysOf(row["nwk_key"], row["app_key"]) as RootKeys,
      candidateKeys: rootKeysOf(row["candidate_nwk_key"], row["candidate_app_key"]),
      x25519PrivateKey: undefined,
      generation: Number(row["generation"]),
      lastUpdateId: Number(row["last_update_id"]),
      update: update === null ? undefined : decodeUpdate(update),
    },
    joinNonce: Number(row["join_nonce"]),
    lastDevNonce: numberOf(row["last_dev_nonce"]),
    rjCount1: numberOf(row["rj_count1"]),
    sessions: decodeSessions(row["sessions"] as Uint8Array),
    updateStartedAt: numberOf(row["update_started_at"]),
    updateCommittedAt: numberOf(row["update_committed_at"]),
    lastDevAddr: (row["last_dev_addr"] as DevAddr | null) ?? undefined,
  };
}

function rootKeysOf(nwkKey: unknown, appKey: unknown): RootKeys | undefined {
  if (!(nwkKey instanceof Uint8Array && appKey instanceof Uint8Array)) return undefined;
  return { nwkKey: importAes128Key(nwkKey), appKey: importAes128Key(appKey) };
}

function kekOf(row: Row) {
  return { label: row["kek_label"] as string, kek: importKek(row["kek"] as Uint8Array) };
}

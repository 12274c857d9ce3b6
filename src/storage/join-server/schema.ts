/**
 * The Join Server's tables. Every per-device table starts its key with the DevEUI and no transaction
 * spans two devices, so the same shape can be distributed by that column. Sessions live in the device's
 * row: a join is one row read and one row written.
 */
export const JOIN_SERVER_MIGRATIONS: readonly string[] = [
  `CREATE TABLE devices (
     dev_eui TEXT PRIMARY KEY,
     version INTEGER NOT NULL,
     created_at INTEGER NOT NULL,
     settings TEXT NOT NULL,
     nwk_key BLOB NOT NULL,
     app_key BLOB NOT NULL,
     candidate_nwk_key BLOB,
     candidate_app_key BLOB,
     generation INTEGER NOT NULL,
     last_update_id INTEGER NOT NULL,
     update_record TEXT,
     update_started_at INTEGER,
     update_committed_at INTEGER,
     join_nonce INTEGER NOT NULL,
     last_dev_nonce INTEGER,
     rj_count1 INTEGER,
     last_dev_addr TEXT,
     sessions BLOB NOT NULL
   ) WITHOUT ROWID;
   CREATE TABLE used_dev_nonces (
     dev_eui TEXT NOT NULL,
     join_eui TEXT NOT NULL,
     dev_nonce INTEGER NOT NULL,
     PRIMARY KEY (dev_eui, join_eui, dev_nonce)
   ) WITHOUT ROWID;
   CREATE TABLE network_servers (
     net_id TEXT PRIMARY KEY,
     url TEXT,
     kek_label TEXT NOT NULL,
     kek BLOB NOT NULL
   ) WITHOUT ROWID;
   CREATE TABLE application_servers (
     as_id TEXT PRIMARY KEY,
     kek_label TEXT NOT NULL,
     kek BLOB NOT NULL,
     app_s_key_delivery TEXT NOT NULL
   ) WITHOUT ROWID;`,
];

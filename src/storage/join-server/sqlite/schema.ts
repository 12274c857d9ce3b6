/** A join waits for them: 12 ms with SQLite's thousand. */
export const JOIN_SERVER_CHECKPOINT_PAGES = 200;

/**
 * The Join Server's tables. Every per-device table starts its key with the DevEUI and no join or update
 * touches two devices, so the same shape can be distributed by that column. Sessions live in the device's
 * row: a join is one row read and one row written.
 *
 * `sealed_under` is the data key version of all sealed values of a row. Tables `clear_*` hold keys in the
 * clear as the first schema had them, until `sealClearKeys` has taken them over.
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
  `ALTER TABLE devices RENAME TO clear_devices;
   ALTER TABLE network_servers RENAME TO clear_network_servers;
   ALTER TABLE application_servers RENAME TO clear_application_servers;
   CREATE TABLE devices (
     dev_eui TEXT PRIMARY KEY,
     version INTEGER NOT NULL,
     sealed_under INTEGER NOT NULL,
     created_at INTEGER NOT NULL,
     join_eui TEXT NOT NULL,
     mac_version TEXT NOT NULL,
     home_net_id TEXT NOT NULL,
     as_id TEXT NOT NULL,
     suite INTEGER NOT NULL,
     minimum_update_period_ms INTEGER NOT NULL,
     name TEXT NOT NULL,
     description TEXT NOT NULL,
     tags TEXT NOT NULL,
     search_text TEXT NOT NULL,
     is_disabled INTEGER NOT NULL,
     allows_foreign_join_eui INTEGER NOT NULL,
     generation INTEGER NOT NULL,
     last_update_id INTEGER NOT NULL,
     update_status TEXT,
     update_record TEXT,
     update_started_at INTEGER,
     update_committed_at INTEGER,
     nwk_key_replaced_at INTEGER,
     join_nonce INTEGER NOT NULL,
     last_dev_nonce INTEGER,
     rj_count1 INTEGER,
     last_dev_addr TEXT,
     root_keys BLOB NOT NULL,
     sessions BLOB NOT NULL
   ) STRICT;
   CREATE INDEX devices_by_sealed_under ON devices (sealed_under);
   CREATE TABLE retired_devices (
     dev_eui TEXT PRIMARY KEY,
     version INTEGER NOT NULL,
     join_nonce INTEGER NOT NULL,
     last_dev_nonce INTEGER,
     rj_count1 INTEGER
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE network_servers (
     net_id TEXT PRIMARY KEY,
     sealed_under INTEGER NOT NULL,
     settings TEXT NOT NULL,
     secrets BLOB NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE application_servers (
     as_id TEXT PRIMARY KEY,
     sealed_under INTEGER NOT NULL,
     settings TEXT NOT NULL,
     secrets BLOB NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE join_eui_ranges (
     first TEXT NOT NULL,
     prefix_length_bits INTEGER NOT NULL,
     PRIMARY KEY (first, prefix_length_bits)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE api_tokens (
     id TEXT PRIMARY KEY,
     name TEXT NOT NULL,
     role TEXT NOT NULL,
     hash TEXT NOT NULL UNIQUE,
     created_at INTEGER NOT NULL,
     expires_at INTEGER
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE audit_log (
     seq INTEGER PRIMARY KEY,
     at INTEGER NOT NULL,
     actor TEXT NOT NULL,
     action TEXT NOT NULL,
     subject TEXT NOT NULL,
     details TEXT NOT NULL,
     previous_hash TEXT NOT NULL,
     hash TEXT NOT NULL
   ) STRICT;
   CREATE TRIGGER audit_log_has_no_gaps BEFORE INSERT ON audit_log
     WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit_log)
     BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
   CREATE TRIGGER audit_log_is_not_changed BEFORE UPDATE ON audit_log
     BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
   CREATE TRIGGER audit_log_is_not_erased BEFORE DELETE ON audit_log
     BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
   CREATE TABLE data_keys (
     version INTEGER PRIMARY KEY,
     vault TEXT NOT NULL,
     wrapped_key BLOB NOT NULL,
     created_at INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE secrets (
     name TEXT PRIMARY KEY,
     sealed_under INTEGER NOT NULL,
     value BLOB NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE counters (
     name TEXT PRIMARY KEY,
     value INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   INSERT INTO counters (name, value) VALUES
     ('devices', 0), ('least-sealing-version', 0), ('peers-revision', 0);`,
  `ALTER TABLE devices ADD COLUMN device_profile TEXT NOT NULL DEFAULT '';
   ALTER TABLE devices ADD COLUMN update_policy TEXT NOT NULL DEFAULT '{}';
   ALTER TABLE devices ADD COLUMN carrier TEXT NOT NULL DEFAULT 'automatic';
   ALTER TABLE devices ADD COLUMN generation_since INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE devices ADD COLUMN generation_sessions INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE devices ADD COLUMN update_wanted TEXT;
   ALTER TABLE devices ADD COLUMN update_not_before INTEGER;
   ALTER TABLE devices ADD COLUMN failed_attempts INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE devices ADD COLUMN attempt TEXT;
   ALTER TABLE devices ADD COLUMN last_gateway_id TEXT;
   UPDATE devices SET
     generation_since = max(coalesce(update_committed_at, 0), coalesce(nwk_key_replaced_at, 0), created_at),
     update_policy = CASE WHEN minimum_update_period_ms = 86400000 THEN '{}'
       ELSE '{"minimumPeriodMs":' || minimum_update_period_ms || '}' END;
   ALTER TABLE devices DROP COLUMN minimum_update_period_ms;
   CREATE TABLE update_attempts (
     dev_eui TEXT NOT NULL,
     update_id INTEGER NOT NULL,
     attempt TEXT NOT NULL,
     PRIMARY KEY (dev_eui, update_id)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE update_policies (
     device_profile TEXT PRIMARY KEY,
     description TEXT NOT NULL,
     policy TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE campaigns (
     id TEXT PRIMARY KEY,
     version INTEGER NOT NULL,
     created_at INTEGER NOT NULL,
     state TEXT NOT NULL,
     campaign TEXT NOT NULL,
     lease_owner TEXT,
     lease_until INTEGER
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE campaign_members (
     dev_eui TEXT NOT NULL,
     campaign_id TEXT NOT NULL,
     state TEXT NOT NULL,
     is_canary INTEGER NOT NULL,
     attempts INTEGER NOT NULL,
     update_id INTEGER,
     next_attempt_at INTEGER NOT NULL,
     started_at INTEGER,
     ended_at INTEGER,
     reason TEXT,
     PRIMARY KEY (dev_eui, campaign_id)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX campaign_members_by_state
     ON campaign_members (campaign_id, state, next_attempt_at, dev_eui);
   CREATE INDEX campaign_members_of_canaries
     ON campaign_members (campaign_id, state, next_attempt_at, dev_eui) WHERE is_canary = 1;
   CREATE INDEX campaign_members_in_order ON campaign_members (campaign_id, dev_eui);
   CREATE INDEX campaign_members_under_way ON campaign_members (campaign_id, dev_eui)
     WHERE state = 'under-way';
   CREATE INDEX campaign_members_by_reason ON campaign_members (campaign_id, state, reason)
     WHERE reason IS NOT NULL;
   ALTER TABLE retired_devices ADD COLUMN last_update_id INTEGER NOT NULL DEFAULT 0;`,
  // NULL with sessions: what is older than the column and has not been saved since; see `decodeSummary`.
  "ALTER TABLE devices ADD COLUMN last_join_at INTEGER;",
  // Nothing to change: from here on sessions are octets, which older programs do not read (`session-codec.ts`).
  "SELECT 1;",
  // Zeros in the row of a new device, for what its first joins add; see `device-statements.ts`.
  "ALTER TABLE devices ADD COLUMN room BLOB;",
  // Looking for updates to start, deliver or end costs by the devices that have one; see `UPDATE_INDEXES`.
  `CREATE INDEX devices_under_way ON devices (dev_eui)
     WHERE update_status IN ('prepared', 'accepted', 'confirmed');
   CREATE INDEX devices_with_own_policy ON devices (dev_eui) WHERE update_policy <> '{}';
   CREATE INDEX devices_with_update_wanted ON devices (dev_eui) WHERE update_wanted IS NOT NULL;`,
  // What rejoins are counted from; a device that has none left begins anew, since it may have come with its JoinNonce.
  `ALTER TABLE devices ADD COLUMN initial_join_nonce INTEGER NOT NULL DEFAULT 0;
   UPDATE devices SET initial_join_nonce = join_nonce
     WHERE join_nonce >= 1024 + ((unixepoch() * 1000) - created_at) / 512000;`,
];

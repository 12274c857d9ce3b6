/**
 * The same tables and columns as in SQLite (`sqlite/schema.ts`), so that a backup fits both; texts are
 * compared by their octets, as there. The primary key of every per-device table starts with the DevEUI, and
 * no join or update touches two devices, so these three tables can be distributed by that column.
 *
 * Free space in the pages of `devices` lets a join replace its row within a page, without touching an index;
 * sealed values are never compressed, since they cannot be.
 */
export const POSTGRES_MIGRATIONS: readonly string[] = [
  `CREATE TABLE devices (
     dev_eui TEXT COLLATE "C" PRIMARY KEY,
     version BIGINT NOT NULL,
     sealed_under BIGINT NOT NULL,
     created_at BIGINT NOT NULL,
     join_eui TEXT COLLATE "C" NOT NULL,
     mac_version TEXT COLLATE "C" NOT NULL,
     home_net_id TEXT COLLATE "C" NOT NULL,
     as_id TEXT COLLATE "C" NOT NULL,
     suite INTEGER NOT NULL,
     minimum_update_period_ms BIGINT NOT NULL,
     name TEXT NOT NULL,
     description TEXT NOT NULL,
     tags TEXT NOT NULL,
     search_text TEXT COLLATE "C" NOT NULL,
     is_disabled INTEGER NOT NULL,
     allows_foreign_join_eui INTEGER NOT NULL,
     generation BIGINT NOT NULL,
     last_update_id INTEGER NOT NULL,
     update_status TEXT COLLATE "C",
     update_record TEXT,
     update_started_at BIGINT,
     update_committed_at BIGINT,
     nwk_key_replaced_at BIGINT,
     join_nonce INTEGER NOT NULL,
     last_dev_nonce INTEGER,
     rj_count1 INTEGER,
     last_dev_addr TEXT,
     root_keys BYTEA NOT NULL,
     sessions BYTEA NOT NULL
   ) WITH (fillfactor = 70);
   ALTER TABLE devices ALTER COLUMN root_keys SET STORAGE EXTERNAL,
                       ALTER COLUMN sessions SET STORAGE EXTERNAL;
   CREATE INDEX devices_by_sealed_under ON devices (sealed_under);
   CREATE TABLE used_dev_nonces (
     dev_eui TEXT COLLATE "C" NOT NULL,
     join_eui TEXT COLLATE "C" NOT NULL,
     dev_nonce INTEGER NOT NULL,
     PRIMARY KEY (dev_eui, join_eui, dev_nonce)
   );
   CREATE TABLE retired_devices (
     dev_eui TEXT COLLATE "C" PRIMARY KEY,
     version BIGINT NOT NULL,
     join_nonce INTEGER NOT NULL,
     last_dev_nonce INTEGER,
     rj_count1 INTEGER
   );
   CREATE TABLE network_servers (
     net_id TEXT COLLATE "C" PRIMARY KEY,
     sealed_under BIGINT NOT NULL,
     settings TEXT NOT NULL,
     secrets BYTEA NOT NULL
   );
   CREATE TABLE application_servers (
     as_id TEXT COLLATE "C" PRIMARY KEY,
     sealed_under BIGINT NOT NULL,
     settings TEXT NOT NULL,
     secrets BYTEA NOT NULL
   );
   CREATE TABLE join_eui_ranges (
     first TEXT COLLATE "C" NOT NULL,
     prefix_length_bits INTEGER NOT NULL,
     PRIMARY KEY (first, prefix_length_bits)
   );
   CREATE TABLE api_tokens (
     id TEXT COLLATE "C" PRIMARY KEY,
     name TEXT NOT NULL,
     role TEXT NOT NULL,
     hash TEXT COLLATE "C" NOT NULL UNIQUE,
     created_at BIGINT NOT NULL,
     expires_at BIGINT
   );
   CREATE TABLE audit_log (
     seq BIGINT PRIMARY KEY,
     at BIGINT NOT NULL,
     actor TEXT NOT NULL,
     action TEXT NOT NULL,
     subject TEXT NOT NULL,
     details TEXT NOT NULL,
     previous_hash TEXT NOT NULL,
     hash TEXT NOT NULL
   );
   CREATE FUNCTION refuse_change_of_audit_log() RETURNS trigger LANGUAGE plpgsql AS
     $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$;
   CREATE TRIGGER audit_log_is_not_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
     FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit_log();
   CREATE TABLE data_keys (
     version BIGINT PRIMARY KEY,
     vault TEXT NOT NULL,
     wrapped_key BYTEA NOT NULL,
     created_at BIGINT NOT NULL
   );
   CREATE TABLE secrets (
     name TEXT COLLATE "C" PRIMARY KEY,
     sealed_under BIGINT NOT NULL,
     value BYTEA NOT NULL
   );
   CREATE TABLE counters (
     name TEXT COLLATE "C" PRIMARY KEY,
     value BIGINT NOT NULL
   );
   INSERT INTO counters (name, value) VALUES
     ('audit-log', 0), ('least-sealing-version', 0), ('peers-revision', 0);`,
  `ALTER TABLE devices ADD COLUMN device_profile TEXT COLLATE "C" NOT NULL DEFAULT '';
   ALTER TABLE devices ADD COLUMN update_policy TEXT NOT NULL DEFAULT '{}';
   ALTER TABLE devices ADD COLUMN carrier TEXT COLLATE "C" NOT NULL DEFAULT 'automatic';
   ALTER TABLE devices ADD COLUMN generation_since BIGINT NOT NULL DEFAULT 0;
   ALTER TABLE devices ADD COLUMN generation_sessions INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE devices ADD COLUMN update_wanted TEXT;
   ALTER TABLE devices ADD COLUMN update_not_before BIGINT;
   ALTER TABLE devices ADD COLUMN failed_attempts INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE devices ADD COLUMN attempt TEXT;
   ALTER TABLE devices ADD COLUMN last_gateway_id TEXT;
   UPDATE devices SET
     generation_since = greatest(coalesce(update_committed_at, 0), coalesce(nwk_key_replaced_at, 0), created_at),
     update_policy = CASE WHEN minimum_update_period_ms = 86400000 THEN '{}'
       ELSE '{"minimumPeriodMs":' || minimum_update_period_ms || '}' END;
   ALTER TABLE devices DROP COLUMN minimum_update_period_ms;
   CREATE TABLE update_attempts (
     dev_eui TEXT COLLATE "C" NOT NULL,
     update_id INTEGER NOT NULL,
     attempt TEXT NOT NULL,
     PRIMARY KEY (dev_eui, update_id)
   );
   CREATE TABLE update_policies (
     device_profile TEXT COLLATE "C" PRIMARY KEY,
     description TEXT NOT NULL,
     policy TEXT NOT NULL
   );
   CREATE TABLE campaigns (
     id TEXT COLLATE "C" PRIMARY KEY,
     version BIGINT NOT NULL,
     created_at BIGINT NOT NULL,
     state TEXT COLLATE "C" NOT NULL,
     campaign TEXT NOT NULL,
     lease_owner TEXT,
     lease_until BIGINT
   );
   CREATE TABLE campaign_members (
     dev_eui TEXT COLLATE "C" NOT NULL,
     campaign_id TEXT COLLATE "C" NOT NULL,
     state TEXT COLLATE "C" NOT NULL,
     is_canary INTEGER NOT NULL,
     attempts INTEGER NOT NULL,
     update_id INTEGER,
     next_attempt_at BIGINT NOT NULL,
     started_at BIGINT,
     ended_at BIGINT,
     reason TEXT,
     PRIMARY KEY (dev_eui, campaign_id)
   );
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
  "ALTER TABLE devices ADD COLUMN last_join_at BIGINT;",
  // Nothing to change: from here on sessions are octets, which older programs do not read (`session-codec.ts`).
  "SELECT 1;",
  // Looking for updates to start, deliver or end costs by the devices that have one; see `UPDATE_INDEXES`.
  `CREATE INDEX devices_under_way ON devices (dev_eui)
     WHERE update_status IN ('prepared', 'accepted', 'confirmed');
   CREATE INDEX devices_with_own_policy ON devices (dev_eui) WHERE update_policy <> '{}';
   CREATE INDEX devices_with_update_wanted ON devices (dev_eui) WHERE update_wanted IS NOT NULL;`,
  // What rejoins are counted from; a device that has none left begins anew, since it may have come with its JoinNonce.
  `ALTER TABLE devices ADD COLUMN initial_join_nonce INTEGER NOT NULL DEFAULT 0;
   UPDATE devices SET initial_join_nonce = join_nonce
     WHERE join_nonce >= 1024 + ((extract(epoch FROM now()) * 1000) - created_at) / 512000;`,
];

/** Of every table with sealed values: `CHECK (sealed_under >= <least sealing version>)`. */
export const SEALING_CONSTRAINT = "least_sealing_version";

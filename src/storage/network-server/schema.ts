/** Versions of the Network Server's database; entry n takes it from version n to n + 1. */
export const NETWORK_SERVER_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE device (
    dev_eui TEXT PRIMARY KEY,
    join_eui TEXT NOT NULL,
    mac_version TEXT NOT NULL,
    as_id TEXT NOT NULL,
    abp_dev_addr TEXT,
    mac_requests TEXT NOT NULL,
    root_key_command BLOB,
    root_key_update_id INTEGER,
    root_key_repeats_left INTEGER,
    root_keys_since INTEGER,
    root_keys_frames INTEGER NOT NULL,
    root_keys_sessions INTEGER NOT NULL,
    new_keys_relayed_at INTEGER,
    root_key_generation INTEGER,
    ask_not_before INTEGER NOT NULL,
    session_update_asked_at INTEGER,
    status TEXT,
    last_seen_at INTEGER
  ) STRICT;

  CREATE TABLE session (
    dev_eui TEXT NOT NULL REFERENCES device ON DELETE CASCADE,
    slot TEXT NOT NULL CHECK (slot IN ('current', 'pending')),
    session_key_id TEXT NOT NULL,
    dev_addr TEXT NOT NULL,
    version TEXT NOT NULL,
    origin TEXT NOT NULL,
    f_nwk_s_int_key BLOB NOT NULL,
    s_nwk_s_int_key BLOB NOT NULL,
    nwk_s_enc_key BLOB NOT NULL,
    app_s_key_label TEXT,
    wrapped_app_s_key BLOB,
    rx_delay_seconds INTEGER NOT NULL,
    rx1_dr_offset INTEGER NOT NULL,
    rx2_data_rate INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    f_cnt_up INTEGER,
    last_uplink BLOB,
    repetition_count INTEGER NOT NULL,
    next_f_cnt_down INTEGER NOT NULL,
    lowest_application_f_cnt_down INTEGER NOT NULL,
    last_f_cnt_down INTEGER,
    awaited_downlink_id TEXT,
    awaited_f_cnt_down INTEGER,
    rj_count0 INTEGER,
    frame_count INTEGER NOT NULL,
    PRIMARY KEY (dev_eui, slot)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX session_by_dev_addr ON session (dev_addr);

  CREATE TABLE downlink (
    dev_eui TEXT NOT NULL REFERENCES device ON DELETE CASCADE,
    position INTEGER NOT NULL,
    downlink_id TEXT NOT NULL,
    session_key_id TEXT NOT NULL,
    f_port INTEGER NOT NULL,
    f_cnt_down INTEGER NOT NULL,
    is_confirmed INTEGER NOT NULL,
    frm_payload BLOB NOT NULL,
    is_sending INTEGER NOT NULL,
    PRIMARY KEY (dev_eui, position)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    dev_eui TEXT NOT NULL,
    as_id TEXT NOT NULL,
    path TEXT NOT NULL,
    body TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX outbox_by_device ON outbox (dev_eui, id);
  `,
  `
  ALTER TABLE device ADD COLUMN root_key_next_fragment INTEGER;
  ALTER TABLE device ADD COLUMN root_key_max_frames INTEGER;
  CREATE INDEX device_by_frames_due ON device (ask_not_before)
    WHERE root_keys_frames >= root_key_max_frames;
  `,
  `
  -- Entries of the journal up to this one are in the rows of the device.
  ALTER TABLE device ADD COLUMN journaled INTEGER NOT NULL DEFAULT 0;
  CREATE TABLE uplink_journal (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uplinks TEXT NOT NULL
  ) STRICT;
  CREATE TABLE outbox_batch (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    as_id TEXT NOT NULL,
    messages TEXT NOT NULL
  ) STRICT;
  `,
];

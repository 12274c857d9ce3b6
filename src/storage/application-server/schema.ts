/** Scripts for `SqliteDatabase`: entry n takes the schema from version n to n + 1. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE devices (
    dev_eui TEXT PRIMARY KEY,
    mac_version TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE sessions (
    dev_eui TEXT PRIMARY KEY,
    session_key_id TEXT NOT NULL,
    dev_addr TEXT NOT NULL,
    mac_version TEXT NOT NULL,
    app_s_key BLOB NOT NULL,
    source TEXT NOT NULL,
    next_f_cnt_down INTEGER NOT NULL,
    started_at_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE replaced_sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    dev_eui TEXT NOT NULL,
    session_key_id TEXT NOT NULL,
    app_s_key_fingerprint TEXT NOT NULL,
    next_f_cnt_down INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX replaced_sessions_by_device ON replaced_sessions (dev_eui, id);

  CREATE TABLE uplinks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    dev_eui TEXT NOT NULL,
    dev_addr TEXT NOT NULL,
    session_key_id TEXT NOT NULL,
    f_port INTEGER NOT NULL,
    f_cnt_up INTEGER NOT NULL,
    is_confirmed INTEGER NOT NULL,
    payload BLOB,
    undecryptable TEXT,
    reception TEXT NOT NULL,
    UNIQUE (dev_eui, session_key_id, f_cnt_up)
  ) STRICT;
  CREATE INDEX uplinks_by_device ON uplinks (dev_eui, id);

  -- The highest FCntUp whose record was forgotten, by session.
  CREATE TABLE forgotten_uplinks (
    dev_eui TEXT NOT NULL,
    session_key_id TEXT NOT NULL,
    f_cnt_up INTEGER NOT NULL,
    last_uplink_id INTEGER NOT NULL,
    PRIMARY KEY (dev_eui, session_key_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE downlinks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    downlink_id TEXT NOT NULL UNIQUE,
    dev_eui TEXT NOT NULL,
    session_key_id TEXT NOT NULL,
    f_port INTEGER NOT NULL,
    f_cnt_down INTEGER,
    is_confirmed INTEGER NOT NULL,
    payload BLOB NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    is_answered INTEGER NOT NULL,
    created_at_ms INTEGER NOT NULL,
    updated_at_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX downlinks_by_device ON downlinks (dev_eui, id);
  CREATE INDEX downlinks_unanswered ON downlinks (id) WHERE is_answered = 0;

  -- AUTOINCREMENT: an id is never reused, so that a stream can go on after the last one it saw.
  CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    type TEXT NOT NULL,
    dev_eui TEXT NOT NULL,
    data TEXT NOT NULL
  ) STRICT;
  CREATE INDEX events_by_device ON events (dev_eui, id);
  `,
  `
  -- A message of a root key update, and none of an application's.
  ALTER TABLE uplinks ADD COLUMN is_root_key_message INTEGER NOT NULL DEFAULT 0;

  -- Commands that came up and that the Join Server has not answered yet.
  CREATE TABLE root_key_commands (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    dev_eui TEXT NOT NULL,
    join_eui TEXT NOT NULL,
    mac_command BLOB NOT NULL,
    gateway_id TEXT
  ) STRICT;
  CREATE INDEX root_key_commands_by_device ON root_key_commands (dev_eui, id);

  -- The command of the Join Server that waits for each device.
  CREATE TABLE root_key_pending (
    dev_eui TEXT PRIMARY KEY,
    mac_command BLOB NOT NULL,
    is_answer INTEGER NOT NULL,
    update_id INTEGER NOT NULL,
    rounds_left INTEGER NOT NULL,
    is_split INTEGER NOT NULL,
    next_fragment INTEGER NOT NULL,
    downlink_id TEXT
  ) STRICT, WITHOUT ROWID;

  -- Uplinks of each device since its last root key update.
  CREATE TABLE root_key_usage (
    dev_eui TEXT PRIMARY KEY,
    join_eui TEXT NOT NULL,
    frames INTEGER NOT NULL,
    is_confirmed INTEGER NOT NULL,
    ask_not_before_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
];

import { AUDIT_COLUMNS } from "../rows/audit-codec.ts";
import type { ColumnValue } from "../rows/column.ts";
import {
  applicationServerContext,
  networkServerContext,
  rootKeysContext,
  secretContext,
  sessionsContext,
} from "../rows/contexts.ts";
import { DATA_KEY_COLUMNS } from "../rows/data-key-codec.ts";
import { DEVICE_COLUMNS } from "../rows/device-codec.ts";
import { PEER_COLUMNS } from "../rows/peer-codec.ts";
import { TOKEN_COLUMNS } from "../rows/token-codec.ts";
import { CAMPAIGN_COLUMNS } from "../rows/updates/campaign-codec.ts";
import { MEMBER_COLUMNS } from "../rows/updates/member-codec.ts";
import { POLICY_COLUMNS } from "../rows/updates/policy-codec.ts";

/** A row by column; integers are numbers. */
export type BackupRow = Readonly<Record<string, ColumnValue>>;

/** A sealed value of a table, bound to the first column of the key. */
export interface SealedColumn {
  readonly column: string;
  readonly context: (id: string) => string;
}

/** A table that both databases have, with the same columns. */
export interface BackupTable {
  readonly name: string;
  /** Rows are read in its order. */
  readonly key: readonly string[];
  readonly columns: readonly string[];
  readonly sealed: readonly SealedColumn[];
}

function table(
  name: string,
  key: readonly string[],
  columns: readonly string[],
  sealed: readonly SealedColumn[] = [],
): BackupTable {
  return { name, key, columns, sealed };
}

export const DEVICES = table(
  "devices",
  ["dev_eui"],
  ["dev_eui", "version", "sealed_under", ...DEVICE_COLUMNS],
  [
    { column: "root_keys", context: rootKeysContext },
    { column: "sessions", context: sessionsContext },
  ],
);

const NONCE_KEY = ["dev_eui", "join_eui", "dev_nonce"];
export const USED_DEV_NONCES = table("used_dev_nonces", NONCE_KEY, NONCE_KEY);

export const RETIRED_DEVICES = table(
  "retired_devices",
  ["dev_eui"],
  ["dev_eui", "version", "join_nonce", "last_dev_nonce", "rj_count1", "last_update_id"],
);

const ATTEMPT_KEY = ["dev_eui", "update_id"];
export const UPDATE_ATTEMPTS = table("update_attempts", ATTEMPT_KEY, [...ATTEMPT_KEY, "attempt"]);

/** Without their leases: nobody runs them yet. */
export const CAMPAIGNS = table("campaigns", ["id"], CAMPAIGN_COLUMNS);

export const CAMPAIGN_MEMBERS = table(
  "campaign_members",
  ["dev_eui", "campaign_id"],
  MEMBER_COLUMNS,
);

export const AUDIT_LOG = table("audit_log", ["seq"], AUDIT_COLUMNS);

export const DATA_KEYS = table("data_keys", ["version"], DATA_KEY_COLUMNS);

const RANGE_KEY = ["first", "prefix_length_bits"];

/** What belongs to the server and to no device. */
export const SERVER_TABLES: readonly BackupTable[] = [
  table(
    "network_servers",
    ["net_id"],
    ["net_id", "sealed_under", ...PEER_COLUMNS],
    [{ column: "secrets", context: networkServerContext }],
  ),
  table(
    "application_servers",
    ["as_id"],
    ["as_id", "sealed_under", ...PEER_COLUMNS],
    [{ column: "secrets", context: applicationServerContext }],
  ),
  table("join_eui_ranges", RANGE_KEY, RANGE_KEY),
  table("update_policies", ["device_profile"], POLICY_COLUMNS),
  table("api_tokens", ["id"], TOKEN_COLUMNS),
  table(
    "secrets",
    ["name"],
    ["name", "sealed_under", "value"],
    [{ column: "value", context: secretContext }],
  ),
];

/** Everything that a backup holds, besides the least sealing version. */
export const BACKUP_TABLES: readonly BackupTable[] = [
  DATA_KEYS,
  ...SERVER_TABLES,
  AUDIT_LOG,
  DEVICES,
  USED_DEV_NONCES,
  RETIRED_DEVICES,
  UPDATE_ATTEMPTS,
  CAMPAIGNS,
  CAMPAIGN_MEMBERS,
];

import type { DeviceSummary, UpdateSummary } from "../../../join-server/device-summary.ts";
import type { Vault } from "../../../join-server/ports/vault.ts";
import type { DevAddr, Eui64, NetId } from "../../../lorawan/identifiers.ts";
import type { MacVersion } from "../../../lorawan/mac-version.ts";
import type { UpdateRecord } from "../../../root-key/server-state.ts";
import { numberOf, type StoredRow } from "./column.ts";
import { sessionsContext } from "./contexts.ts";
import { newestSessionStart } from "./sessions/session-codec.ts";

/**
 * What `decodeSummary` reads, in words that both databases read. The start of the newest session is in a
 * column of its own since the sessions themselves are sealed; of a row that was last saved before there was
 * that column they come along.
 */
export const SUMMARY_COLUMNS = [
  ...["dev_eui", "version", "created_at", "join_eui", "mac_version", "home_net_id", "as_id"],
  ...["device_profile", "name", "is_disabled", "generation", "generation_since", "failed_attempts"],
  ...["update_record", "update_started_at", "join_nonce", "last_dev_addr", "last_join_at"],
  "CASE WHEN last_join_at IS NULL THEN sessions END AS older_sessions",
].join(", ");

/** @throws WarrenError `vault-key-unknown`, `sealed-value-damaged` for sessions that do not open */
export function decodeSummary(row: StoredRow, vault: Vault): DeviceSummary {
  return {
    devEui: row["dev_eui"] as Eui64,
    joinEui: row["join_eui"] as Eui64,
    macVersion: row["mac_version"] as MacVersion,
    homeNetId: row["home_net_id"] as NetId,
    asId: row["as_id"] as string,
    deviceProfile: row["device_profile"] as string,
    name: row["name"] as string,
    isDisabled: Number(row["is_disabled"]) === 1,
    createdAt: Number(row["created_at"]),
    version: Number(row["version"]),
    joinNonce: Number(row["join_nonce"]),
    lastDevAddr: (row["last_dev_addr"] as DevAddr | null) ?? undefined,
    failedAttempts: Number(row["failed_attempts"]),
    generation: Number(row["generation"]),
    generationSince: Number(row["generation_since"]),
    lastJoinAt: numberOf(row["last_join_at"]) ?? newestOfOlder(row, vault),
    update: decodeUpdate(row),
  };
}

function newestOfOlder(row: StoredRow, vault: Vault): number | undefined {
  const sealed = row["older_sessions"] as Uint8Array;
  if (sealed.length === 0) return undefined;
  return newestSessionStart(vault.open(sealed, sessionsContext(row["dev_eui"] as Eui64)));
}

function decodeUpdate(row: StoredRow): UpdateSummary | undefined {
  const json = row["update_record"] as string | null;
  if (json === null) return undefined;
  const { updateId, status, reason } = JSON.parse(json) as UpdateRecord;
  return { updateId, status, reason, startedAt: numberOf(row["update_started_at"]) };
}

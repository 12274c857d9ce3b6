import type { DeviceTally } from "../../../../join-server/ports/device-store.ts";
import type { MacVersion } from "../../../../lorawan/mac-version.ts";
import type { UpdateStatus } from "../../../../root-key/server-state.ts";
import type { StoredRow } from "../column.ts";

/** What devices are told apart by, in words that both databases read. */
const TALLY_COLUMNS = [
  "mac_version",
  "generation",
  "update_status",
  "is_disabled",
  "CASE WHEN join_nonce > 0 THEN 1 ELSE 0 END",
] as const;

/** `SELECT` and `GROUP BY` around what stands between them. */
export function tallySql(where = ""): string {
  const places = TALLY_COLUMNS.map((_, index) => index + 1).join(", ");
  return `SELECT ${TALLY_COLUMNS.join(", ")} AS has_joined, count(*) AS count
    FROM devices ${where} GROUP BY ${places}`;
}

/** Tallies of slices, put together. */
export class TallySum {
  readonly #sums = new Map<string, DeviceTally>();

  add(rows: readonly StoredRow[]): void {
    for (const row of rows) {
      const tally = decodeTally(row);
      const { count, ...alike } = tally;
      const key = Object.values(alike).join();
      this.#sums.set(key, { ...alike, count: count + (this.#sums.get(key)?.count ?? 0) });
    }
  }

  tallies(): DeviceTally[] {
    return [...this.#sums.values()];
  }
}

function decodeTally(row: StoredRow): DeviceTally {
  return {
    macVersion: row["mac_version"] as MacVersion,
    generation: Number(row["generation"]),
    updateStatus: (row["update_status"] ?? undefined) as UpdateStatus | undefined,
    isDisabled: Number(row["is_disabled"]) === 1,
    hasJoined: Number(row["has_joined"]) === 1,
    count: Number(row["count"]),
  };
}

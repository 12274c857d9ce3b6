import type { JoinEuiRange } from "../../../../join-server/join-eui-range.ts";
import type { ApplicationServerPeer, NetworkServerPeer } from "../../../../join-server/peers.ts";
import type { Eui64 } from "../../../../lorawan/identifiers.ts";
import type { PostgresStatements } from "../../../postgres-database.ts";
import type { StoredRow } from "../../rows/column.ts";
import { PEER_COLUMNS, type PeerCodec } from "../../rows/peer-codec.ts";
import { PeerRows } from "./peer-rows.ts";

const COLUMNS = PEER_COLUMNS.join(", ");

/** In the order of NetID. */
export async function readNetworkServers(
  statements: PostgresStatements,
  codec: PeerCodec,
): Promise<PeerRows<NetworkServerPeer>> {
  const sql = `SELECT net_id, ${COLUMNS} FROM network_servers ORDER BY net_id`;
  const rows = byId(await statements.all(sql), "net_id");
  return new PeerRows(rows, (row) => codec.decodeNetworkServer(row));
}

/** In the order of AS-ID. */
export async function readApplicationServers(
  statements: PostgresStatements,
  codec: PeerCodec,
): Promise<PeerRows<ApplicationServerPeer>> {
  const sql = `SELECT as_id, ${COLUMNS} FROM application_servers ORDER BY as_id`;
  const rows = byId(await statements.all(sql), "as_id");
  return new PeerRows(rows, (row) => codec.decodeApplicationServer(row));
}

export async function readJoinEuiRanges(statements: PostgresStatements): Promise<JoinEuiRange[]> {
  const sql =
    "SELECT first, prefix_length_bits FROM join_eui_ranges ORDER BY first, prefix_length_bits";
  return (await statements.all(sql)).map((row) => ({
    first: row["first"] as Eui64,
    prefixLengthBits: Number(row["prefix_length_bits"]),
  }));
}

function byId(rows: readonly StoredRow[], column: string): Map<string, StoredRow> {
  return new Map(rows.map((row) => [row[column] as string, row]));
}

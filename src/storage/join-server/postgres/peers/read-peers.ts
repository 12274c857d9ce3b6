import type { JoinEuiRange } from "../../../../join-server/join-eui-range.ts";
import type { ApplicationServerPeer, NetworkServerPeer } from "../../../../join-server/peers.ts";
import type { Eui64 } from "../../../../lorawan/identifiers.ts";
import type { PostgresStatements } from "../../../postgres-database.ts";
import { PEER_COLUMNS, type PeerCodec } from "../../rows/peer-codec.ts";

const COLUMNS = PEER_COLUMNS.join(", ");

export async function readNetworkServers(
  statements: PostgresStatements,
  codec: PeerCodec,
): Promise<NetworkServerPeer[]> {
  const sql = `SELECT net_id, ${COLUMNS} FROM network_servers ORDER BY net_id`;
  return (await statements.all(sql)).map((row) => codec.decodeNetworkServer(row));
}

export async function readApplicationServers(
  statements: PostgresStatements,
  codec: PeerCodec,
): Promise<ApplicationServerPeer[]> {
  const sql = `SELECT as_id, ${COLUMNS} FROM application_servers ORDER BY as_id`;
  return (await statements.all(sql)).map((row) => codec.decodeApplicationServer(row));
}

export async function readJoinEuiRanges(statements: PostgresStatements): Promise<JoinEuiRange[]> {
  const sql =
    "SELECT first, prefix_length_bits FROM join_eui_ranges ORDER BY first, prefix_length_bits";
  return (await statements.all(sql)).map((row) => ({
    first: row["first"] as Eui64,
    prefixLengthBits: Number(row["prefix_length_bits"]),
  }));
}

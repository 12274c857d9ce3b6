import { WarrenError } from "../../../../errors.ts";
import type { JoinEuiRange } from "../../../../join-server/join-eui-range.ts";
import type { ApplicationServerPeer, NetworkServerPeer } from "../../../../join-server/peers.ts";
import type { AuditEvent } from "../../../../join-server/ports/audit-log.ts";
import type { PeerStore } from "../../../../join-server/ports/peer-store.ts";
import type { Vault } from "../../../../join-server/ports/vault.ts";
import type { NetId } from "../../../../lorawan/identifiers.ts";
import type { PostgresDatabase, PostgresStatements } from "../../../postgres-database.ts";
import { withCurrentDataKey } from "../../current-data-key.ts";
import { type EncodedPeer, PEER_COLUMNS, PeerCodec } from "../../rows/peer-codec.ts";
import type { PostgresAuditLog } from "../postgres-audit-log.ts";
import { checkSealing } from "../postgres-data-keys.ts";
import { PeerMemory, type Peers } from "./peer-memory.ts";
import { readApplicationServers, readNetworkServers } from "./read-peers.ts";

/** Peers and JoinEUI ranges; what joins ask for comes from memory. */
export class PostgresPeers implements PeerStore {
  readonly #database: PostgresDatabase;
  readonly #vault: Vault;
  readonly #codec: PeerCodec;
  readonly #audit: PostgresAuditLog;
  readonly #memory: PeerMemory;

  constructor(
    database: PostgresDatabase,
    parts: { readonly vault: Vault; readonly audit: PostgresAuditLog },
  ) {
    this.#database = database;
    this.#vault = parts.vault;
    this.#codec = new PeerCodec(parts.vault);
    this.#audit = parts.audit;
    this.#memory = new PeerMemory(database, this.#codec);
  }

  loadNetworkServer(netId: NetId): Promise<NetworkServerPeer | undefined> {
    return this.#find(({ networkServers }) => networkServers.get(netId));
  }

  listNetworkServers(): Promise<NetworkServerPeer[]> {
    return withCurrentDataKey(this.#vault, async () =>
      (await readNetworkServers(this.#database, this.#codec)).all(),
    );
  }

  saveNetworkServer(peer: NetworkServerPeer, audit?: AuditEvent): Promise<void> {
    const target = { table: "network_servers", key: "net_id", id: peer.netId };
    return this.#save(target, () => this.#codec.encodeNetworkServer(peer), audit);
  }

  deleteNetworkServer(netId: NetId, audit?: AuditEvent): Promise<boolean> {
    return this.#delete("DELETE FROM network_servers WHERE net_id = $1", [netId], audit);
  }

  loadApplicationServer(asId: string): Promise<ApplicationServerPeer | undefined> {
    return this.#find(({ applicationServers }) => applicationServers.get(asId));
  }

  listApplicationServers(): Promise<ApplicationServerPeer[]> {
    return withCurrentDataKey(this.#vault, async () =>
      (await readApplicationServers(this.#database, this.#codec)).all(),
    );
  }

  saveApplicationServer(peer: ApplicationServerPeer, audit?: AuditEvent): Promise<void> {
    const target = { table: "application_servers", key: "as_id", id: peer.asId };
    return this.#save(target, () => this.#codec.encodeApplicationServer(peer), audit);
  }

  deleteApplicationServer(asId: string, audit?: AuditEvent): Promise<boolean> {
    return this.#delete("DELETE FROM application_servers WHERE as_id = $1", [asId], audit);
  }

  listJoinEuiRanges(): Promise<JoinEuiRange[]> {
    return this.#memory.current().then(({ ranges }) => [...ranges]);
  }

  saveJoinEuiRange(range: JoinEuiRange, audit?: AuditEvent): Promise<void> {
    return this.#change(audit, async (statements) => {
      const changed = await statements.run(
        `INSERT INTO join_eui_ranges (first, prefix_length_bits) VALUES ($1, $2)
         ON CONFLICT DO NOTHING`,
        range.first,
        range.prefixLengthBits,
      );
      return changed === 1;
    }).then(() => undefined);
  }

  deleteJoinEuiRange(range: JoinEuiRange, audit?: AuditEvent): Promise<boolean> {
    const sql = "DELETE FROM join_eui_ranges WHERE first = $1 AND prefix_length_bits = $2";
    return this.#delete(sql, [range.first, range.prefixLengthBits], audit);
  }

  /** Rows in memory that nobody has asked for since a rotation are still under the key that it destroyed. */
  #find<Peer>(peerOf: (peers: Peers) => Peer | undefined): Promise<Peer | undefined> {
    return withCurrentDataKey(this.#vault, async () => {
      const peers = await this.#memory.current();
      try {
        return peerOf(peers);
      } catch (error) {
        const isKeyGone = error instanceof WarrenError && error.code === "vault-key-unknown";
        if (isKeyGone) this.#memory.forget();
        throw error;
      }
    });
  }

  #save(
    { table, key, id }: { readonly table: string; readonly key: string; readonly id: string },
    encode: () => EncodedPeer,
    audit: AuditEvent | undefined,
  ): Promise<void> {
    const columns = ["sealed_under", ...PEER_COLUMNS];
    const sql = `INSERT INTO ${table} (${key}, ${columns.join(", ")}) VALUES ($1, $2, $3, $4)
      ON CONFLICT (${key}) DO UPDATE
      SET ${columns.map((name) => `${name} = excluded.${name}`).join(", ")}`;
    return withCurrentDataKey(this.#vault, async () => {
      const { sealedUnder, values } = encode();
      const insert = async (statements: PostgresStatements) =>
        (await statements.run(sql, id, sealedUnder, ...values)) === 1;
      await checkSealing(this.#change(audit, insert));
    });
  }

  #delete(
    sql: string,
    key: readonly (string | number)[],
    audit: AuditEvent | undefined,
  ): Promise<boolean> {
    return this.#change(audit, async (statements) => (await statements.run(sql, ...key)) === 1);
  }

  /** Tells the other processes, and this one at once. */
  async #change(
    audit: AuditEvent | undefined,
    change: (statements: PostgresStatements) => Promise<boolean>,
  ): Promise<boolean> {
    try {
      return await this.#database.transaction(async (statements) => {
        const isChanged = await change(statements);
        if (!isChanged) return false;
        await statements.run("UPDATE counters SET value = value + 1 WHERE name = 'peers-revision'");
        await this.#audit.record(statements, [audit]);
        return true;
      });
    } finally {
      this.#memory.forget();
    }
  }
}

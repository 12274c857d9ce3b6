import type { JoinEuiRange } from "../../../join-server/join-eui-range.ts";
import type { ApplicationServerPeer, NetworkServerPeer } from "../../../join-server/peers.ts";
import type { AuditEvent } from "../../../join-server/ports/audit-log.ts";
import type { PeerStore } from "../../../join-server/ports/peer-store.ts";
import type { Vault } from "../../../join-server/ports/vault.ts";
import type { Eui64, NetId } from "../../../lorawan/identifiers.ts";
import type { SqliteDatabase } from "../../sqlite-database.ts";
import { withCurrentDataKey } from "../current-data-key.ts";
import { type EncodedPeer, PeerCodec } from "../rows/peer-codec.ts";
import type { SqliteAuditLog } from "./sqlite-audit-log.ts";
import type { SqliteDataKeys } from "./sqlite-data-keys.ts";

const SELECT_RANGES = "SELECT * FROM join_eui_ranges ORDER BY first, prefix_length_bits";

/** What is in memory of one revision of the tables of peers. */
interface Memory {
  readonly revision: number;
  readonly networkServers: Map<NetId, NetworkServerPeer>;
  readonly applicationServers: Map<string, ApplicationServerPeer>;
  ranges: JoinEuiRange[] | undefined;
}

/** Every join asks for its peers several times; what another process has changed is seen after this. */
const REVISION_HOLDS_MS = 50;

/**
 * Peers and JoinEUI ranges, kept in memory until the revision in the database says that somebody has
 * changed one, this process or another.
 */
export class SqlitePeers implements PeerStore {
  readonly #database: SqliteDatabase;
  readonly #vault: Vault;
  readonly #codec: PeerCodec;
  readonly #audit: SqliteAuditLog;
  readonly #dataKeys: SqliteDataKeys;
  #checkedAt = Number.NEGATIVE_INFINITY;
  #memory: Memory = emptyMemory(-1);

  constructor(
    database: SqliteDatabase,
    parts: {
      readonly vault: Vault;
      readonly audit: SqliteAuditLog;
      readonly dataKeys: SqliteDataKeys;
    },
  ) {
    this.#database = database;
    this.#vault = parts.vault;
    this.#codec = new PeerCodec(parts.vault);
    this.#audit = parts.audit;
    this.#dataKeys = parts.dataKeys;
  }

  loadNetworkServer(netId: NetId): Promise<NetworkServerPeer | undefined> {
    return withCurrentDataKey(this.#vault, () => {
      const { networkServers } = this.#currentMemory();
      const known = networkServers.get(netId);
      if (known !== undefined) return known;
      const row = this.#database.get("SELECT * FROM network_servers WHERE net_id = ?", netId);
      const peer = row && this.#codec.decodeNetworkServer(row);
      if (peer !== undefined) networkServers.set(netId, peer);
      return peer;
    });
  }

  listNetworkServers(): Promise<NetworkServerPeer[]> {
    return withCurrentDataKey(this.#vault, () =>
      this.#database
        .all("SELECT * FROM network_servers ORDER BY net_id")
        .map((row) => this.#codec.decodeNetworkServer(row)),
    );
  }

  saveNetworkServer(peer: NetworkServerPeer, audit?: AuditEvent): Promise<void> {
    return this.#save(
      "INSERT OR REPLACE INTO network_servers (net_id, sealed_under, settings, secrets) VALUES (?, ?, ?, ?)",
      peer.netId,
      () => this.#codec.encodeNetworkServer(peer),
      audit,
    );
  }

  deleteNetworkServer(netId: NetId, audit?: AuditEvent): Promise<boolean> {
    return this.#delete("DELETE FROM network_servers WHERE net_id = ?", [netId], audit);
  }

  loadApplicationServer(asId: string): Promise<ApplicationServerPeer | undefined> {
    return withCurrentDataKey(this.#vault, () => {
      const { applicationServers } = this.#currentMemory();
      const known = applicationServers.get(asId);
      if (known !== undefined) return known;
      const row = this.#database.get("SELECT * FROM application_servers WHERE as_id = ?", asId);
      const peer = row && this.#codec.decodeApplicationServer(row);
      if (peer !== undefined) applicationServers.set(asId, peer);
      return peer;
    });
  }

  listApplicationServers(): Promise<ApplicationServerPeer[]> {
    return withCurrentDataKey(this.#vault, () =>
      this.#database
        .all("SELECT * FROM application_servers ORDER BY as_id")
        .map((row) => this.#codec.decodeApplicationServer(row)),
    );
  }

  saveApplicationServer(peer: ApplicationServerPeer, audit?: AuditEvent): Promise<void> {
    return this.#save(
      "INSERT OR REPLACE INTO application_servers (as_id, sealed_under, settings, secrets) VALUES (?, ?, ?, ?)",
      peer.asId,
      () => this.#codec.encodeApplicationServer(peer),
      audit,
    );
  }

  deleteApplicationServer(asId: string, audit?: AuditEvent): Promise<boolean> {
    return this.#delete("DELETE FROM application_servers WHERE as_id = ?", [asId], audit);
  }

  listJoinEuiRanges(): Promise<JoinEuiRange[]> {
    return Promise.try(() => {
      const memory = this.#currentMemory();
      memory.ranges ??= this.#database.all(SELECT_RANGES).map((row) => ({
        first: row["first"] as Eui64,
        prefixLengthBits: Number(row["prefix_length_bits"]),
      }));
      return [...memory.ranges];
    });
  }

  saveJoinEuiRange(range: JoinEuiRange, audit?: AuditEvent): Promise<void> {
    return Promise.try(() =>
      this.#database.transaction(() => {
        const isNew =
          this.#database.run(
            "INSERT INTO join_eui_ranges VALUES (?, ?) ON CONFLICT DO NOTHING",
            range.first,
            range.prefixLengthBits,
          ) === 1;
        if (isNew) this.#recordChange(audit);
      }),
    );
  }

  deleteJoinEuiRange(range: JoinEuiRange, audit?: AuditEvent): Promise<boolean> {
    return this.#delete(
      "DELETE FROM join_eui_ranges WHERE first = ? AND prefix_length_bits = ?",
      [range.first, range.prefixLengthBits],
      audit,
    );
  }

  #save(
    sql: string,
    id: string,
    encode: () => EncodedPeer,
    audit: AuditEvent | undefined,
  ): Promise<void> {
    return withCurrentDataKey(this.#vault, () => {
      const { sealedUnder, values } = encode();
      this.#database.transaction(() => {
        this.#dataKeys.requireCurrent(sealedUnder);
        this.#database.run(sql, id, sealedUnder, ...values);
        this.#recordChange(audit);
      });
    });
  }

  #delete(
    sql: string,
    key: readonly (string | number)[],
    audit: AuditEvent | undefined,
  ): Promise<boolean> {
    return Promise.try(() =>
      this.#database.transaction(() => {
        const isDeleted = this.#database.run(sql, ...key) === 1;
        if (isDeleted) this.#recordChange(audit);
        return isDeleted;
      }),
    );
  }

  #recordChange(audit: AuditEvent | undefined): void {
    this.#checkedAt = Number.NEGATIVE_INFINITY;
    this.#database.run("UPDATE counters SET value = value + 1 WHERE name = 'peers-revision'");
    this.#audit.record(audit);
  }

  #currentMemory(): Memory {
    const now = performance.now();
    if (now - this.#checkedAt < REVISION_HOLDS_MS) return this.#memory;
    this.#checkedAt = now;
    const row = this.#database.get("SELECT value FROM counters WHERE name = 'peers-revision'");
    const revision = Number(row?.["value"]);
    if (this.#memory.revision !== revision) this.#memory = emptyMemory(revision);
    return this.#memory;
  }
}

function emptyMemory(revision: number): Memory {
  return {
    revision,
    networkServers: new Map(),
    applicationServers: new Map(),
    ranges: undefined,
  };
}

import type { Device } from "../../../join-server/device.ts";
import type { JoinEuiRange } from "../../../join-server/join-eui-range.ts";
import type { ApplicationServerPeer, NetworkServerPeer } from "../../../join-server/peers.ts";
import type { AuditEntry, AuditEvent } from "../../../join-server/ports/audit-log.ts";
import type { DataKeyRecord, DataKeyStore } from "../../../join-server/ports/data-key-store.ts";
import type {
  DeviceChange,
  DevicePage,
  DeviceQuery,
  NewDevice,
  SaveOutcome,
  UsedDevNonce,
} from "../../../join-server/ports/device-store.ts";
import type { JoinServerStore } from "../../../join-server/ports/join-server-store.ts";
import type { ApiToken } from "../../../join-server/ports/token-store.ts";
import type { Vault } from "../../../join-server/ports/vault.ts";
import type { Eui64, NetId } from "../../../lorawan/identifiers.ts";
import { SqliteDatabase } from "../../sqlite-database.ts";
import type { ThreadLock } from "../../thread-lock.ts";
import { DeviceCodec } from "../rows/device-codec.ts";
import { JOIN_SERVER_MIGRATIONS } from "./schema.ts";
import { sealClearKeys } from "./seal-clear-keys.ts";
import { SqliteAuditLog } from "./sqlite-audit-log.ts";
import { SqliteDataKeys } from "./sqlite-data-keys.ts";
import { SqliteDevices } from "./sqlite-devices.ts";
import { SqlitePeers } from "./sqlite-peers.ts";
import { SqliteResealer } from "./sqlite-resealer.ts";
import { SqliteSecrets } from "./sqlite-secrets.ts";
import { SqliteTokens } from "./sqlite-tokens.ts";

/** Enough for the upper levels of the trees of 10^6 devices; the rest is the file cache of the system. */
const PAGE_CACHE_KIB = 32 * 1024;

/**
 * The Join Server's store in one SQLite file, of which several processes may have one open. A promise
 * that resolves means: on disk.
 */
export class SqliteJoinServerStore implements JoinServerStore, DataKeyStore {
  readonly #database: SqliteDatabase;
  readonly #devices: SqliteDevices;
  readonly #peers: SqlitePeers;
  readonly #tokens: SqliteTokens;
  readonly #secrets: SqliteSecrets;
  readonly #audit: SqliteAuditLog;
  readonly #resealer: SqliteResealer;
  readonly #dataKeys: SqliteDataKeys;

  /** For a vault that is open already. @throws WarrenError `storage-failed` */
  static openWith(path: string, vault: Vault): SqliteJoinServerStore {
    const database = openDatabase(path);
    try {
      return new SqliteJoinServerStore(database, vault);
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /**
   * @param openVault given the data keys of this database
   * @param lock where several threads of this process write
   * @throws WarrenError `storage-failed`, and what `openVault` throws
   */
  static async open(
    path: string,
    openVault: (keys: DataKeyStore) => Promise<Vault>,
    lock?: ThreadLock,
  ): Promise<SqliteJoinServerStore> {
    const database = openDatabase(path, lock);
    try {
      const vault = await openVault(new SqliteDataKeys(database, new SqliteAuditLog(database)));
      return new SqliteJoinServerStore(database, vault);
    } catch (error) {
      database.close();
      throw error;
    }
  }

  private constructor(database: SqliteDatabase, vault: Vault) {
    sealClearKeys(database, vault);
    const audit = new SqliteAuditLog(database);
    const dataKeys = new SqliteDataKeys(database, audit);
    const parts = { vault, audit, dataKeys, codec: new DeviceCodec(vault) };
    this.#database = database;
    this.#audit = audit;
    this.#dataKeys = dataKeys;
    this.#devices = new SqliteDevices(database, parts);
    this.#peers = new SqlitePeers(database, parts);
    this.#tokens = new SqliteTokens(database, audit);
    this.#secrets = new SqliteSecrets(database, parts);
    this.#resealer = new SqliteResealer(database, parts);
  }

  isReady(): Promise<boolean> {
    return Promise.try(() => this.#database.get("SELECT 1 FROM counters") !== undefined).catch(
      () => false,
    );
  }

  close(): Promise<void> {
    return Promise.try(() => this.#database.close());
  }

  loadDevice(devEui: Eui64): Promise<Device | undefined> {
    return this.#devices.loadDevice(devEui);
  }

  createDevices(devices: readonly NewDevice[], audit?: AuditEvent): Promise<boolean[]> {
    return this.#devices.createDevices(devices, audit);
  }

  saveDevice(device: Device, change?: DeviceChange): Promise<SaveOutcome> {
    return this.#devices.saveDevice(device, change);
  }

  deleteDevice(devEui: Eui64, audit?: AuditEvent): Promise<boolean> {
    return this.#devices.deleteDevice(devEui, audit);
  }

  findDevices(query: DeviceQuery, limit: number, after?: Eui64): Promise<DevicePage> {
    return this.#devices.findDevices(query, limit, after);
  }

  countDevices(): Promise<number> {
    return this.#devices.countDevices();
  }

  listUsedDevNonces(devEui: Eui64): Promise<UsedDevNonce[]> {
    return this.#devices.listUsedDevNonces(devEui);
  }

  loadNetworkServer(netId: NetId): Promise<NetworkServerPeer | undefined> {
    return this.#peers.loadNetworkServer(netId);
  }

  listNetworkServers(): Promise<NetworkServerPeer[]> {
    return this.#peers.listNetworkServers();
  }

  saveNetworkServer(peer: NetworkServerPeer, audit?: AuditEvent): Promise<void> {
    return this.#peers.saveNetworkServer(peer, audit);
  }

  deleteNetworkServer(netId: NetId, audit?: AuditEvent): Promise<boolean> {
    return this.#peers.deleteNetworkServer(netId, audit);
  }

  loadApplicationServer(asId: string): Promise<ApplicationServerPeer | undefined> {
    return this.#peers.loadApplicationServer(asId);
  }

  listApplicationServers(): Promise<ApplicationServerPeer[]> {
    return this.#peers.listApplicationServers();
  }

  saveApplicationServer(peer: ApplicationServerPeer, audit?: AuditEvent): Promise<void> {
    return this.#peers.saveApplicationServer(peer, audit);
  }

  deleteApplicationServer(asId: string, audit?: AuditEvent): Promise<boolean> {
    return this.#peers.deleteApplicationServer(asId, audit);
  }

  listJoinEuiRanges(): Promise<JoinEuiRange[]> {
    return this.#peers.listJoinEuiRanges();
  }

  saveJoinEuiRange(range: JoinEuiRange, audit?: AuditEvent): Promise<void> {
    return this.#peers.saveJoinEuiRange(range, audit);
  }

  deleteJoinEuiRange(range: JoinEuiRange, audit?: AuditEvent): Promise<boolean> {
    return this.#peers.deleteJoinEuiRange(range, audit);
  }

  findToken(hash: string): Promise<ApiToken | undefined> {
    return this.#tokens.findToken(hash);
  }

  listTokens(): Promise<ApiToken[]> {
    return this.#tokens.listTokens();
  }

  saveToken(token: ApiToken, audit?: AuditEvent): Promise<void> {
    return this.#tokens.saveToken(token, audit);
  }

  deleteToken(id: string, audit?: AuditEvent): Promise<boolean> {
    return this.#tokens.deleteToken(id, audit);
  }

  loadSecret(name: string): Promise<Uint8Array | undefined> {
    return this.#secrets.loadSecret(name);
  }

  saveSecretOnce(name: string, value: Uint8Array): Promise<Uint8Array> {
    return this.#secrets.saveSecretOnce(name, value);
  }

  appendAudit(events: readonly AuditEvent[]): Promise<void> {
    return this.#audit.appendAudit(events);
  }

  readAudit(afterSeq: number, limit: number): Promise<AuditEntry[]> {
    return this.#audit.readAudit(afterSeq, limit);
  }

  lastAudit(): Promise<AuditEntry | undefined> {
    return this.#audit.lastAudit();
  }

  countSealedBefore(version: number): Promise<number> {
    return this.#resealer.countSealedBefore(version);
  }

  resealSome(version: number, limit: number): Promise<number> {
    return this.#resealer.resealSome(version, limit);
  }

  listDataKeys(): Promise<DataKeyRecord[]> {
    return this.#dataKeys.listDataKeys();
  }

  insertDataKey(record: DataKeyRecord, audit?: AuditEvent): Promise<boolean> {
    return this.#dataKeys.insertDataKey(record, audit);
  }

  leastSealingVersion(): Promise<number> {
    return this.#dataKeys.leastSealingVersion();
  }

  raiseLeastSealingVersion(version: number, audit?: AuditEvent): Promise<void> {
    return this.#dataKeys.raiseLeastSealingVersion(version, audit);
  }

  deleteDataKey(version: number, audit?: AuditEvent): Promise<void> {
    return this.#dataKeys.deleteDataKey(version, audit);
  }
}

function openDatabase(path: string, lock?: ThreadLock): SqliteDatabase {
  const database = new SqliteDatabase(path, JOIN_SERVER_MIGRATIONS, lock);
  database.run(`PRAGMA cache_size = -${PAGE_CACHE_KIB}`);
  return database;
}

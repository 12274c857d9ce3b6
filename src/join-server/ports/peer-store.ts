import type { NetId } from "../../lorawan/identifiers.ts";
import type { JoinEuiRange } from "../join-eui-range.ts";
import type { ApplicationServerPeer, NetworkServerPeer } from "../peers.ts";
import type { AuditEvent } from "./audit-log.ts";

/**
 * The records of peers and of the JoinEUIs served here. They are few and asked for with every message, so
 * an implementation keeps them in memory; a change made by another process is seen within two seconds.
 *
 * @throws WarrenError `storage-failed` from every method
 */
export interface PeerStore {
  loadNetworkServer(netId: NetId): Promise<NetworkServerPeer | undefined>;
  listNetworkServers(): Promise<NetworkServerPeer[]>;
  saveNetworkServer(peer: NetworkServerPeer, audit?: AuditEvent): Promise<void>;
  /** False when there is none. */
  deleteNetworkServer(netId: NetId, audit?: AuditEvent): Promise<boolean>;

  loadApplicationServer(asId: string): Promise<ApplicationServerPeer | undefined>;
  listApplicationServers(): Promise<ApplicationServerPeer[]>;
  saveApplicationServer(peer: ApplicationServerPeer, audit?: AuditEvent): Promise<void>;
  /** False when there is none. */
  deleteApplicationServer(asId: string, audit?: AuditEvent): Promise<boolean>;

  listJoinEuiRanges(): Promise<JoinEuiRange[]>;
  saveJoinEuiRange(range: JoinEuiRange, audit?: AuditEvent): Promise<void>;
  /** False when there is none. */
  deleteJoinEuiRange(range: JoinEuiRange, audit?: AuditEvent): Promise<boolean>;
}

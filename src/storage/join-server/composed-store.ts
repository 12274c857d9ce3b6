import type { Campaign, CampaignMember } from "../../join-server/campaigns/campaign.ts";
import type { JoinEuiRange } from "../../join-server/join-eui-range.ts";
import type { ApplicationServerPeer, NetworkServerPeer } from "../../join-server/peers.ts";
import type { UpdatePolicySettings } from "../../join-server/policies/update-policy-settings.ts";
import type {
  AuditEntry,
  AuditEvent,
  AuditLog,
  AuditPage,
  AuditPlace,
  AuditQuery,
} from "../../join-server/ports/audit-log.ts";
import type {
  CampaignStore,
  MemberCounts,
  OverMembersPage,
  ReasonCount,
} from "../../join-server/ports/campaign-store.ts";
import type {
  DataKeyRecord,
  DataKeyStore,
  Resealer,
  SecretStore,
} from "../../join-server/ports/data-key-store.ts";
import type { DeviceStore } from "../../join-server/ports/device-store.ts";
import type { JoinServerStore } from "../../join-server/ports/join-server-store.ts";
import type { PeerStore } from "../../join-server/ports/peer-store.ts";
import type { DeviceProfile, PolicyStore } from "../../join-server/ports/policy-store.ts";
import type { ApiToken, TokenStore } from "../../join-server/ports/token-store.ts";
import type { Eui64, NetId } from "../../lorawan/identifiers.ts";
import { ComposedDevices } from "./composed-devices.ts";

/** What a store is made of; several members may be one object. */
export interface StoreParts {
  readonly devices: DeviceStore;
  readonly peers: PeerStore;
  readonly tokens: TokenStore;
  readonly secrets: SecretStore;
  readonly policies: PolicyStore;
  readonly campaigns: CampaignStore;
  readonly audit: AuditLog;
  readonly resealer: Resealer;
  readonly dataKeys: DataKeyStore;
  readonly connection: Pick<JoinServerStore, "isReady" | "close">;
}

/** A store whose parts do the work. */
export class ComposedStore extends ComposedDevices implements JoinServerStore, DataKeyStore {
  readonly #parts: StoreParts;

  constructor(parts: StoreParts) {
    super(parts.devices);
    this.#parts = parts;
  }

  isReady(): Promise<boolean> {
    return this.#parts.connection.isReady();
  }

  close(): Promise<void> {
    return this.#parts.connection.close();
  }

  loadNetworkServer(netId: NetId): Promise<NetworkServerPeer | undefined> {
    return this.#parts.peers.loadNetworkServer(netId);
  }

  listNetworkServers(): Promise<NetworkServerPeer[]> {
    return this.#parts.peers.listNetworkServers();
  }

  saveNetworkServer(peer: NetworkServerPeer, audit?: AuditEvent): Promise<void> {
    return this.#parts.peers.saveNetworkServer(peer, audit);
  }

  deleteNetworkServer(netId: NetId, audit?: AuditEvent): Promise<boolean> {
    return this.#parts.peers.deleteNetworkServer(netId, audit);
  }

  loadApplicationServer(asId: string): Promise<ApplicationServerPeer | undefined> {
    return this.#parts.peers.loadApplicationServer(asId);
  }

  listApplicationServers(): Promise<ApplicationServerPeer[]> {
    return this.#parts.peers.listApplicationServers();
  }

  saveApplicationServer(peer: ApplicationServerPeer, audit?: AuditEvent): Promise<void> {
    return this.#parts.peers.saveApplicationServer(peer, audit);
  }

  deleteApplicationServer(asId: string, audit?: AuditEvent): Promise<boolean> {
    return this.#parts.peers.deleteApplicationServer(asId, audit);
  }

  listJoinEuiRanges(): Promise<JoinEuiRange[]> {
    return this.#parts.peers.listJoinEuiRanges();
  }

  saveJoinEuiRange(range: JoinEuiRange, audit?: AuditEvent): Promise<void> {
    return this.#parts.peers.saveJoinEuiRange(range, audit);
  }

  deleteJoinEuiRange(range: JoinEuiRange, audit?: AuditEvent): Promise<boolean> {
    return this.#parts.peers.deleteJoinEuiRange(range, audit);
  }

  findToken(hash: string): Promise<ApiToken | undefined> {
    return this.#parts.tokens.findToken(hash);
  }

  listTokens(): Promise<ApiToken[]> {
    return this.#parts.tokens.listTokens();
  }

  saveToken(token: ApiToken, audit?: AuditEvent): Promise<void> {
    return this.#parts.tokens.saveToken(token, audit);
  }

  deleteToken(id: string, audit?: AuditEvent): Promise<boolean> {
    return this.#parts.tokens.deleteToken(id, audit);
  }

  loadSecret(name: string): Promise<Uint8Array | undefined> {
    return this.#parts.secrets.loadSecret(name);
  }

  saveSecretOnce(name: string, value: Uint8Array): Promise<Uint8Array> {
    return this.#parts.secrets.saveSecretOnce(name, value);
  }

  loadUpdatePolicy(): Promise<UpdatePolicySettings> {
    return this.#parts.policies.loadUpdatePolicy();
  }

  saveUpdatePolicy(policy: UpdatePolicySettings, audit?: AuditEvent): Promise<void> {
    return this.#parts.policies.saveUpdatePolicy(policy, audit);
  }

  listDeviceProfiles(): Promise<DeviceProfile[]> {
    return this.#parts.policies.listDeviceProfiles();
  }

  saveDeviceProfile(profile: DeviceProfile, audit?: AuditEvent): Promise<void> {
    return this.#parts.policies.saveDeviceProfile(profile, audit);
  }

  deleteDeviceProfile(name: string, audit?: AuditEvent): Promise<boolean> {
    return this.#parts.policies.deleteDeviceProfile(name, audit);
  }

  createCampaign(campaign: Campaign, audit?: AuditEvent): Promise<boolean> {
    return this.#parts.campaigns.createCampaign(campaign, audit);
  }

  loadCampaign(id: string): Promise<Campaign | undefined> {
    return this.#parts.campaigns.loadCampaign(id);
  }

  listCampaigns(): Promise<Campaign[]> {
    return this.#parts.campaigns.listCampaigns();
  }

  saveCampaign(campaign: Campaign, audit?: AuditEvent): Promise<boolean> {
    return this.#parts.campaigns.saveCampaign(campaign, audit);
  }

  deleteCampaign(id: string, audit?: AuditEvent): Promise<boolean> {
    return this.#parts.campaigns.deleteCampaign(id, audit);
  }

  addMembers(id: string, members: readonly CampaignMember[]): Promise<void> {
    return this.#parts.campaigns.addMembers(id, members);
  }

  loadMember(id: string, devEui: Eui64): Promise<CampaignMember | undefined> {
    return this.#parts.campaigns.loadMember(id, devEui);
  }

  findMembers(...args: Parameters<CampaignStore["findMembers"]>): Promise<CampaignMember[]> {
    return this.#parts.campaigns.findMembers(...args);
  }

  saveMembers(id: string, members: readonly CampaignMember[], owner?: string): Promise<boolean> {
    return this.#parts.campaigns.saveMembers(id, members, owner);
  }

  countMembers(id: string): Promise<MemberCounts> {
    return this.#parts.campaigns.countMembers(id);
  }

  countReasons(id: string): Promise<ReasonCount[]> {
    return this.#parts.campaigns.countReasons(id);
  }

  findOverMembers(id: string, limit: number, after?: Eui64): Promise<OverMembersPage> {
    return this.#parts.campaigns.findOverMembers(id, limit, after);
  }

  leaseCampaign(...args: Parameters<CampaignStore["leaseCampaign"]>): Promise<boolean> {
    return this.#parts.campaigns.leaseCampaign(...args);
  }

  releaseCampaign(id: string, owner: string): Promise<void> {
    return this.#parts.campaigns.releaseCampaign(id, owner);
  }

  appendAudit(events: readonly AuditEvent[]): Promise<void> {
    return this.#parts.audit.appendAudit(events);
  }

  readAudit(afterSeq: number, limit: number): Promise<AuditEntry[]> {
    return this.#parts.audit.readAudit(afterSeq, limit);
  }

  findAudit(query: AuditQuery, place: AuditPlace): Promise<AuditPage> {
    return this.#parts.audit.findAudit(query, place);
  }

  lastAudit(): Promise<AuditEntry | undefined> {
    return this.#parts.audit.lastAudit();
  }

  countSealedBefore(version: number): Promise<number> {
    return this.#parts.resealer.countSealedBefore(version);
  }

  resealSome(version: number, limit: number): Promise<number> {
    return this.#parts.resealer.resealSome(version, limit);
  }

  listDataKeys(): Promise<DataKeyRecord[]> {
    return this.#parts.dataKeys.listDataKeys();
  }

  insertDataKey(record: DataKeyRecord, audit?: AuditEvent): Promise<boolean> {
    return this.#parts.dataKeys.insertDataKey(record, audit);
  }

  leastSealingVersion(): Promise<number> {
    return this.#parts.dataKeys.leastSealingVersion();
  }

  raiseLeastSealingVersion(version: number, audit?: AuditEvent): Promise<void> {
    return this.#parts.dataKeys.raiseLeastSealingVersion(version, audit);
  }

  deleteDataKey(version: number, audit?: AuditEvent): Promise<void> {
    return this.#parts.dataKeys.deleteDataKey(version, audit);
  }
}

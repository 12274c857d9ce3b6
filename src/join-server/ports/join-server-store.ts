import type { AuditLog } from "./audit-log.ts";
import type { CampaignStore } from "./campaign-store.ts";
import type { Resealer, SecretStore } from "./data-key-store.ts";
import type { DeviceStore } from "./device-store.ts";
import type { PeerStore } from "./peer-store.ts";
import type { PolicyStore } from "./policy-store.ts";
import type { TokenStore } from "./token-store.ts";

/** Everything the Join Server keeps. A promise that resolves means: on disk. */
export interface JoinServerStore
  extends DeviceStore,
    PeerStore,
    TokenStore,
    SecretStore,
    PolicyStore,
    CampaignStore,
    AuditLog,
    Resealer {
  /** Answers whether the database can be reached and read. */
  isReady(): Promise<boolean>;
  close(): Promise<void>;
}

import type { RateLimit } from "../../join-server/peers.ts";
import type { EventKind } from "../../join-server/ports/events.ts";
import type { UpdatePolicy } from "../../join-server/root-key-updates/update-policy.ts";
import type { AdmissionLimits } from "../../server/join-server/backend/admission/admission.ts";
import type { ListenerSettings, TlsFiles } from "../../server/listener-settings.ts";
import type { StorageSettings } from "../../storage/join-server/open-storage.ts";
import type { VaultSettings } from "../../vault/vault-settings.ts";

export interface WebhookConfig {
  readonly url: string;
  readonly secretFile: string;
  /** Empty: all. */
  readonly kinds: readonly EventKind[];
  readonly caFile: string | undefined;
  readonly timeoutMs: number;
  /** Events that may wait. */
  readonly queueLength: number;
}

/** The settings of a Join Server, checked; paths are absolute or relative to the working folder. */
export interface JoinServerConfig {
  readonly dataFolder: string;
  readonly logLevel: string;
  readonly backend: ListenerSettings;
  readonly admin: ListenerSettings;
  /** Undefined: what `warren evaluate` writes when it runs in the folder of the program. */
  readonly evaluationReportFolder: string | undefined;
  /** For our own requests to peers. */
  readonly clientTls: TlsFiles | undefined;
  readonly storage: StorageSettings;
  /** Devices kept in memory. */
  readonly cachedDevices: number;
  /** Beside the main thread, once many joins come at a time. */
  readonly joinThreads: number;
  readonly vault: VaultSettings;
  readonly updatePolicy: UpdatePolicy;
  /** How update policies are carried out. */
  readonly policies: {
    /** Time between two looks for devices that are due. */
    readonly sweepMs: number;
    /** 0: none are started. */
    readonly startsPerMinute: number;
  };
  readonly limits: {
    readonly bodyBytes: number;
    /** Of a peer whose record has none; undefined: no limit. */
    readonly peer: RateLimit | undefined;
    readonly device: RateLimit | undefined;
    /** How long and how many requests of all peers may wait; undefined: no limit. */
    readonly backend: AdmissionLimits | undefined;
  };
  readonly metrics: { readonly isEnabled: boolean; readonly requiresToken: boolean };
  readonly webhooks: readonly WebhookConfig[];
}

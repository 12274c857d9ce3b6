/** The parts of the administration APIs' answers that the running network looks at. */

interface KeyFingerprints {
  readonly nwkKey: string;
  readonly appKey: string;
}

export interface JoinServerSession {
  readonly sessionKeyId: string;
  readonly joinNonce: number;
  readonly fNwkSIntKey: string;
  readonly sNwkSIntKey: string;
  readonly nwkSEncKey: string;
  readonly appSKey: string;
}

export interface JoinServerDevice {
  readonly devEui: string;
  readonly generation: number;
  readonly rootKeys: KeyFingerprints;
  readonly candidateRootKeys: KeyFingerprints | null;
  readonly lastUpdateId: number;
  readonly update: {
    readonly updateId: number;
    readonly suite: string;
    readonly status: string;
    readonly reason: string | null;
  } | null;
  /** Newest first. */
  readonly sessions: readonly JoinServerSession[];
}

interface NetworkServerSession {
  readonly sessionKeyId: string;
  readonly keyFingerprints: {
    readonly fNwkSIntKey: string;
    readonly sNwkSIntKey: string;
    readonly nwkSEncKey: string;
  };
}

export interface NetworkServerDevice {
  readonly session: NetworkServerSession | null;
  readonly pendingSession: NetworkServerSession | null;
}

export interface ApplicationServerDevice {
  readonly session: { readonly sessionKeyId: string; readonly appSKeyFingerprint: string } | null;
  readonly uplinks: readonly { readonly fPort: number; readonly payload?: string }[];
}

export interface SimulatorDevice {
  readonly macVersion: string;
  readonly generation: number;
  readonly rootKeys: KeyFingerprints | null;
  readonly candidateKeys: KeyFingerprints | null;
  /** `idle`, `derived` or `switching`. */
  readonly updateState: string;
  readonly session: {
    readonly joinNonce: number;
    readonly keys: {
      readonly fNwkSIntKey: string;
      readonly sNwkSIntKey: string;
      readonly nwkSEncKey: string;
      readonly appSKey: string;
    };
  } | null;
  readonly payloads: readonly { readonly fPort: number; readonly payload: string }[];
}

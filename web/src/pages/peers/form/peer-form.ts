import type { Peer } from "../peer-queries.ts";

export type AuthenticationKind = "loopback" | "bearer" | "mutual-tls";

export interface AuthenticationForm {
  readonly kind: AuthenticationKind;
  readonly token: string;
  /** PEM. */
  readonly ca: string;
  readonly certificateSha256: string[];
  readonly names: string[];
}

export interface RouteForm {
  readonly isWanted: boolean;
  readonly url: string;
  readonly protocolVersion: "1.0" | "1.1";
  readonly senderNsId: string;
  readonly authorization: string;
  /** PEM. */
  readonly ca: string;
}

/** What is in the fields; secrets are empty until somebody types them. */
export interface PeerForm {
  /** NetID or AS-ID. */
  readonly id: string;
  readonly kekLabel: string;
  readonly kek: string;
  /** The API takes it as a whole: undefined leaves the one on record. */
  readonly authentication: AuthenticationForm | undefined;
  /** As `authentication`. */
  readonly route: RouteForm | undefined;
  readonly answers: "sync" | "async";
  readonly hasRateLimit: boolean;
  readonly perSecond: number | string;
  readonly burst: number | string;
  readonly relaysRootKeyUpdates: boolean;
  readonly appSKeyDelivery: "envelope" | "session-key-id" | "both";
  readonly rootKeyFPort: number | string;
}

/** The fields of a peer that does not exist yet. */
export function emptyForm(): PeerForm {
  return {
    id: "",
    kekLabel: "",
    kek: "",
    authentication: {
      kind: "mutual-tls",
      token: "",
      ca: "",
      certificateSha256: [],
      names: [],
    },
    route: {
      isWanted: false,
      url: "",
      protocolVersion: "1.0",
      senderNsId: "",
      authorization: "",
      ca: "",
    },
    answers: "sync",
    hasRateLimit: false,
    perSecond: 100,
    burst: 200,
    relaysRootKeyUpdates: false,
    appSKeyDelivery: "both",
    rootKeyFPort: 199,
  };
}

/** The fields of a peer on record: what is secret stays unless it is typed anew. */
export function formOf(peer: Peer): PeerForm {
  const empty = emptyForm();
  const { id, kekLabel, answers, rateLimit, relaysRootKeyUpdates } = peer;
  const ofKind =
    peer.kind === "application-server"
      ? { appSKeyDelivery: peer.appSKeyDelivery, rootKeyFPort: peer.rootKeyFPort }
      : {};
  return {
    ...empty,
    id,
    kekLabel,
    authentication: undefined,
    route: undefined,
    answers,
    hasRateLimit: rateLimit !== null,
    ...rateLimit,
    relaysRootKeyUpdates,
    ...ofKind,
  };
}

/** To replace the one on record: what the API shows of it stands in the fields already. */
export function authenticationOf({ authentication }: Peer): AuthenticationForm {
  const { kind, certificateSha256 = [], names = [] } = authentication;
  return { kind, token: "", ca: "", certificateSha256, names };
}

/** As `authenticationOf`. */
export function routeOf({ route }: Peer): RouteForm {
  return {
    isWanted: route !== null,
    url: route?.url ?? "",
    protocolVersion: route?.protocolVersion ?? "1.0",
    senderNsId: route?.senderNsId ?? "",
    authorization: "",
    ca: "",
  };
}

import type { ProtocolVersion } from "../backend/header.ts";
import type { LabelledKek } from "../backend/key-envelope.ts";
import type { Eui64, NetId } from "../lorawan/identifiers.ts";

/** How a peer shows that it is who its SenderID says. */
export type PeerAuthentication =
  /** Plain HTTP from this machine itself. */
  | { readonly kind: "loopback" }
  /** `Authorization: Bearer <token>`; kept is SHA-256 of the token in hex. */
  | { readonly kind: "bearer"; readonly tokenHash: string }
  | {
      readonly kind: "mutual-tls";
      /**
       * The root that its certificate chain must end in, PEM, with the certificates between it and the
       * leaf, if there are any; undefined when certificates are pinned.
       */
      readonly ca: string | undefined;
      /** SHA-256 of the certificates it may show, in hex; empty: any that `ca` has issued. */
      readonly certificateSha256: readonly string[];
      /** Names (SAN DNS names or common name) of which its certificate must have one; empty: any. */
      readonly names: readonly string[];
    };

/** A token bucket: so many requests a second, and so many at once. */
export interface RateLimit {
  readonly perSecond: number;
  readonly burst: number;
}

/** What we need to send messages to a peer of our own accord. */
export interface PeerRoute {
  /** Where it takes our messages: RootKeyUpdateReq, and answers when they are asynchronous. */
  readonly url: string;
  /** The CA that its server certificate must come from, PEM; undefined: those the system trusts. */
  readonly ca: string | undefined;
  /** The whole value of an `Authorization` header, a secret; undefined: none. */
  readonly authorization: string | undefined;
  /** ProtocolVersion of our own requests. */
  readonly protocolVersion: ProtocolVersion;
  /** Sent under 1.1 and never under 1.0. */
  readonly senderNsId: Eui64 | undefined;
}

/** What is the same for every kind of peer. */
export interface PeerSettings {
  /** False: known, but every request of it is refused. */
  readonly isAllowed: boolean;
  readonly authentication: PeerAuthentication;
  readonly rateLimit: RateLimit | undefined;
  /** `async`: our answer is a POST of its own to the route, which must then be there. */
  readonly answers: "sync" | "async";
  readonly route: PeerRoute | undefined;
  /** Keys for this peer leave wrapped under this, never in the clear. */
  readonly kek: LabelledKek;
}

/** A peer of which no more is said than who it is and its KEK. */
export const DEFAULT_PEER_SETTINGS = {
  isAllowed: true,
  authentication: { kind: "loopback" },
  rateLimit: undefined,
  answers: "sync",
  route: undefined,
} as const;

/** A route with nothing but a URL. */
export function plainRoute(url: string): PeerRoute {
  return {
    url,
    ca: undefined,
    authorization: undefined,
    protocolVersion: "1.0",
    senderNsId: undefined,
  };
}

/** A Network Server that may ask for its devices. */
export interface NetworkServerPeer extends PeerSettings {
  readonly netId: NetId;
  /** Whether it relays root key updates: it is then told `RootKeyGeneration` and sent RootKeyUpdateReq. */
  readonly relaysRootKeyUpdates: boolean;
}

/** How an Application Server gets the AppSKey: in the JoinAns, by AppSKeyReq, or as it likes. */
export const APP_S_KEY_DELIVERIES = ["envelope", "session-key-id", "both"] as const;
export type AppSKeyDelivery = (typeof APP_S_KEY_DELIVERIES)[number];

/** An Application Server that may ask for the AppSKeys of its devices. */
export interface ApplicationServerPeer extends PeerSettings {
  readonly asId: string;
  readonly appSKeyDelivery: AppSKeyDelivery;
  /** Whether it relays root key updates on an application port: only then may it speak of them. */
  readonly relaysRootKeyUpdates: boolean;
  /** The port it relays them on, 1..223. */
  readonly rootKeyFPort: number;
}

/** Any other port of the application's would do as well (root-key-update.md §3, "Carriers"). */
export const DEFAULT_ROOT_KEY_F_PORT = 199;

/** How an Application Server takes part of which no more is said. */
export const DEFAULT_APPLICATION_SERVER_SETTINGS = {
  appSKeyDelivery: "both",
  relaysRootKeyUpdates: false,
  rootKeyFPort: DEFAULT_ROOT_KEY_F_PORT,
} as const;

/** A server that carries root key updates. */
export type UpdatePeer = NetworkServerPeer | ApplicationServerPeer;

export function isNetworkServer(peer: UpdatePeer): peer is NetworkServerPeer {
  return "netId" in peer;
}

/**
 * Whether an AppSKey wrapped for the Application Server is safe from the Network Server, which relays it
 * and could also ask in its name: not when an operator has given both the same KEK.
 */
export function hasKekOfItsOwn(
  applicationServer: ApplicationServerPeer,
  networkServer: NetworkServerPeer,
): boolean {
  return !applicationServer.kek.kek.equals(networkServer.kek.kek);
}

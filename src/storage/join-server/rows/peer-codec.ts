import { importKek } from "../../../crypto/key-wrap.ts";
import {
  type ApplicationServerPeer,
  DEFAULT_APPLICATION_SERVER_SETTINGS,
  type NetworkServerPeer,
  type PeerAuthentication,
  type PeerRoute,
  type PeerSettings,
} from "../../../join-server/peers.ts";
import type { Vault } from "../../../join-server/ports/vault.ts";
import { formatHex, parseHex } from "../../../lorawan/hex.ts";
import type { NetId } from "../../../lorawan/identifiers.ts";
import type { ColumnValue, StoredRow } from "./column.ts";
import { applicationServerContext, networkServerContext } from "./contexts.ts";

/** The columns of `network_servers` and `application_servers` besides the key and `sealed_under`. */
export const PEER_COLUMNS = ["settings", "secrets"] as const;

/** A peer as columns. */
export interface EncodedPeer {
  /** The data key version that its secrets are sealed under. */
  readonly sealedUnder: number;
  /** The values of `PEER_COLUMNS`. */
  readonly values: readonly ColumnValue[];
}

interface StoredSecrets {
  /** Hex. */
  readonly kek: string;
  readonly authorization?: string | undefined;
}

/** What is not secret of `PeerSettings`; JSON leaves members out that are undefined. */
interface StoredSettings
  extends Pick<PeerSettings, "isAllowed" | "authentication" | "rateLimit" | "answers"> {
  readonly route: Omit<PeerRoute, "authorization"> | undefined;
  readonly kekLabel: string;
}

/** Rows written before Application Servers relayed updates have no more than the first. */
type StoredApplicationServer = Pick<ApplicationServerPeer, "appSKeyDelivery"> &
  Partial<Pick<ApplicationServerPeer, "relaysRootKeyUpdates" | "rootKeyFPort">>;

/** Peers as rows, KEK and Authorization header sealed. */
export class PeerCodec {
  readonly #vault: Vault;

  constructor(vault: Vault) {
    this.#vault = vault;
  }

  encodeNetworkServer(peer: NetworkServerPeer): EncodedPeer {
    const { relaysRootKeyUpdates } = peer;
    return this.#encode(peer, { relaysRootKeyUpdates }, networkServerContext(peer.netId));
  }

  encodeApplicationServer(peer: ApplicationServerPeer): EncodedPeer {
    const { appSKeyDelivery, relaysRootKeyUpdates, rootKeyFPort } = peer;
    const own = { appSKeyDelivery, relaysRootKeyUpdates, rootKeyFPort };
    return this.#encode(peer, own, applicationServerContext(peer.asId));
  }

  /** @throws WarrenError `vault-key-unknown`, `sealed-value-damaged` */
  decodeNetworkServer(row: StoredRow): NetworkServerPeer {
    const netId = row["net_id"] as NetId;
    const { settings, own } = this.#decode<Pick<NetworkServerPeer, "relaysRootKeyUpdates">>(
      row,
      networkServerContext(netId),
    );
    return { netId, relaysRootKeyUpdates: own.relaysRootKeyUpdates, ...settings };
  }

  /** @throws WarrenError `vault-key-unknown`, `sealed-value-damaged` */
  decodeApplicationServer(row: StoredRow): ApplicationServerPeer {
    const asId = row["as_id"] as string;
    const { settings, own } = this.#decode<StoredApplicationServer>(
      row,
      applicationServerContext(asId),
    );
    const { appSKeyDelivery, relaysRootKeyUpdates, rootKeyFPort } = {
      ...DEFAULT_APPLICATION_SERVER_SETTINGS,
      ...own,
    };
    return { asId, appSKeyDelivery, relaysRootKeyUpdates, rootKeyFPort, ...settings };
  }

  #encode(peer: PeerSettings, own: object, context: string): EncodedPeer {
    const { isAllowed, authentication, rateLimit, answers, route, kek } = peer;
    const { authorization, ...openRoute } = route ?? { authorization: undefined };
    const settings = {
      ...own,
      isAllowed,
      authentication,
      rateLimit,
      answers,
      route: route && openRoute,
      kekLabel: kek.label,
    };
    const secrets: StoredSecrets = { kek: formatHex(kek.kek.export()), authorization };
    const sealedUnder = this.#vault.sealingVersion;
    const sealed = this.#vault.seal(new TextEncoder().encode(JSON.stringify(secrets)), context);
    return { sealedUnder, values: [JSON.stringify(settings), sealed] };
  }

  #decode<Own>(row: StoredRow, context: string): { settings: PeerSettings; own: Own } {
    const stored = JSON.parse(row["settings"] as string) as StoredSettings & Own;
    const opened = this.#vault.open(row["secrets"] as Uint8Array, context);
    const secrets = JSON.parse(new TextDecoder().decode(opened)) as StoredSecrets;
    const { isAllowed, authentication, rateLimit, answers, route, kekLabel } = stored;
    const settings = {
      isAllowed,
      authentication: restoreAuthentication(authentication),
      rateLimit,
      answers,
      route: route && restoreRoute(route, secrets.authorization),
      kek: { label: kekLabel, kek: importKek(parseHex(secrets.kek)) },
    };
    return { settings, own: stored };
  }
}

function restoreAuthentication(stored: PeerAuthentication): PeerAuthentication {
  return stored.kind === "mutual-tls" ? { ...stored, ca: stored.ca } : stored;
}

function restoreRoute(
  { url, ca, protocolVersion, senderNsId }: Omit<PeerRoute, "authorization">,
  authorization: string | undefined,
): PeerRoute {
  return { url, ca, authorization, protocolVersion, senderNsId };
}

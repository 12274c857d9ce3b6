import { importKek } from "../../../../crypto/key-wrap.ts";
import { sha256Hex } from "../../../../crypto/sha256.ts";
import { WarrenError } from "../../../../errors.ts";
import {
  type ApplicationServerPeer,
  DEFAULT_APPLICATION_SERVER_SETTINGS,
  DEFAULT_PEER_SETTINGS,
  type NetworkServerPeer,
  type PeerAuthentication,
  type PeerRoute,
  type PeerSettings,
  plainRoute,
} from "../../../../join-server/peers.ts";
import { parseHex } from "../../../../lorawan/hex.ts";
import { type NetId, parseEui64 } from "../../../../lorawan/identifiers.ts";
import type { ApplicationServerPatch, NetworkServerPatch } from "../schemas/peer-schemas.ts";
import { formatSha256, readCertificates } from "./certificates.ts";

type SettingsBody = Pick<
  ApplicationServerPatch,
  "kek" | "kekLabel" | "isAllowed" | "authentication" | "rateLimit" | "answers" | "route"
>;

/**
 * A Network Server from a body.
 *
 * @param base what members that are left out stay as; undefined: they get their defaults
 * @throws WarrenError `request-malformed`
 */
export function readNetworkServer(
  netId: NetId,
  body: NetworkServerPatch,
  base: NetworkServerPeer | undefined,
): NetworkServerPeer {
  const { url, route } = body;
  if (url !== undefined && route !== undefined) {
    throw new WarrenError(
      "request-malformed",
      "give `route`, or `url` as its short form, not both",
    );
  }
  const settings = readPeerSettings(netId, body, base);
  const isShortForm = url !== undefined;
  if (isShortForm) checkUrl(url);
  return {
    ...settings,
    ...(isShortForm && { route: plainRoute(url) }),
    netId,
    relaysRootKeyUpdates:
      body.relaysRootKeyUpdates ?? (isShortForm || (base?.relaysRootKeyUpdates ?? false)),
  };
}

/** As `readNetworkServer`. */
export function readApplicationServer(
  asId: string,
  body: ApplicationServerPatch,
  base: ApplicationServerPeer | undefined,
): ApplicationServerPeer {
  const start = base ?? DEFAULT_APPLICATION_SERVER_SETTINGS;
  return {
    ...readPeerSettings(asId, body, base),
    asId,
    appSKeyDelivery: body.appSKeyDelivery ?? start.appSKeyDelivery,
    relaysRootKeyUpdates: body.relaysRootKeyUpdates ?? start.relaysRootKeyUpdates,
    rootKeyFPort: body.rootKeyFPort ?? start.rootKeyFPort,
  };
}

function readPeerSettings(
  ownName: string,
  body: SettingsBody,
  base: PeerSettings | undefined,
): PeerSettings {
  const start = base ?? DEFAULT_PEER_SETTINGS;
  return {
    isAllowed: body.isAllowed ?? start.isAllowed,
    authentication:
      body.authentication === undefined
        ? start.authentication
        : readAuthentication(body.authentication),
    rateLimit: body.rateLimit === undefined ? start.rateLimit : (body.rateLimit ?? undefined),
    answers: body.answers ?? start.answers,
    route: body.route === undefined ? start.route : readRoute(body.route),
    kek: readKek(ownName, body, base),
  };
}

/** A KEK without a label is known by the peer's own name, as brocaar/lorawan does it. */
function readKek(
  ownName: string,
  { kek, kekLabel }: SettingsBody,
  base: PeerSettings | undefined,
): PeerSettings["kek"] {
  const label = kekLabel ?? base?.kek.label ?? ownName;
  if (kek !== undefined) return { label, kek: importKek(parseHex(kek)) };
  if (base !== undefined) return { label, kek: base.kek.kek };
  throw new WarrenError("request-malformed", "a new peer needs a `kek`");
}

function readAuthentication(body: NonNullable<SettingsBody["authentication"]>): PeerAuthentication {
  switch (body.kind) {
    case "loopback":
      return { kind: "loopback" };
    case "bearer":
      return { kind: "bearer", tokenHash: sha256Hex(body.token) };
    case "mutual-tls":
      checkPem(body.ca);
      return {
        kind: "mutual-tls",
        ca: body.ca,
        certificateSha256: (body.certificateSha256 ?? []).map(formatSha256),
        names: body.names ?? [],
      };
  }
}

function readRoute(body: NonNullable<SettingsBody["route"]> | null): PeerRoute | undefined {
  if (body === null) return undefined;
  checkUrl(body.url);
  checkPem(body.ca);
  return {
    url: body.url,
    ca: body.ca,
    authorization: body.authorization,
    protocolVersion: body.protocolVersion ?? "1.0",
    senderNsId: body.senderNsId === undefined ? undefined : parseEui64(body.senderNsId),
  };
}

/** @throws WarrenError `request-malformed` */
function checkPem(ca: string | undefined): void {
  if (ca !== undefined) readCertificates(ca);
}

/** @throws WarrenError `request-malformed` */
function checkUrl(text: string): void {
  const url = URL.parse(text);
  if (url === null) throw new WarrenError("request-malformed", "the URL of the route is none");
  if (url.username !== "" || url.password !== "") {
    throw new WarrenError(
      "request-malformed",
      "a URL shows in logs: give the credentials as `route.authorization` instead",
    );
  }
}

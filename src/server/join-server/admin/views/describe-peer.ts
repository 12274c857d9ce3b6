import { keyFingerprint } from "../../../../crypto/key-fingerprint.ts";
import type {
  ApplicationServerPeer,
  NetworkServerPeer,
  PeerAuthentication,
  PeerRoute,
  PeerSettings,
} from "../../../../join-server/peers.ts";
import type { PeerContact } from "../../../../join-server/senders/peer-contacts.ts";
import { formatTime } from "../../../format-time.ts";
import { readCertificates } from "../read/certificates.ts";
import type { ApplicationServerView, NetworkServerView } from "../schemas/peer-schemas.ts";

/**
 * A Network Server as the administration API shows it: no KEK, token or authorization.
 *
 * @param contact undefined: it has not asked since the start of this process
 */
export function describeNetworkServer(
  peer: NetworkServerPeer,
  contact: PeerContact | undefined,
): NetworkServerView {
  const { netId, relaysRootKeyUpdates } = peer;
  return { netId, ...describeSettings(peer), ...describeContact(contact), relaysRootKeyUpdates };
}

/** As `describeNetworkServer`. */
export function describeApplicationServer(
  peer: ApplicationServerPeer,
  contact: PeerContact | undefined,
): ApplicationServerView {
  const { asId, appSKeyDelivery, relaysRootKeyUpdates, rootKeyFPort } = peer;
  return {
    asId,
    ...describeSettings(peer),
    ...describeContact(contact),
    appSKeyDelivery,
    relaysRootKeyUpdates,
    rootKeyFPort,
  };
}

function describeContact(contact: PeerContact | undefined) {
  return {
    lastContactAt: formatTime(contact?.at),
    lastContactAddress: contact?.address ?? null,
  };
}

function describeSettings(peer: PeerSettings) {
  return {
    isAllowed: peer.isAllowed,
    authentication: describeAuthentication(peer.authentication),
    rateLimit: peer.rateLimit === undefined ? null : { ...peer.rateLimit },
    answers: peer.answers,
    route: peer.route === undefined ? null : describeRoute(peer.route),
    kekLabel: peer.kek.label,
    kekFingerprint: keyFingerprint(peer.kek.kek),
  };
}

function describeAuthentication(
  authentication: PeerAuthentication,
): NetworkServerView["authentication"] {
  if (authentication.kind !== "mutual-tls") return { kind: authentication.kind };
  const { kind, ca, certificateSha256, names } = authentication;
  return {
    kind,
    ca: ca === undefined ? [] : readCertificates(ca),
    certificateSha256: [...certificateSha256],
    names: [...names],
  };
}

function describeRoute(route: PeerRoute): NonNullable<NetworkServerView["route"]> {
  return {
    url: route.url,
    ca: route.ca === undefined ? [] : readCertificates(route.ca),
    hasAuthorization: route.authorization !== undefined,
    protocolVersion: route.protocolVersion,
    senderNsId: route.senderNsId ?? null,
  };
}

import {
  patchApplicationServersByAsId,
  patchNetworkServersByNetId,
  putApplicationServersByAsId,
  putNetworkServersByNetId,
} from "../../../api/generated/warren-api.ts";
import type { Peer, PeerKind } from "../peer-queries.ts";
import { type AuthenticationForm, formOf, type PeerForm, type RouteForm } from "./peer-form.ts";

/** Adds a peer. @throws ApiError */
export function addPeer(kind: PeerKind, form: PeerForm): Promise<unknown> {
  const kek = form.kek;
  return kind === "network-server"
    ? putNetworkServersByNetId({ netId: form.id, body: { ...commonBody(form), kek } })
    : putApplicationServersByAsId({
        asId: form.id,
        body: { ...commonBody(form), ...applicationServerBody(form), kek },
      });
}

/**
 * Changes what differs from the record, so that what somebody else has changed meanwhile stays, secrets too.
 *
 * @throws ApiError
 */
export function changePeer(peer: Peer, form: PeerForm): Promise<unknown> {
  const before = formOf(peer);
  const common = difference(commonBody(before), commonBody(form));
  if (peer.kind === "network-server") {
    return patchNetworkServersByNetId({ netId: peer.id, body: common });
  }
  const own = difference(applicationServerBody(before), applicationServerBody(form));
  return patchApplicationServersByAsId({ asId: peer.id, body: { ...common, ...own } });
}

function commonBody(form: PeerForm) {
  const { kekLabel, kek, answers, hasRateLimit, perSecond, burst, relaysRootKeyUpdates } = form;
  const { authentication, route } = form;
  return {
    ...(kekLabel !== "" && { kekLabel }),
    ...(kek !== "" && { kek }),
    ...(authentication !== undefined && { authentication: authenticationBody(authentication) }),
    ...(route !== undefined && { route: routeBody(route) }),
    answers,
    rateLimit: hasRateLimit ? { perSecond: Number(perSecond), burst: Number(burst) } : null,
    relaysRootKeyUpdates,
  };
}

function applicationServerBody({ appSKeyDelivery, rootKeyFPort }: PeerForm) {
  return { appSKeyDelivery, rootKeyFPort: Number(rootKeyFPort) };
}

function authenticationBody(form: AuthenticationForm) {
  const { kind, token, ca, certificateSha256, names } = form;
  switch (kind) {
    case "loopback":
      return { kind };
    case "bearer":
      return { kind, token };
    case "mutual-tls":
      return { kind, ...(ca.trim() !== "" && { ca: ca.trim() }), certificateSha256, names };
  }
}

function routeBody(form: RouteForm) {
  const { isWanted, url, protocolVersion, senderNsId, authorization, ca } = form;
  if (!isWanted) return null;
  return {
    url,
    protocolVersion,
    ...(protocolVersion === "1.1" && { senderNsId }),
    ...(authorization !== "" && { authorization }),
    ...(ca.trim() !== "" && { ca: ca.trim() }),
  };
}

/** Members of `after` that `before` has not, or has otherwise. */
function difference<T extends object>(before: T, after: T): Partial<T> {
  const isChanged = (name: string) =>
    JSON.stringify(before[name as keyof T]) !== JSON.stringify(after[name as keyof T]);
  return Object.fromEntries(
    Object.entries(after).filter(([name]) => isChanged(name)),
  ) as Partial<T>;
}

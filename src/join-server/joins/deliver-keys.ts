import type { JoinAns, NetworkKeyEnvelopes } from "../../backend/join-messages.ts";
import { sealKeyEnvelope } from "../../backend/key-envelope.ts";
import { stripHexPrefix } from "../../backend/members.ts";
import { WarrenError } from "../../errors.ts";
import type { Device } from "../device.ts";
import { type ApplicationServerPeer, hasKekOfItsOwn, type NetworkServerPeer } from "../peers.ts";
import type { Session } from "../session.ts";
import { checkEnabled } from "./check-request.ts";

/**
 * The keys in the answer to an accepted join. This is where keys part: the network session keys are wrapped for the
 * Network Server, the AppSKey for the Application Server alone, in 1.0.x as in 1.1, so that the
 * Network Server which relays it cannot read it.
 *
 * @param applicationServer without one that is allowed to ask, or without a KEK of its own, the AppSKey does
 *   not leave here
 */
export function deliverKeys(
  session: Session,
  networkServer: NetworkServerPeer,
  applicationServer: ApplicationServerPeer | undefined,
): Omit<JoinAns, "phyPayload"> {
  return {
    lifetime: 0,
    networkKeys: wrapNetworkKeys(session, networkServer),
    ...wrapAppSKey(session, networkServer, applicationServer),
  };
}

function wrapNetworkKeys(session: Session, peer: NetworkServerPeer): NetworkKeyEnvelopes {
  const { fNwkSIntKey, sNwkSIntKey, nwkSEncKey } = session.keys;
  if (!session.optNeg) return { nwkSKey: sealKeyEnvelope(fNwkSIntKey, peer.kek) };
  return {
    fNwkSIntKey: sealKeyEnvelope(fNwkSIntKey, peer.kek),
    sNwkSIntKey: sealKeyEnvelope(sNwkSIntKey, peer.kek),
    nwkSEncKey: sealKeyEnvelope(nwkSEncKey, peer.kek),
  };
}

/**
 * ChirpStack drops the AppSKey when there is a SessionKeyID, The Things Stack never asks without one:
 * hence a setting per Application Server.
 */
function wrapAppSKey(
  session: Session,
  networkServer: NetworkServerPeer,
  peer: ApplicationServerPeer | undefined,
): Pick<JoinAns, "appSKey" | "sessionKeyId"> {
  const isWanted = peer?.isAllowed && peer.appSKeyDelivery !== "session-key-id";
  if (!(isWanted && hasKekOfItsOwn(peer, networkServer))) {
    return { sessionKeyId: session.sessionKeyId };
  }
  const appSKey = sealKeyEnvelope(session.keys.appSKey, peer.kek);
  return peer.appSKeyDelivery === "envelope"
    ? { appSKey }
    : { appSKey, sessionKeyId: session.sessionKeyId };
}

/**
 * The session whose AppSKey an Application Server asks for.
 *
 * @param sessionKeyId as the Application Server writes it: some read it as hex and write it their own way
 * @throws WarrenError `activation-disallowed`, `device-disabled`, `session-unknown`
 */
export function findSessionFor(
  device: Device,
  applicationServer: ApplicationServerPeer,
  sessionKeyId: string,
): Session {
  if (device.asId !== applicationServer.asId) {
    throw new WarrenError("activation-disallowed", "the device has another Application Server");
  }
  checkEnabled(device);
  const wanted = stripHexPrefix(sessionKeyId).toLowerCase();
  const session = device.sessions.find((known) => known.sessionKeyId === wanted);
  if (session === undefined) {
    throw new WarrenError("session-unknown", "the device has no session of this SessionKeyID");
  }
  return session;
}

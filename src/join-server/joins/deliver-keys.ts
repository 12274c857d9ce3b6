import type { JoinAns, NetworkKeyEnvelopes } from "../../backend/join-messages.ts";
import {
  type KeyEnvelope,
  type LabelledKek,
  sealKeyEnvelopes,
} from "../../backend/key-envelope.ts";
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
  const { fNwkSIntKey, sNwkSIntKey, nwkSEncKey, appSKey } = session.keys;
  const networkKeys = session.optNeg ? [fNwkSIntKey, sNwkSIntKey, nwkSEncKey] : [fNwkSIntKey];
  const appSKeyKek = kekOfAppSKey(networkServer, applicationServer);
  // One call, since keys are wrapped side by side.
  const envelopes = sealKeyEnvelopes([
    ...networkKeys.map((key) => ({ key, kek: networkServer.kek })),
    ...(appSKeyKek === undefined ? [] : [{ key: appSKey, kek: appSKeyKek }]),
  ]);
  return {
    lifetime: 0,
    networkKeys: nameNetworkKeys(envelopes.slice(0, networkKeys.length)),
    ...describeAppSKey(session, applicationServer, envelopes[networkKeys.length]),
  };
}

function nameNetworkKeys(envelopes: readonly KeyEnvelope[]): NetworkKeyEnvelopes {
  const [fNwkSIntKey, sNwkSIntKey, nwkSEncKey] = envelopes as [KeyEnvelope, ...KeyEnvelope[]];
  return sNwkSIntKey === undefined || nwkSEncKey === undefined
    ? { nwkSKey: fNwkSIntKey }
    : { fNwkSIntKey, sNwkSIntKey, nwkSEncKey };
}

/**
 * ChirpStack drops the AppSKey when there is a SessionKeyID, The Things Stack never asks without one:
 * hence a setting per Application Server.
 */
function kekOfAppSKey(
  networkServer: NetworkServerPeer,
  peer: ApplicationServerPeer | undefined,
): LabelledKek | undefined {
  const isWanted = peer?.isAllowed && peer.appSKeyDelivery !== "session-key-id";
  return isWanted && hasKekOfItsOwn(peer, networkServer) ? peer.kek : undefined;
}

function describeAppSKey(
  { sessionKeyId }: Session,
  peer: ApplicationServerPeer | undefined,
  appSKey: KeyEnvelope | undefined,
): Pick<JoinAns, "appSKey" | "sessionKeyId"> {
  if (appSKey === undefined) return { sessionKeyId };
  return peer?.appSKeyDelivery === "envelope" ? { appSKey } : { appSKey, sessionKeyId };
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

import { WarrenError } from "../../errors.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { JoinAcceptMic } from "../../lorawan/join/join-accept-mic.ts";
import { JoinReqType } from "../../lorawan/join/join-accept-mic.ts";
import {
  decodeJoinRequest,
  type JoinRequest,
  verifyJoinRequestMic,
} from "../../lorawan/join/join-request.ts";
import { buildJoinAccept } from "../../lorawan/join/secure-join-accept.ts";
import { deriveJsIntKey } from "../../lorawan/keys/join-server-keys.ts";
import type { RootKeys, WhichKeys } from "../../root-key/root-keys.ts";
import type { ServerUpdateState } from "../../root-key/server-state.ts";
import { joinVerified, keysToTryForJoin } from "../../root-key/server-update.ts";
import type { Device } from "../device.ts";
import { followUpdate, type NewStep } from "../root-key-updates/timeline/follow-update.ts";
import { addJoinedSession } from "../session.ts";
import type { AcceptedJoin, JoinContext } from "./accepted-join.ts";
import {
  type AuthorisedJoinReq,
  checkAgainstDevice,
  checkDevEui,
  checkIdentity,
} from "./check-request.ts";
import { checkDevNonceCounter, mustRememberDevNonce } from "./dev-nonce.ts";
import { describeJoinAccept, makeSession, nextJoinNonce } from "./make-session.ts";

/** What a join tells of an update that is under way. */
const STEP_OF_JOIN = {
  candidate: { kind: "joined-with-new-keys" },
  current: { kind: "joined-with-current-keys" },
} as const satisfies Record<WhichKeys, NewStep>;

/**
 * Decides one Join-request: identities and version, then the MIC, then the nonce rules, and only then
 * anything new. Nothing is stored here, and nothing of the result may leave before it is.
 *
 * While an update is confirmed, the request is tried under the candidate keys first; the first one that
 * verifies under them makes them the current keys, in the same save as the nonces
 * (root-key-update.md §4, Join Server rule 4).
 *
 * @throws WarrenError `frame-…`, `identity-contradiction`, `receiver-unknown`, `activation-disallowed`,
 *   `device-disabled`, `version-contradiction`, `mic-mismatch`, `dev-nonce-replayed`, `join-nonce-exhausted`
 */
export function acceptJoinRequest(
  device: Device,
  authorised: AuthorisedJoinReq,
  context: JoinContext,
): AcceptedJoin {
  const joinRequest = decodeJoinRequest(authorised.request.phyPayload);
  checkDevEui(authorised.request, joinRequest.devEui);
  checkIdentity(device, authorised, joinRequest.joinEui);
  checkAgainstDevice(device, authorised);

  const verified = verifyUnderOneOf(device, authorised.request.phyPayload);
  checkDevNonceCounter(device.macVersion, device.lastDevNonce, joinRequest.devNonce);

  const joinNonce = nextJoinNonce(device);
  const joinAccept = describeJoinAccept(authorised, joinNonce);
  const { keys: rootKeys, which } = verified;
  const { devNonce, joinEui } = joinRequest;
  const foreignJoinEui = joinEui === device.joinEui ? undefined : joinEui;
  const session = makeSession(
    { device, rootKeys, joinAccept, devNonce, origin: "join", foreignJoinEui },
    context.randomBytes,
    context.now,
  );
  const phyPayload = buildJoinAccept({
    joinAccept,
    mic: describeMic(authorised, device, joinRequest, rootKeys),
    encryptionKey: rootKeys.nwkKey,
  });
  const joined = withJoinEui(joinVerified(device.rootKeys, which), joinEui);
  const committedUpdate = joined.generation > device.rootKeys.generation;
  const recorded = followUpdate(
    device,
    {
      ...device,
      rootKeys: joined,
      joinNonce,
      lastDevNonce: joinRequest.devNonce,
      lastDevAddr: authorised.request.devAddr,
      sessions: addJoinedSession(device.sessions, session),
      updateCommittedAt: committedUpdate ? context.now : device.updateCommittedAt,
      generationSessions: committedUpdate ? 1 : device.generationSessions + 1,
    },
    context,
    STEP_OF_JOIN[which],
  );
  return {
    ...recorded,
    usedDevNonce: mustRememberDevNonce(device.macVersion)
      ? { joinEui: joinRequest.joinEui, devNonce: joinRequest.devNonce }
      : undefined,
    session,
    phyPayload,
    committedUpdate,
    failedUpdate: joined.update?.status === "failed" && device.rootKeys.update?.status !== "failed",
  };
}

/** Updates from here on are bound to the name by which the end-device has just shown that it knows its Join Server. */
function withJoinEui(rootKeys: ServerUpdateState, joinEui: Eui64): ServerUpdateState {
  return rootKeys.joinEui === joinEui ? rootKeys : { ...rootKeys, joinEui };
}

function verifyUnderOneOf(
  device: Device,
  phyPayload: Uint8Array,
): { keys: RootKeys; which: WhichKeys } {
  const verified = keysToTryForJoin(device.rootKeys).find(({ keys }) =>
    verifyJoinRequestMic(phyPayload, keys.nwkKey),
  );
  if (verified === undefined) {
    throw new WarrenError("mic-mismatch", "the MIC of the Join-request is wrong");
  }
  return verified;
}

function describeMic(
  authorised: AuthorisedJoinReq,
  device: Device,
  joinRequest: JoinRequest,
  rootKeys: RootKeys,
): JoinAcceptMic {
  if (!authorised.dlSettings.optNeg) return { scheme: "1.0", key: rootKeys.nwkKey };
  return {
    scheme: "1.1",
    jsIntKey: deriveJsIntKey(rootKeys.nwkKey, device.devEui),
    joinReqType: JoinReqType.JoinRequest,
    joinEui: device.joinEui,
    devNonce: joinRequest.devNonce,
  };
}

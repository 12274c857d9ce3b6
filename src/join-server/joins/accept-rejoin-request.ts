import { WarrenError } from "../../errors.ts";
import { JoinReqType } from "../../lorawan/join/join-accept-mic.ts";
import {
  decodeRejoinRequest,
  type RejoinRequest,
  type RejoinRequest1,
  type RejoinRequest02,
  verifyRejoinRequestMic,
} from "../../lorawan/join/rejoin-request.ts";
import { buildJoinAccept } from "../../lorawan/join/secure-join-accept.ts";
import { deriveJsEncKey, deriveJsIntKey } from "../../lorawan/keys/join-server-keys.ts";
import { isLorawan11 } from "../../lorawan/mac-version.ts";
import type { Device } from "../device.ts";
import { addRejoinedSession, proveSession, type Session } from "../session.ts";
import type { AcceptedJoin, JoinContext } from "./accepted-join.ts";
import {
  type AuthorisedJoinReq,
  checkAgainstDevice,
  checkDevEui,
  checkIdentity,
} from "./check-request.ts";
import { describeJoinAccept, makeSession, nextJoinNonce } from "./make-session.ts";
import { checkRejoinAllowance } from "./rejoin-allowance.ts";

const JOIN_REQ_TYPES = [
  JoinReqType.RejoinRequest0,
  JoinReqType.RejoinRequest1,
  JoinReqType.RejoinRequest2,
] as const;

/**
 * Decides one Rejoin-request (LoRaWAN 1.1 §6.2.4). Type 1 is verified under JSIntKey, which only the
 * Join Server has. Types 0 and 2 have been verified by the Network Server; they are verified here once
 * more, under the sessions on record, which shows the session the device is in. It does not show that the
 * device asked, since the Network Server has the key: hence the allowance. RJcounts must grow: RJcount1 for ever, RJcount0 within its session. A root key update under
 * way is left alone, since a rejoin never uses candidate keys.
 *
 * @throws WarrenError as `acceptJoinRequest`, with `rj-count-replayed` for `dev-nonce-replayed`
 */
export function acceptRejoinRequest(
  device: Device,
  authorised: AuthorisedJoinReq,
  context: JoinContext,
): AcceptedJoin {
  const rejoin = decodeRejoinRequest(authorised.request.phyPayload);
  checkDevEui(authorised.request, rejoin.devEui);
  checkIdentity(device, authorised, rejoin.rejoinType === 1 ? rejoin.joinEui : undefined);
  checkAgainstDevice(device, authorised);
  if (!isLorawan11(device.macVersion) || !authorised.dlSettings.optNeg) {
    throw new WarrenError("version-contradiction", "Rejoin-requests exist from LoRaWAN 1.1 on");
  }
  const verified =
    rejoin.rejoinType === 1
      ? verifyType1(device, authorised.request.phyPayload, rejoin)
      : verifyType02(device, authorised, rejoin);
  checkRejoinAllowance(device, context.now);

  const joinNonce = nextJoinNonce(device);
  const joinAccept = describeJoinAccept(authorised, joinNonce);
  const rootKeys = device.rootKeys.currentKeys;
  const rjCount = rjCountOf(rejoin);
  const session = makeSession(
    { device, rootKeys, joinAccept, devNonce: rjCount, origin: "rejoin" },
    context.randomBytes,
    context.now,
  );
  return {
    device: {
      ...device,
      joinNonce,
      ...verified,
      sessions: addRejoinedSession(verified.sessions, session),
      lastDevAddr: authorised.request.devAddr,
      generationSessions: device.generationSessions + 1,
    },
    usedDevNonce: undefined,
    endedAttempts: [],
    session,
    phyPayload: buildJoinAccept({
      joinAccept,
      mic: {
        scheme: "1.1",
        jsIntKey: deriveJsIntKey(rootKeys.nwkKey, device.devEui),
        joinReqType: JOIN_REQ_TYPES[rejoin.rejoinType],
        joinEui: device.joinEui,
        devNonce: rjCount,
      },
      encryptionKey: deriveJsEncKey(rootKeys.nwkKey, device.devEui),
    }),
    committedUpdate: false,
    failedUpdate: false,
  };
}

/** What a verified Rejoin-request changes of the device before its new session is added. */
interface VerifiedRejoin {
  readonly rjCount1: number | undefined;
  readonly sessions: readonly Session[];
}

function verifyType1(
  device: Device,
  phyPayload: Uint8Array,
  rejoin: RejoinRequest1,
): VerifiedRejoin {
  const jsIntKey = deriveJsIntKey(device.rootKeys.currentKeys.nwkKey, device.devEui);
  if (!verifyRejoinRequestMic(phyPayload, jsIntKey)) throw micMismatch();
  checkRjCount("RJcount1", device.rjCount1, rejoin.rjCount1);
  return { rjCount1: rejoin.rjCount1, sessions: device.sessions };
}

/**
 * The session that the MIC verifies under is the one in use. What was made after it never arrived, since
 * the device would have left this one: only it and the new session remain.
 */
function verifyType02(
  device: Device,
  authorised: AuthorisedJoinReq,
  rejoin: RejoinRequest02,
): VerifiedRejoin {
  if (rejoin.netId !== authorised.netId) {
    throw new WarrenError(
      "identity-contradiction",
      "NetID of the Rejoin-request is not the sender",
    );
  }
  const { phyPayload } = authorised.request;
  const index = device.sessions.findIndex((session) =>
    verifyRejoinRequestMic(phyPayload, session.keys.sNwkSIntKey),
  );
  const inUse = device.sessions[index];
  if (inUse === undefined) throw micMismatch();
  if (device.sessions.slice(0, index).some(({ origin }) => origin === "join")) {
    // A Join-request came later, and a device that joins has left the session it was in.
    throw new WarrenError("rj-count-replayed", "the device has joined since this Rejoin-request");
  }
  checkRjCount("RJcount0", inUse.rjCount0, rejoin.rjCount0);
  const counted = { ...inUse, rjCount0: rejoin.rjCount0 };
  return { rjCount1: device.rjCount1, sessions: proveSession([counted], counted.sessionKeyId) };
}

function checkRjCount(name: string, last: number | undefined, received: number): void {
  if (last !== undefined && received <= last) {
    throw new WarrenError(
      "rj-count-replayed",
      `${name} ${received} is not above ${last}, the last one accepted`,
    );
  }
}

function rjCountOf(rejoin: RejoinRequest): number {
  return rejoin.rejoinType === 1 ? rejoin.rjCount1 : rejoin.rjCount0;
}

function micMismatch(): WarrenError {
  return new WarrenError("mic-mismatch", "the MIC of the Rejoin-request is wrong");
}

import type { RandomBytes } from "../../crypto/random.ts";
import { WarrenError } from "../../errors.ts";
import { formatHex } from "../../lorawan/hex.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { JoinAccept } from "../../lorawan/join/join-accept.ts";
import {
  deriveSessionKeys10,
  deriveSessionKeys11,
  type SessionKeys,
} from "../../lorawan/keys/session-keys.ts";
import type { RootKeys } from "../../root-key/root-keys.ts";
import type { Device } from "../device.ts";
import type { Session } from "../session.ts";
import type { AuthorisedJoinReq } from "./check-request.ts";

/** JoinNonce has 24 bits and never restarts, so a device has this many joins in its life. */
const MAX_JOIN_NONCE = 2 ** 24 - 1;

/** @throws WarrenError `join-nonce-exhausted` */
export function nextJoinNonce(device: Device): number {
  if (device.joinNonce >= MAX_JOIN_NONCE) {
    throw new WarrenError("join-nonce-exhausted", "the device has used all its JoinNonces");
  }
  return device.joinNonce + 1;
}

/** The Join-accept as the Network Server wants it, with our JoinNonce. */
export function describeJoinAccept(authorised: AuthorisedJoinReq, joinNonce: number): JoinAccept {
  const { request } = authorised;
  return {
    joinNonce,
    netId: authorised.netId,
    devAddr: request.devAddr,
    dlSettings: authorised.dlSettings,
    rxDelay: request.rxDelay,
    ...(request.cfList !== undefined && { cfList: request.cfList }),
  };
}

/** What makes the difference between one session and the next. */
export interface SessionInput {
  readonly device: Device;
  readonly rootKeys: RootKeys;
  readonly joinAccept: JoinAccept;
  /** DevNonce of a Join-request, RJcount of a Rejoin-request. */
  readonly devNonce: number;
  readonly origin: Session["origin"];
  readonly foreignJoinEui?: Eui64 | undefined;
}

/**
 * Session keys by the rule that OptNeg picks. Without it everything comes from the one key in the
 * NwkKey place, also on a 1.1 device (LoRaWAN 1.1 §6.1.1.3).
 */
function deriveSessionKeys(input: SessionInput): SessionKeys {
  const { device, rootKeys, joinAccept, devNonce } = input;
  const { joinNonce, netId } = joinAccept;
  return joinAccept.dlSettings.optNeg
    ? deriveSessionKeys11({ ...rootKeys, joinNonce, joinEui: device.joinEui, devNonce })
    : deriveSessionKeys10({ key: rootKeys.nwkKey, joinNonce, netId, devNonce });
}

/** A new session with a random name. */
export function makeSession(input: SessionInput, randomBytes: RandomBytes, now: number): Session {
  return {
    sessionKeyId: formatHex(randomBytes(16)),
    joinNonce: input.joinAccept.joinNonce,
    origin: input.origin,
    optNeg: input.joinAccept.dlSettings.optNeg,
    keys: deriveSessionKeys(input),
    rjCount0: undefined,
    isProvenInUse: false,
    foreignJoinEui: input.foreignJoinEui,
    createdAt: now,
  };
}

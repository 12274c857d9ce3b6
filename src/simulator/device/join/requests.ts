import type { RandomBytes } from "../../../crypto/random.ts";
import { WarrenError } from "../../../errors.ts";
import { JoinReqType } from "../../../lorawan/join/join-accept-mic.ts";
import { encodeJoinRequest } from "../../../lorawan/join/join-request.ts";
import { encodeRejoinRequest } from "../../../lorawan/join/rejoin-request.ts";
import { deriveJsIntKey } from "../../../lorawan/keys/join-server-keys.ts";
import { keysForNextJoin } from "../../../root-key/device-update.ts";
import type { DeviceProfile } from "../device-profile.ts";
import type { DeviceState } from "../device-state.ts";
import { RJ_COUNT_MAX, type Session } from "../session.ts";
import { spendDevNonce } from "./dev-nonce.ts";
import type { JoinExchange } from "./join-exchange.ts";

export type RejoinType = 0 | 1 | 2;

/** A request that is ready to be sent once `state` is stored. */
export interface PreparedJoin {
  readonly state: DeviceState;
  readonly exchange: JoinExchange;
  readonly phyPayload: Uint8Array;
}

/**
 * The next Join-request, under the keys that the update machine chooses.
 *
 * @throws WarrenError `value-out-of-range` when the DevNonces are spent; `root-key-missing` for ABP
 */
export function prepareJoin(
  state: DeviceState,
  profile: DeviceProfile,
  randomBytes: RandomBytes,
): PreparedJoin {
  const next = keysForNextJoin(requireUpdate(state));
  const devNonces = spendDevNonce(state.devNonces, profile.macVersion, randomBytes);
  const { devEui, joinEui } = profile;
  const fields = { devEui, joinEui, devNonce: devNonces.last };
  return {
    state: { ...state, update: next.state, devNonces },
    exchange: {
      joinReqType: JoinReqType.JoinRequest,
      nonce: devNonces.last,
      rootKeys: next.keys,
      which: next.which,
    },
    phyPayload: encodeJoinRequest(fields, next.keys.nwkKey),
  };
}

/**
 * The next Rejoin-request, under the current root keys and session.
 *
 * @throws WarrenError `value-out-of-range` when the RJcount is used up: it never wraps
 * @see LoRaWAN 1.1 §6.2.4
 */
export function prepareRejoin(
  state: DeviceState & { readonly session: Session },
  profile: DeviceProfile,
  rejoinType: RejoinType,
): PreparedJoin {
  const rootKeys = requireUpdate(state).currentKeys;
  const { devEui, joinEui } = profile;
  const { session } = state;
  const count = rejoinType === 1 ? state.rjCount1 : session.rjCount0;
  if (count > RJ_COUNT_MAX) {
    throw new WarrenError("value-out-of-range", "the RJcount of this device is used up");
  }
  const exchange = { nonce: count, rootKeys, which: "current" } as const;
  const counted = { ...session, uplinksSinceRejoin: 0 };
  if (rejoinType === 1) {
    const key = deriveJsIntKey(rootKeys.nwkKey, devEui);
    return {
      state: { ...state, session: counted, rjCount1: count + 1 },
      exchange: { ...exchange, joinReqType: JoinReqType.RejoinRequest1 },
      phyPayload: encodeRejoinRequest({ rejoinType, joinEui, devEui, rjCount1: count }, key),
    };
  }
  const fields = { rejoinType, netId: session.netId, devEui, rjCount0: count };
  return {
    state: { ...state, session: { ...counted, rjCount0: count + 1 } },
    exchange: {
      ...exchange,
      joinReqType: rejoinType === 0 ? JoinReqType.RejoinRequest0 : JoinReqType.RejoinRequest2,
    },
    phyPayload: encodeRejoinRequest(fields, session.keys.sNwkSIntKey),
  };
}

function requireUpdate(state: DeviceState) {
  if (state.update === null) {
    throw new WarrenError(
      "root-key-missing",
      "a personalized device has no root keys to join with",
    );
  }
  return state.update;
}

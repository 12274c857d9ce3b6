import type { Eui64 } from "../../../lorawan/identifiers.ts";
import type { JoinAccept } from "../../../lorawan/join/join-accept.ts";
import { JoinReqType } from "../../../lorawan/join/join-accept-mic.ts";
import { openJoinAccept } from "../../../lorawan/join/secure-join-accept.ts";
import { deriveJsEncKey, deriveJsIntKey } from "../../../lorawan/keys/join-server-keys.ts";
import {
  deriveSessionKeys10,
  deriveSessionKeys11,
  type SessionKeys,
} from "../../../lorawan/keys/session-keys.ts";
import { isLorawan11, type MacVersion } from "../../../lorawan/mac-version.ts";
import type { RootKeys } from "../../../root-key/root-keys.ts";
import { isRefusal, type Refusal, refusalOf } from "../refusal.ts";
import { refuseJoinNonce } from "./join-nonce.ts";

/** A Join-request or Rejoin-request that waits for its Join-accept; never outlives a restart. */
export interface JoinExchange {
  readonly joinReqType: JoinReqType;
  /** DevNonce, or the RJcount in its place. */
  readonly nonce: number;
  /** The root keys of the request: an accept under any others is not its answer. */
  readonly rootKeys: RootKeys;
  /** Which of the device's root keys these are, while an update may leave it two pairs. */
  readonly which: "current" | "candidate";
}

/** What a Join-accept brought. */
export interface AcceptedJoin {
  readonly joinAccept: JoinAccept;
  readonly keys: SessionKeys;
  /** Whether the network set OptNeg, on a device that knows it. */
  readonly isLorawan11: boolean;
}

/** The device, as far as its joins depend on it. */
export interface JoiningDevice {
  readonly devEui: Eui64;
  readonly joinEui: Eui64;
  readonly macVersion: MacVersion;
  readonly lastJoinNonce: number;
}

/**
 * Opens the answer to an outstanding request: MIC, then JoinNonce, then the session keys.
 *
 * @see LoRaWAN 1.1 §6.2.3, LoRaWAN 1.0.2 §6.2.5
 */
export function openJoinExchange(
  exchange: JoinExchange,
  device: JoiningDevice,
  phyPayload: Uint8Array,
): AcceptedJoin | Refusal {
  const joinAccept = refusalOf(() => openJoinAccept(openInputOf(exchange, device, phyPayload)));
  if (isRefusal(joinAccept)) return joinAccept;
  const refusal = refuseJoinNonce(device.macVersion, device.lastJoinNonce, joinAccept.joinNonce);
  if (refusal !== undefined) return refusal;
  const is11 = isLorawan11(device.macVersion) && joinAccept.dlSettings.optNeg;
  return {
    joinAccept,
    isLorawan11: is11,
    keys: is11 ? keys11(exchange, device, joinAccept) : keys10(exchange, joinAccept),
  };
}

function openInputOf(exchange: JoinExchange, device: JoiningDevice, phyPayload: Uint8Array) {
  const { nwkKey } = exchange.rootKeys;
  const isRejoin = exchange.joinReqType !== JoinReqType.JoinRequest;
  const input = {
    phyPayload,
    encryptionKey: isRejoin ? deriveJsEncKey(nwkKey, device.devEui) : nwkKey,
    rootKey: nwkKey,
  };
  if (!isLorawan11(device.macVersion)) return input;
  const { joinReqType, nonce: devNonce } = exchange;
  const jsIntKey = deriveJsIntKey(nwkKey, device.devEui);
  return { ...input, mic11: { jsIntKey, joinReqType, joinEui: device.joinEui, devNonce } };
}

function keys10(exchange: JoinExchange, joinAccept: JoinAccept): SessionKeys {
  return deriveSessionKeys10({
    key: exchange.rootKeys.nwkKey,
    joinNonce: joinAccept.joinNonce,
    netId: joinAccept.netId,
    devNonce: exchange.nonce,
  });
}

function keys11(
  exchange: JoinExchange,
  device: JoiningDevice,
  joinAccept: JoinAccept,
): SessionKeys {
  return deriveSessionKeys11({
    ...exchange.rootKeys,
    joinNonce: joinAccept.joinNonce,
    joinEui: device.joinEui,
    devNonce: exchange.nonce,
  });
}

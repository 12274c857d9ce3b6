import { JoinReqType } from "../../../lorawan/join/join-accept-mic.ts";
import type { Region } from "../../../lorawan/region/region.ts";
import { joinAccepted } from "../../../root-key/device-update.ts";
import type { DeviceProfile } from "../device-profile.ts";
import type { DeviceState } from "../device-state.ts";
import { radioSettingsOf } from "../radio/join-radio.ts";
import { isRefusal, type Refusal, refusalOf } from "../refusal.ts";
import { freshSessionCounters, type Session } from "../session.ts";
import { type AcceptedJoin, type JoinExchange, openJoinExchange } from "./join-exchange.ts";

/** A device that is in a session, to be stored before it sends anything in it. */
export interface JoinedDevice {
  readonly state: DeviceState & { readonly session: Session };
  /** Whether the Join-accept came under the candidate: the old root keys are gone now. */
  readonly hasSwitchedRootKeys: boolean;
}

/** Takes or refuses the answer to an outstanding Join-request or Rejoin-request. */
export function receiveJoinAccept(
  state: DeviceState,
  exchange: JoinExchange,
  phyPayload: Uint8Array,
  device: { readonly profile: DeviceProfile; readonly region: Region },
): JoinedDevice | Refusal {
  const { profile, region } = device;
  const accepted = openJoinExchange(
    exchange,
    { ...profile, lastJoinNonce: state.lastJoinNonce },
    phyPayload,
  );
  if (isRefusal(accepted)) return accepted;
  const kept =
    exchange.joinReqType === JoinReqType.RejoinRequest2 ? state.session?.radio : undefined;
  const radio = refusalOf(() => radioSettingsOf(region, accepted.joinAccept, kept));
  if (isRefusal(radio)) return radio;
  const hasSwitchedRootKeys = exchange.which === "candidate";
  return {
    hasSwitchedRootKeys,
    state: {
      ...state,
      update: state.update && joinAccepted(state.update, exchange.which),
      generation: state.generation + (hasSwitchedRootKeys ? 1 : 0),
      lastJoinNonce: accepted.joinAccept.joinNonce,
      session: { ...sessionOf(accepted), radio },
    },
  };
}

function sessionOf({ joinAccept, keys, isLorawan11 }: AcceptedJoin): Omit<Session, "radio"> {
  return {
    ...freshSessionCounters,
    activation: "otaa",
    isLorawan11,
    devAddr: joinAccept.devAddr,
    netId: joinAccept.netId,
    joinNonce: joinAccept.joinNonce,
    keys,
    // RekeyInd until RekeyConf; never in a 1.0 network (LoRaWAN 1.1 §6.2.3).
    isIndicating: isLorawan11,
  };
}

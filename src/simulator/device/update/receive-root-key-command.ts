import type { RandomBytes } from "../../../crypto/random.ts";
import type { DeviceUpdateState } from "../../../root-key/device-state.ts";
import { receiveNewKeyReadyAns, receiveRootKeyUpdateReq } from "../../../root-key/device-update.ts";
import { CID_ROOT_KEY_UPDATE } from "../../../root-key/mac-commands.ts";
import { ALL_SUITES } from "../../../root-key/suite.ts";
import { proprietary } from "../data/compose-uplink.ts";
import type { DeviceState } from "../device-state.ts";
import { isRefusal, type RefusalReason, refusalOf } from "../refusal.ts";
import type { Session } from "../session.ts";

/** What became of one root key command. */
export type RootKeyStep =
  | { readonly kind: "request-accepted" }
  | { readonly kind: "request-refused" }
  | { readonly kind: "must-join" }
  | { readonly kind: "ignored"; readonly reason: RefusalReason | "update-id-replayed" };

export interface ReceivedRootKeyCommand {
  /** To be stored before anything is sent. */
  readonly state: DeviceState;
  readonly step: RootKeyStep;
}

/**
 * Hands a root key command to the update machine. A device without root keys (ABP) ignores it, and so
 * does one that has just left its session because of the command before.
 *
 * @param octets the command, its identifier included
 */
export function receiveRootKeyCommand(
  state: DeviceState,
  octets: Uint8Array,
  random: RandomBytes,
): ReceivedRootKeyCommand {
  const { update, session } = state;
  if (update === null || session === null) return ignored(state, "update-not-found");
  const received = refusalOf(() =>
    octets[0] === CID_ROOT_KEY_UPDATE
      ? receiveRequest({ ...state, update, session }, octets, random)
      : receiveReady({ ...state, update }, octets),
  );
  return isRefusal(received) ? ignored(state, received.refused) : received;
}

function receiveRequest(
  state: DeviceState & { readonly update: DeviceUpdateState; readonly session: Session },
  octets: Uint8Array,
  random: RandomBytes,
): ReceivedRootKeyCommand {
  const { session } = state;
  const updateSession = { ...session.keys, joinNonce: session.joinNonce };
  const options = { random, supportedSuites: ALL_SUITES, supportsHealing: true, isBusy: false };
  const received = receiveRootKeyUpdateReq(state.update, octets, updateSession, options);
  if (received.ignored !== undefined) return ignored(state, received.ignored);
  const isAccepted = received.state !== state.update;
  // NewKeyReadyReq goes up with the next uplink and says that the request was accepted.
  const answers =
    isAccepted || received.answer === undefined
      ? session.answers
      : [...session.answers, proprietary(received.answer)];
  return {
    state: { ...state, update: received.state, session: { ...session, answers } },
    step: { kind: isAccepted ? "request-accepted" : "request-refused" },
  };
}

function receiveReady(
  state: DeviceState & { readonly update: DeviceUpdateState },
  octets: Uint8Array,
): ReceivedRootKeyCommand {
  const received = receiveNewKeyReadyAns(state.update, octets);
  if (received.ignored !== undefined) return ignored(state, received.ignored);
  const session = received.mustJoin ? null : state.session;
  return { state: { ...state, update: received.state, session }, step: { kind: "must-join" } };
}

function ignored(
  state: DeviceState,
  reason: RefusalReason | "update-id-replayed",
): ReceivedRootKeyCommand {
  return { state, step: { kind: "ignored", reason } };
}

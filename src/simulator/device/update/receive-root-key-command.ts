import type { RandomBytes } from "../../../crypto/random.ts";
import type { DeviceUpdateState } from "../../../root-key/device-state.ts";
import {
  receiveNewKeyReadyAns,
  receiveRootKeyFragment,
  receiveRootKeyUpdateReq,
} from "../../../root-key/device-update.ts";
import { CID_NEW_KEY_READY, CID_ROOT_KEY_FRAGMENT } from "../../../root-key/mac-commands.ts";
import { ALL_SUITES } from "../../../root-key/suite.ts";
import { proprietary } from "../data/uplink-commands.ts";
import type { DeviceState } from "../device-state.ts";
import { isRefusal, type RefusalReason, refusalOf } from "../refusal.ts";
import type { Session } from "../session.ts";
import type { RootKeyCarrier } from "./root-key-carrier.ts";

/** What became of one root key command. */
export type RootKeyStep =
  | { readonly kind: "fragment-received" }
  | { readonly kind: "request-accepted" }
  | { readonly kind: "request-refused" }
  | { readonly kind: "must-join" }
  | { readonly kind: "ignored"; readonly reason: RefusalReason | "update-id-replayed" };

export interface ReceivedRootKeyCommand {
  /** To be stored before anything is sent. */
  readonly state: DeviceState;
  readonly step: RootKeyStep;
}

/** What a command is read with. */
export interface RootKeyContext {
  readonly random: RandomBytes;
  readonly supportsHealing: boolean;
  /** How the command came, and how its answer goes. */
  readonly carrier: RootKeyCarrier;
}

type Updatable = DeviceState & { readonly update: DeviceUpdateState; readonly session: Session };

/**
 * Hands a root key command to the update machine. A device without root keys (ABP) ignores it, and so
 * does one that has just left its session because of the command before.
 *
 * @param octets the command, its identifier included
 */
export function receiveRootKeyCommand(
  state: DeviceState,
  octets: Uint8Array,
  context: RootKeyContext,
): ReceivedRootKeyCommand {
  const { update, session } = state;
  if (update === null || session === null) return ignored(state, "update-not-found");
  return unlessRefused(state, () => {
    const device = { ...state, update, session };
    if (octets[0] === CID_NEW_KEY_READY) return receiveReady(device, octets);
    return octets[0] === CID_ROOT_KEY_FRAGMENT
      ? receiveFragment(device, octets, context)
      : receiveRequest(device, octets, context);
  });
}

function receiveFragment(
  state: Updatable,
  octets: Uint8Array,
  context: RootKeyContext,
): ReceivedRootKeyCommand {
  const { state: update, message } = receiveRootKeyFragment(state.update, octets);
  const device = { ...state, update };
  return message === undefined
    ? { state: device, step: { kind: "fragment-received" } }
    : unlessRefused(device, () => receiveRequest(device, message, context));
}

function receiveRequest(
  state: Updatable,
  octets: Uint8Array,
  { random, supportsHealing, carrier }: RootKeyContext,
): ReceivedRootKeyCommand {
  const { session } = state;
  const updateSession = { ...session.keys, joinNonce: session.joinNonce };
  const options = { random, supportedSuites: ALL_SUITES, supportsHealing, isBusy: false };
  const received = receiveRootKeyUpdateReq(state.update, octets, updateSession, options);
  if (received.ignored !== undefined) return ignored(state, received.ignored);
  const isAccepted = received.state !== state.update;
  // NewKeyReadyReq goes up with the next uplink and says that the request was accepted.
  const refusal = isAccepted ? undefined : received.answer;
  return {
    state: {
      ...state,
      update: received.state,
      rootKeyCarrier: carrier,
      session: withAnswer(session, refusal, carrier),
    },
    step: { kind: isAccepted ? "request-accepted" : "request-refused" },
  };
}

/** On the port only the answer to the newest request is of use. */
function withAnswer(
  session: Session,
  answer: Uint8Array | undefined,
  carrier: RootKeyCarrier,
): Session {
  if (carrier === "port") return { ...session, portAnswers: answer === undefined ? [] : [answer] };
  return answer === undefined
    ? session
    : { ...session, answers: [...session.answers, proprietary(answer)] };
}

function receiveReady(state: Updatable, octets: Uint8Array): ReceivedRootKeyCommand {
  const received = receiveNewKeyReadyAns(state.update, octets);
  if (received.ignored !== undefined) return ignored(state, received.ignored);
  const session = received.mustJoin ? null : state.session;
  return { state: { ...state, update: received.state, session }, step: { kind: "must-join" } };
}

function unlessRefused(
  state: DeviceState,
  receive: () => ReceivedRootKeyCommand,
): ReceivedRootKeyCommand {
  const received = refusalOf(receive);
  return isRefusal(received) ? ignored(state, received.refused) : received;
}

function ignored(
  state: DeviceState,
  reason: RefusalReason | "update-id-replayed",
): ReceivedRootKeyCommand {
  return { state, step: { kind: "ignored", reason } };
}

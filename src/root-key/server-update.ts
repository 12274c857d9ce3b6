import type { RandomBytes } from "../crypto/random.ts";
import { generateX25519PrivateKey, x25519PublicKey } from "../crypto/x25519.ts";
import { WarrenError } from "../errors.ts";
import { formatHex } from "../lorawan/hex.ts";
import type { UpdateSession } from "./derivation/context.ts";
import { collectFragment, collectionOf, decodeFragment, updateIdBitsOf } from "./fragments.ts";
import { decodeEitherKeyReadyReq, decodeRootKeyUpdateAns, UpdateAnswerStatus } from "./messages.ts";
import type { RootKeys, WhichKeys } from "./root-keys.ts";
import {
  deriveCandidates,
  encodeAnswer,
  encodeRequest,
  isProof,
  transcriptOf,
} from "./server-proof.ts";
import {
  isUnderWay,
  isWaitingForDevice,
  type ServerUpdateState,
  type UpdateFailure,
  type UpdateRecord,
} from "./server-state.ts";
import { SUITES, type Suite } from "./suite.ts";

// The Join Server's side of an update (root-key-update.md §4) as pure functions. Every function gives a
// new state, which must be stored before anything that came with it is sent.

/** UpdateID has 16 bits and is never reused. */
const MAX_UPDATE_ID = 0xffff;
/** So many proofs that fit no session end an update: the two sides have lost each other. */
const MAX_WRONG_MICS = 3;

export interface StartUpdateOptions {
  readonly suite: Suite;
  /** Whether an X25519 exchange goes into the derivation. */
  readonly isHealing: boolean;
  readonly random: RandomBytes;
  /** Whether suite 0 has been switched on by name. */
  readonly allowRabbitSplit: boolean;
}

export interface StartedUpdate {
  readonly state: ServerUpdateState;
  /** RootKeyUpdateReq, to be sent down. */
  readonly request: Uint8Array;
}

/**
 * Starts an attempt under the next UpdateID. One under way is given up and its candidate dropped, as
 * by `failUpdate`; the old record is replaced. The private key of a healing attempt is kept until the device
 * has proven the new keys or the attempt ends.
 *
 * @throws WarrenError `suite-not-allowed`, `update-id-exhausted`
 */
export function startUpdate(state: ServerUpdateState, options: StartUpdateOptions): StartedUpdate {
  if (SUITES[options.suite].isResearchOnly && !options.allowRabbitSplit) {
    throw new WarrenError(
      "suite-not-allowed",
      `suite ${SUITES[options.suite].name} is for research and not switched on`,
    );
  }
  if (state.lastUpdateId >= MAX_UPDATE_ID) {
    throw new WarrenError("update-id-exhausted", "the device has used all its UpdateIDs");
  }
  const jsNonce = formatHex(options.random(3));
  const x25519PrivateKey = options.isHealing ? generateX25519PrivateKey(options.random) : undefined;
  const update: UpdateRecord = {
    updateId: state.lastUpdateId + 1,
    suite: options.suite,
    isHealing: options.isHealing,
    jsNonce,
    jsPublicKey: x25519PrivateKey && formatHex(x25519PublicKey(x25519PrivateKey)),
    status: "prepared",
    reason: undefined,
    wrongMics: 0,
    fragments: undefined,
  };
  const started = {
    ...state,
    candidateKeys: undefined,
    x25519PrivateKey,
    lastUpdateId: update.updateId,
    update,
  };
  return { state: started, request: encodeRequest(started, update) };
}

/**
 * The octets of the request again, always the same. From *confirmed* on there is nothing to repeat: the
 * device has it.
 *
 * @throws WarrenError `update-not-found` unless an update waits for the device
 */
export function repeatRequest(state: ServerUpdateState): Uint8Array {
  const { update } = state;
  if (update === undefined || !isWaitingForDevice(update)) {
    throw new WarrenError("update-not-found", "no update waits for this device");
  }
  return encodeRequest(state, update);
}

/** Why a message changed nothing. */
export type ServerIgnoredReason =
  /** It belongs to another attempt, or to one that is over. */
  | "update-not-found"
  /** It fits no session, or not the candidate. */
  | "mic-mismatch";

export interface ReceivedAns {
  readonly state: ServerUpdateState;
  readonly ignored: ServerIgnoredReason | undefined;
}

/**
 * RootKeyUpdateAns. Counts in *prepared* alone: a refusal that comes after an acceptance was overtaken
 * by it, since a device refuses no request it has accepted.
 *
 * @throws WarrenError `frame-…` when the octets are not one
 */
export function receiveRootKeyUpdateAns(state: ServerUpdateState, octets: Uint8Array): ReceivedAns {
  const answer = decodeRootKeyUpdateAns(octets);
  const { update } = state;
  if (update?.status !== "prepared" || update.updateId !== answer.updateId) {
    return { state, ignored: "update-not-found" };
  }
  if (answer.status === UpdateAnswerStatus.Accepted) {
    return { state: { ...state, update: { ...update, status: "accepted" } }, ignored: undefined };
  }
  const reason = answer.status === UpdateAnswerStatus.Busy ? "busy" : "suite-not-supported";
  return { state: failUpdate(state, reason), ignored: undefined };
}

export interface ReceivedFragment {
  readonly state: ServerUpdateState;
  /** NewKeyReadyReq, for `receiveNewKeyReadyReq`, when no fragment of it is missing. */
  readonly message: Uint8Array | undefined;
  readonly ignored: ServerIgnoredReason | undefined;
}

/**
 * RootKeyFragment: a part of a healing NewKeyReadyReq. Kept only while a healing update waits for it; one
 * that is there already changes nothing. After the proof each of its fragments stands for all of it.
 *
 * @throws WarrenError `frame-…` when the octets are no fragment
 */
export function receiveRootKeyFragment(
  state: ServerUpdateState,
  octets: Uint8Array,
): ReceivedFragment {
  const { updateIdBits } = decodeFragment(octets);
  const { update } = state;
  if (
    update === undefined ||
    !isUnderWay(update) ||
    !update.isHealing ||
    updateIdBitsOf(update.updateId) !== updateIdBits
  ) {
    return { state, message: undefined, ignored: "update-not-found" };
  }
  const { collected, message } = collectFragment(update.fragments, octets);
  if (collected === update.fragments) return { state, message, ignored: undefined };
  if (update.status === "confirmed") return { state, message: undefined, ignored: "mic-mismatch" };
  const collecting = { ...state, update: { ...update, fragments: collected } };
  return { state: collecting, message, ignored: undefined };
}

export interface ReceivedNewKeyReady {
  readonly state: ServerUpdateState;
  /** NewKeyReadyAns, to be sent down. */
  readonly answer: Uint8Array | undefined;
  /** The one of the sessions the proof was made in: the device is in it. Not known of a repeat. */
  readonly provenSession: UpdateSession | undefined;
  readonly ignored: ServerIgnoredReason | undefined;
}

/**
 * NewKeyReadyReq in either form: derives the new keys and checks the device's proof of them. The form of the
 * other kind belongs to no attempt: a healing update is never ended as a plain one. A public key that leads
 * to no secret is a wrong proof.
 *
 * @param sessions those the device may be in, the most likely first: a join may be half done, so the
 *   two newest
 * @throws WarrenError `frame-…` when the octets are not one
 */
export function receiveNewKeyReadyReq(
  state: ServerUpdateState,
  octets: Uint8Array,
  sessions: readonly UpdateSession[],
): ReceivedNewKeyReady {
  const message = decodeEitherKeyReadyReq(octets);
  const { update } = state;
  if (
    update === undefined ||
    !isUnderWay(update) ||
    update.updateId !== message.updateId ||
    update.isHealing !== "edPublicKey" in message
  ) {
    return ignore(state, "update-not-found");
  }
  const transcript = transcriptOf(state, update, message);
  if (state.candidateKeys !== undefined) {
    // A repeat. The sessions do not matter any more, and a wrong proof is not counted: the device has
    // proven itself already, so it was not the device's.
    return isProof(message, state.candidateKeys, transcript)
      ? {
          state,
          answer: encodeAnswer(state.candidateKeys, transcript),
          provenSession: undefined,
          ignored: undefined,
        }
      : ignore(state, "mic-mismatch");
  }
  for (const { session, candidateKeys } of deriveCandidates(state, transcript, sessions)) {
    if (isProof(message, candidateKeys, transcript)) {
      const fragments = update.isHealing ? collectionOf(octets) : undefined;
      const confirmed = {
        ...state,
        candidateKeys,
        x25519PrivateKey: undefined,
        update: { ...update, status: "confirmed" as const, fragments },
      };
      const answer = encodeAnswer(candidateKeys, transcript);
      return { state: confirmed, answer, provenSession: session, ignored: undefined };
    }
  }
  return ignore(countWrongMic(state, update), "mic-mismatch");
}

/** The root keys to try a Join-Request with, in this order. */
export function keysToTryForJoin(
  state: ServerUpdateState,
): readonly { readonly which: WhichKeys; readonly keys: RootKeys }[] {
  const current = { which: "current", keys: state.currentKeys } as const;
  return state.candidateKeys === undefined
    ? [current]
    : [{ which: "candidate", keys: state.candidateKeys }, current];
}

/**
 * A Join-Request has been accepted: its MIC verified under `which` keys **and** its DevNonce was fresh.
 * (A replayed Join-Request is no news of the device and must not get here.) The result belongs in one
 * transaction with DevNonce and JoinNonce, which go on across an update.
 *
 * Under the candidate the update is committed: the candidate is current and the old keys are gone.
 *
 * Under the current keys a *confirmed* update has failed: the device was told to switch and did not.
 * A *prepared* or *accepted* update goes on: nothing has been derived here yet, and what the device may
 * have derived it derived in a session that is still among the newest; if not, wrong MICs end the attempt.
 *
 * @throws WarrenError `update-not-found` for a candidate that is not there
 */
export function joinVerified(state: ServerUpdateState, which: WhichKeys): ServerUpdateState {
  const { update, candidateKeys } = state;
  if (which === "current") {
    return update?.status === "confirmed" ? failUpdate(state, "joined-with-current-keys") : state;
  }
  if (update === undefined || candidateKeys === undefined) {
    throw new WarrenError("update-not-found", "no candidate keys to commit");
  }
  return {
    ...state,
    currentKeys: candidateKeys,
    candidateKeys: undefined,
    generation: state.generation + 1,
    update: { ...update, status: "committed", fragments: undefined },
  };
}

/**
 * Ends the update under way and drops the candidate and the private key: abort, expiry, refusal. Safe in every
 * state: the device keeps its current keys until a Join-Accept under the candidate, which cannot come any more.
 *
 * @throws WarrenError `update-not-found` when none is under way
 */
export function failUpdate(state: ServerUpdateState, reason: UpdateFailure): ServerUpdateState {
  const { update } = state;
  if (update === undefined || !isUnderWay(update)) {
    throw new WarrenError("update-not-found", "no update is under way");
  }
  return {
    ...state,
    candidateKeys: undefined,
    x25519PrivateKey: undefined,
    update: { ...update, status: "failed", reason, fragments: undefined },
  };
}

function countWrongMic(state: ServerUpdateState, update: UpdateRecord): ServerUpdateState {
  const wrongMics = update.wrongMics + 1;
  const counted = { ...state, update: { ...update, wrongMics } };
  return wrongMics >= MAX_WRONG_MICS ? failUpdate(counted, "wrong-mics") : counted;
}

function ignore(state: ServerUpdateState, ignored: ServerIgnoredReason): ReceivedNewKeyReady {
  return { state, answer: undefined, provenSession: undefined, ignored };
}

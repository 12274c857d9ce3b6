import { equalBytes } from "../crypto/constant-time.ts";
import type { RandomBytes } from "../crypto/random.ts";
import { WarrenError } from "../errors.ts";
import { parseHex } from "../lorawan/hex.ts";
import type { UpdateSession } from "./derivation/context.ts";
import { deriveRkuIntKey } from "./derivation/rku-int-key.ts";
import { newKeyReadyAnsMic, rootKeyUpdateReqMic } from "./derivation/update-mic.ts";
import { makeCandidate, transcriptOf } from "./device-candidate.ts";
import type { DeviceCandidate, DeviceUpdateState } from "./device-state.ts";
import { collectFragment, FRAGMENT_BYTES, splitIntoFragments } from "./fragments.ts";
import {
  decodeEitherUpdateReq,
  decodeNewKeyReadyAns,
  encodeRootKeyUpdateAns,
  UpdateAnswerStatus,
} from "./messages.ts";
import type { RootKeys, WhichKeys } from "./root-keys.ts";
import { parseSuiteOctet, type Suite } from "./suite.ts";

// The end-device's side of an update (root-key-update.md §4) as pure functions. Every function gives a
// new state, which must be stored before anything that came with it is sent.

/** How often NewKeyReadyReq is sent at most. */
const MAX_READY_SENDS = 8;
/** Of the joins while there is a confirmed candidate, every third is under the current keys. */
const CURRENT_KEYS_EVERY = 3;

export interface RequestOptions {
  readonly random: RandomBytes;
  readonly supportedSuites: readonly Suite[];
  /** Whether the device can do X25519. */
  readonly supportsHealing: boolean;
  /** The device has no time or energy for an update now; the Join Server may try again later. */
  readonly isBusy: boolean;
}

/** Why a device said nothing to a message. */
export type DeviceIgnoredReason = "mic-mismatch" | "update-id-replayed" | "update-not-found";

export interface ReceivedRequest {
  readonly state: DeviceUpdateState;
  /** RootKeyUpdateAns. An acceptance may be left out: NewKeyReadyReq says as much. */
  readonly answer: Uint8Array | undefined;
  readonly ignored: DeviceIgnoredReason | undefined;
}

export interface ReceivedFragment {
  readonly state: DeviceUpdateState;
  /** The request, for `receiveRootKeyUpdateReq`, when this was the last fragment missing. */
  readonly message: Uint8Array | undefined;
}

/**
 * RootKeyFragment: a part of a healing request. Nothing of it is authentic before the request is.
 *
 * @throws WarrenError `frame-…` when the octets are no fragment
 */
export function receiveRootKeyFragment(
  state: DeviceUpdateState,
  octets: Uint8Array,
): ReceivedFragment {
  const { collected, message } = collectFragment(state.fragments, octets);
  const isNew = collected !== state.fragments;
  return { state: isNew ? { ...state, fragments: collected } : state, message };
}

/**
 * RootKeyUpdateReq in either form: derives the candidate for the session in use and gets NewKeyReadyReq
 * ready for `nextRootKeyUplink`. Drops any older candidate: the Join Server dropped it before it made this
 * request, and had it committed that candidate, the request would not verify under our current keys.
 * A refusal uses up no UpdateID. A public key that leads to no secret is as good as a wrong MIC: no honest
 * Join Server draws one.
 *
 * @throws WarrenError `frame-…` when the octets are not a request
 */
export function receiveRootKeyUpdateReq(
  state: DeviceUpdateState,
  octets: Uint8Array,
  session: UpdateSession,
  options: RequestOptions,
): ReceivedRequest {
  const request = decodeEitherUpdateReq(octets);
  const { updateId, suite } = request;
  if (updateId <= state.lastUpdateId) {
    return { state, answer: undefined, ignored: "update-id-replayed" };
  }
  const binding = { ...request, devEui: state.devEui, joinEui: state.joinEui };
  const rkuIntKey = deriveRkuIntKey(state.currentKeys, state.devEui);
  if (!equalBytes(rootKeyUpdateReqMic(rkuIntKey, binding), request.mic)) {
    return { state, answer: undefined, ignored: "mic-mismatch" };
  }
  const answer = (status: UpdateAnswerStatus) => encodeRootKeyUpdateAns({ updateId, status });
  // The healing flag without a public key is a kind that nobody supports.
  const isHealing = "jsPublicKey" in request;
  const kind = parseSuiteOctet(suite);
  if (kind?.isHealing !== isHealing || !supports(options, kind)) {
    return { state, answer: answer(UpdateAnswerStatus.SuiteNotSupported), ignored: undefined };
  }
  if (options.isBusy) {
    return { state, answer: answer(UpdateAnswerStatus.Busy), ignored: undefined };
  }
  const candidate = makeCandidate(state.currentKeys, binding, session, options.random);
  if (candidate === undefined) {
    return { state, answer: undefined, ignored: "mic-mismatch" };
  }
  return {
    state: { ...state, candidate, lastUpdateId: updateId, fragments: undefined },
    answer: answer(UpdateAnswerStatus.Accepted),
    ignored: undefined,
  };
}

function supports(
  { supportedSuites, supportsHealing }: RequestOptions,
  kind: { readonly suite: Suite; readonly isHealing: boolean },
): boolean {
  return supportedSuites.includes(kind.suite) && (supportsHealing || !kind.isHealing);
}

export interface NextUplink {
  readonly state: DeviceUpdateState;
  /** NewKeyReadyReq, always the same octets, or a fragment of it. */
  readonly octets: Uint8Array | undefined;
}

/**
 * What to put into the next uplink; to be called once for each. An unanswered NewKeyReadyReq goes with
 * the 1st, 2nd, 4th, 8th ... 128th uplink after the request, eight times in all. One that is too long goes
 * in fragments with as many uplinks one after the other, then the waiting is the same. Should a restart
 * lose the counts, it is sent more often, no more.
 *
 * @param maxLengthBytes room in the uplink; with less than a fragment needs, the state stays as it is
 */
export function nextRootKeyUplink(state: DeviceUpdateState, maxLengthBytes: number): NextUplink {
  const { candidate } = state;
  if (candidate === undefined || candidate.isConfirmed || candidate.timesSent >= MAX_READY_SENDS) {
    return { state, octets: undefined };
  }
  if (candidate.uplinksToSkip > 0) {
    const waiting = { ...candidate, uplinksToSkip: candidate.uplinksToSkip - 1 };
    return { state: { ...state, candidate: waiting }, octets: undefined };
  }
  const message = parseHex(candidate.newKeyReadyReq);
  if (message.length <= maxLengthBytes) {
    return { state: { ...state, candidate: countSending(candidate) }, octets: message };
  }
  if (maxLengthBytes < FRAGMENT_BYTES) return { state, octets: undefined };
  const fragments = splitIntoFragments(message);
  const { nextFragment } = candidate;
  const sent =
    nextFragment + 1 < fragments.length
      ? { ...candidate, nextFragment: nextFragment + 1 }
      : countSending(candidate);
  return { state: { ...state, candidate: sent }, octets: fragments[nextFragment] };
}

function countSending(candidate: DeviceCandidate): DeviceCandidate {
  return {
    ...candidate,
    timesSent: candidate.timesSent + 1,
    uplinksToSkip: 2 ** candidate.timesSent - 1,
    nextFragment: 0,
  };
}

export interface ReceivedReadyAns {
  readonly state: DeviceUpdateState;
  /** Leave the session and join now. */
  readonly mustJoin: boolean;
  readonly ignored: DeviceIgnoredReason | undefined;
}

/**
 * NewKeyReadyAns: the Join Server has the new keys too. Only the first one makes the device join: a
 * carrier that repeats it must not be able to throw the device out of its session again and again.
 *
 * @throws WarrenError `frame-…` when the octets are not one
 */
export function receiveNewKeyReadyAns(
  state: DeviceUpdateState,
  octets: Uint8Array,
): ReceivedReadyAns {
  const answer = decodeNewKeyReadyAns(octets);
  const { candidate } = state;
  if (candidate?.updateId !== answer.updateId || candidate.isConfirmed) {
    return { state, mustJoin: false, ignored: "update-not-found" };
  }
  const expectedMic = newKeyReadyAnsMic(candidate.keys, transcriptOf(state, candidate));
  if (!equalBytes(expectedMic, answer.mic)) {
    return { state, mustJoin: false, ignored: "mic-mismatch" };
  }
  const confirmed = { ...candidate, isConfirmed: true };
  return {
    state: { ...state, candidate: confirmed, joinAttempt: 0 },
    mustJoin: true,
    ignored: undefined,
  };
}

export interface NextJoin {
  readonly state: DeviceUpdateState;
  readonly which: WhichKeys;
  /** For the Join-Request, and for the only Join-Accept to be accepted as its answer. */
  readonly keys: RootKeys;
}

/**
 * The root keys of the next Join-Request: with a confirmed candidate two attempts under it, then one
 * under the current keys, and so on. The Join Server has one of the two as its current keys, and the
 * device cannot know which.
 */
export function keysForNextJoin(state: DeviceUpdateState): NextJoin {
  const { candidate, currentKeys } = state;
  if (!candidate?.isConfirmed) {
    return { state, which: "current", keys: currentKeys };
  }
  const joinAttempt = state.joinAttempt + 1;
  const next = { ...state, joinAttempt };
  return joinAttempt % CURRENT_KEYS_EVERY === 0
    ? { state: next, which: "current", keys: currentKeys }
    : { state: next, which: "candidate", keys: candidate.keys };
}

/**
 * A Join-Accept has verified under `which` keys, those of the outstanding Join-Request. Under the
 * candidate the update is done: the candidate is current and the old keys are gone.
 *
 * Under the current keys **the candidate is kept**, for later joins. In LoRaWAN 1.0.x a Join-Accept is
 * not bound to its DevNonce: this one may be a replay, and the Join Server may have committed the
 * candidate long ago. A device that dropped it here could never join again.
 *
 * @throws WarrenError `update-not-found` for a candidate that is not there or not confirmed
 */
export function joinAccepted(state: DeviceUpdateState, which: WhichKeys): DeviceUpdateState {
  if (which === "current") {
    return { ...state, joinAttempt: 0 };
  }
  const { candidate } = state;
  if (!candidate?.isConfirmed) {
    throw new WarrenError("update-not-found", "no confirmed candidate keys to switch to");
  }
  return { ...state, currentKeys: candidate.keys, candidate: undefined, joinAttempt: 0 };
}

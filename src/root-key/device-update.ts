import { equalBytes } from "../crypto/constant-time.ts";
import type { RandomBytes } from "../crypto/random.ts";
import { WarrenError } from "../errors.ts";
import { formatHex, parseHex } from "../lorawan/hex.ts";
import type { UpdateSession } from "./context.ts";
import { deriveCandidateKeys } from "./derive-root-keys.ts";
import type { DeviceCandidate, DeviceUpdateState } from "./device-state.ts";
import {
  decodeNewKeyReadyAns,
  decodeRootKeyUpdateReq,
  encodeNewKeyReadyReq,
  encodeRootKeyUpdateAns,
  UpdateAnswerStatus,
} from "./messages.ts";
import { deriveRkuIntKey } from "./rku-int-key.ts";
import type { RootKeys, WhichKeys } from "./root-keys.ts";
import { isSuite, type Suite } from "./suite.ts";
import { newKeyReadyAnsMic, newKeyReadyReqMic, rootKeyUpdateReqMic } from "./update-mic.ts";

// The end-device's side of an update (root-key-update.md §4) as pure functions. Every function gives a
// new state, which must be stored before anything that came with it is sent.

/** How often NewKeyReadyReq is sent at most. */
const MAX_READY_SENDS = 8;
/** Of the joins while there is a confirmed candidate, every third is under the current keys. */
const CURRENT_KEYS_EVERY = 3;

export interface RequestOptions {
  readonly random: RandomBytes;
  readonly supportedSuites: readonly Suite[];
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

/**
 * RootKeyUpdateReq: derives the candidate for the session in use and gets NewKeyReadyReq ready for
 * `nextRootKeyUplink`. Drops any older candidate: the Join Server dropped it before it made this
 * request, and had it committed that candidate, the request would not verify under our current keys.
 * A refusal uses up no UpdateID.
 *
 * @throws WarrenError `frame-…` when the octets are not a request
 */
export function receiveRootKeyUpdateReq(
  state: DeviceUpdateState,
  octets: Uint8Array,
  session: UpdateSession,
  options: RequestOptions,
): ReceivedRequest {
  const request = decodeRootKeyUpdateReq(octets);
  const { updateId, suite, jsNonce } = request;
  if (updateId <= state.lastUpdateId) {
    return { state, answer: undefined, ignored: "update-id-replayed" };
  }
  const binding = { devEui: state.devEui, joinEui: state.joinEui, updateId, suite, jsNonce };
  const rkuIntKey = deriveRkuIntKey(state.currentKeys, state.devEui);
  if (!equalBytes(rootKeyUpdateReqMic(rkuIntKey, binding), request.mic)) {
    return { state, answer: undefined, ignored: "mic-mismatch" };
  }
  const answer = (status: UpdateAnswerStatus) => encodeRootKeyUpdateAns({ updateId, status });
  if (!isSuite(suite) || !options.supportedSuites.includes(suite)) {
    return { state, answer: answer(UpdateAnswerStatus.SuiteNotSupported), ignored: undefined };
  }
  if (options.isBusy) {
    return { state, answer: answer(UpdateAnswerStatus.Busy), ignored: undefined };
  }
  const transcript = { ...binding, suite, edNonce: options.random(4) };
  const keys = deriveCandidateKeys(state.currentKeys, transcript, session);
  const newKeyReadyReq = encodeNewKeyReadyReq({
    updateId,
    edNonce: transcript.edNonce,
    mic: newKeyReadyReqMic(keys, transcript),
  });
  const candidate: DeviceCandidate = {
    keys,
    updateId,
    suite,
    jsNonce: formatHex(jsNonce),
    edNonce: formatHex(transcript.edNonce),
    newKeyReadyReq: formatHex(newKeyReadyReq),
    isConfirmed: false,
    timesSent: 0,
    uplinksToSkip: 0,
  };
  return {
    state: { ...state, candidate, lastUpdateId: updateId, joinAttempt: 0 },
    answer: answer(UpdateAnswerStatus.Accepted),
    ignored: undefined,
  };
}

export interface NextUplink {
  readonly state: DeviceUpdateState;
  /** NewKeyReadyReq, always the same octets. */
  readonly octets: Uint8Array | undefined;
}

/**
 * What to put into the next uplink; to be called once for each. An unanswered NewKeyReadyReq goes with
 * the 1st, 2nd, 4th, 8th ... 128th uplink after the request, eight times in all. Should a restart lose
 * the counts, it is sent more often, no more.
 */
export function nextRootKeyUplink(state: DeviceUpdateState): NextUplink {
  const { candidate } = state;
  if (candidate === undefined || candidate.isConfirmed || candidate.timesSent >= MAX_READY_SENDS) {
    return { state, octets: undefined };
  }
  if (candidate.uplinksToSkip > 0) {
    const waiting = { ...candidate, uplinksToSkip: candidate.uplinksToSkip - 1 };
    return { state: { ...state, candidate: waiting }, octets: undefined };
  }
  const sent = {
    ...candidate,
    timesSent: candidate.timesSent + 1,
    uplinksToSkip: 2 ** candidate.timesSent - 1,
  };
  return { state: { ...state, candidate: sent }, octets: parseHex(candidate.newKeyReadyReq) };
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
  const expectedMic = newKeyReadyAnsMic(candidate.keys, {
    devEui: state.devEui,
    joinEui: state.joinEui,
    updateId: candidate.updateId,
    suite: candidate.suite,
    jsNonce: parseHex(candidate.jsNonce),
    edNonce: parseHex(candidate.edNonce),
  });
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

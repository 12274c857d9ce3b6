import { equalBytes } from "../crypto/constant-time.ts";
import { x25519 } from "../crypto/x25519.ts";
import { parseHex } from "../lorawan/hex.ts";
import type { UpdateBinding, UpdateSession, UpdateTranscript } from "./derivation/context.ts";
import { deriveCandidateKeys } from "./derivation/derive-root-keys.ts";
import { deriveRkuIntKey } from "./derivation/rku-int-key.ts";
import {
  newKeyReadyAnsMic,
  newKeyReadyReqMic,
  rootKeyUpdateReqMic,
} from "./derivation/update-mic.ts";
import {
  encodeHealingUpdateReq,
  encodeNewKeyReadyAns,
  encodeRootKeyUpdateReq,
  type HealingKeyReadyReq,
  type NewKeyReadyReq,
} from "./messages.ts";
import type { RootKeys } from "./root-keys.ts";
import type { ServerUpdateState, UpdateRecord } from "./server-state.ts";
import { suiteOctet } from "./suite.ts";

/** RootKeyUpdateReq of an attempt in the form of its kind, always the same octets. */
export function encodeRequest(state: ServerUpdateState, update: UpdateRecord): Uint8Array {
  const binding = bindingOf(state, update);
  const { jsPublicKey } = binding;
  const rkuIntKey = deriveRkuIntKey(state.currentKeys, state.devEui);
  const request = { ...binding, mic: rootKeyUpdateReqMic(rkuIntKey, binding) };
  return jsPublicKey === undefined
    ? encodeRootKeyUpdateReq(request)
    : encodeHealingUpdateReq({ ...request, jsPublicKey });
}

/** What the new keys are proven over, both ways, when the device has answered with `message`. */
export function transcriptOf(
  state: ServerUpdateState,
  update: UpdateRecord,
  message: NewKeyReadyReq | HealingKeyReadyReq,
): UpdateTranscript {
  return {
    ...bindingOf(state, update),
    edNonce: message.edNonce,
    edPublicKey: "edPublicKey" in message ? message.edPublicKey : undefined,
  };
}

/**
 * The candidates that the device may have derived, one for each session, derived one at a time as they are
 * asked for. None when the public keys lead to no secret.
 */
export function* deriveCandidates(
  { currentKeys, x25519PrivateKey }: ServerUpdateState,
  transcript: UpdateTranscript,
  sessions: readonly UpdateSession[],
): Generator<{ readonly session: UpdateSession; readonly candidateKeys: RootKeys }> {
  const { edPublicKey } = transcript;
  const isHealing = edPublicKey !== undefined;
  const sharedSecret = isHealing && x25519PrivateKey && x25519(x25519PrivateKey, edPublicKey);
  if (isHealing && !sharedSecret) return;
  for (const session of sessions) {
    const candidateKeys = deriveCandidateKeys(
      currentKeys,
      transcript,
      session,
      sharedSecret || undefined,
    );
    yield { session, candidateKeys };
  }
}

export function isProof(
  message: NewKeyReadyReq,
  keys: RootKeys,
  transcript: UpdateTranscript,
): boolean {
  return equalBytes(newKeyReadyReqMic(keys, transcript), message.mic);
}

/** NewKeyReadyAns. */
export function encodeAnswer(candidateKeys: RootKeys, transcript: UpdateTranscript): Uint8Array {
  const mic = newKeyReadyAnsMic(candidateKeys, transcript);
  return encodeNewKeyReadyAns({ updateId: transcript.updateId, mic });
}

function bindingOf({ devEui, joinEui }: ServerUpdateState, update: UpdateRecord): UpdateBinding {
  const { updateId, suite, isHealing, jsNonce, jsPublicKey } = update;
  return {
    devEui,
    joinEui,
    updateId,
    suite: suiteOctet(suite, isHealing),
    jsNonce: parseHex(jsNonce),
    jsPublicKey: jsPublicKey === undefined ? undefined : parseHex(jsPublicKey),
  };
}

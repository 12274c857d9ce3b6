import type { RandomBytes } from "../crypto/random.ts";
import { generateX25519PrivateKey, x25519, x25519PublicKey } from "../crypto/x25519.ts";
import { formatHex, parseHex } from "../lorawan/hex.ts";
import type { UpdateBinding, UpdateSession, UpdateTranscript } from "./derivation/context.ts";
import { deriveCandidateKeys } from "./derivation/derive-root-keys.ts";
import { newKeyReadyReqMic } from "./derivation/update-mic.ts";
import type { DeviceCandidate, DeviceUpdateState } from "./device-state.ts";
import { encodeHealingKeyReadyReq, encodeNewKeyReadyReq } from "./messages.ts";
import type { RootKeys } from "./root-keys.ts";
import { parseSuiteOctet, type Suite, suiteOctet } from "./suite.ts";

interface DeviceShare {
  readonly edPublicKey: Uint8Array;
  readonly sharedSecret: Uint8Array;
}

/**
 * The end-device's answer to a request that has been verified: new keys, and NewKeyReadyReq that proves
 * them. The private key of a healing update lives in here alone.
 *
 * @returns undefined when the public key of the request leads to no secret
 */
export function makeCandidate(
  currentKeys: RootKeys,
  binding: UpdateBinding,
  session: UpdateSession,
  random: RandomBytes,
): DeviceCandidate | undefined {
  const edNonce = random(4);
  const { jsPublicKey } = binding;
  const share = jsPublicKey === undefined ? undefined : drawShare(jsPublicKey, random);
  if (jsPublicKey !== undefined && share === undefined) return undefined;
  const transcript: UpdateTranscript = { ...binding, edNonce, edPublicKey: share?.edPublicKey };
  const keys = deriveCandidateKeys(currentKeys, transcript, session, share?.sharedSecret);
  const { updateId } = binding;
  const ready = { updateId, edNonce, mic: newKeyReadyReqMic(keys, transcript) };
  const newKeyReadyReq =
    share === undefined
      ? encodeNewKeyReadyReq(ready)
      : encodeHealingKeyReadyReq({ ...ready, edPublicKey: share.edPublicKey });
  return {
    keys,
    updateId,
    suite: parseSuiteOctet(binding.suite)?.suite as Suite,
    jsNonce: formatHex(binding.jsNonce),
    edNonce: formatHex(edNonce),
    jsPublicKey: jsPublicKey && formatHex(jsPublicKey),
    edPublicKey: share && formatHex(share.edPublicKey),
    newKeyReadyReq: formatHex(newKeyReadyReq),
    isConfirmed: false,
    timesSent: 0,
    nextFragment: 0,
    uplinksToSkip: 0,
  };
}

/** What the new keys of a candidate are proven over, both ways. */
export function transcriptOf(
  { devEui, joinEui }: Pick<DeviceUpdateState, "devEui" | "joinEui">,
  candidate: DeviceCandidate,
): UpdateTranscript {
  const { updateId, suite, jsPublicKey, edPublicKey } = candidate;
  return {
    devEui,
    joinEui,
    updateId,
    suite: suiteOctet(suite, jsPublicKey !== undefined),
    jsNonce: parseHex(candidate.jsNonce),
    edNonce: parseHex(candidate.edNonce),
    jsPublicKey: jsPublicKey === undefined ? undefined : parseHex(jsPublicKey),
    edPublicKey: edPublicKey === undefined ? undefined : parseHex(edPublicKey),
  };
}

function drawShare(jsPublicKey: Uint8Array, random: RandomBytes): DeviceShare | undefined {
  const privateKey = generateX25519PrivateKey(random);
  const sharedSecret = x25519(privateKey, jsPublicKey);
  return sharedSecret && { edPublicKey: x25519PublicKey(privateKey), sharedSecret };
}

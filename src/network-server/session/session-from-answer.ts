import type { JoinAns, JoinReq, NetworkKeyEnvelopes } from "../../backend/join-messages.ts";
import { type KeyEnvelope, type LabelledKek, openKeyEnvelope } from "../../backend/key-envelope.ts";
import type { Aes128Key } from "../../crypto/aes128.ts";
import { WarrenError } from "../../errors.ts";
import { formatHex } from "../../lorawan/hex.ts";
import { decodeDlSettings } from "../../lorawan/join/dl-settings.ts";
import { type NetworkSessionKeys, type Session, startSession } from "./session.ts";

/** How a session came to be, for the parts that the Join Server does not decide. */
export interface Activation {
  readonly request: JoinReq;
  readonly answer: JoinAns;
  readonly keks: readonly LabelledKek[];
  readonly origin: "join" | "rejoin";
  /** Epoch ms. */
  readonly now: number;
}

/**
 * The new session of a JoinAns or RejoinAns. Network session keys are opened under this server's KEK; the
 * AppSKey stays wrapped, and one that came in clear is dropped: this server must not know it.
 *
 * @throws WarrenError `key-unwrap-failed`; `peer-answer-malformed` for keys of the other version
 */
export function sessionFromAnswer({ request, answer, keks, origin, now }: Activation): Session {
  const { optNeg, rx1DrOffset, rx2DataRate } = decodeDlSettings(request.dlSettings);
  const { appSKey } = answer;
  return startSession({
    // A Join Server that names no session delivers the AppSKey with it: any unique name will do.
    sessionKeyId: answer.sessionKeyId ?? formatHex(answer.phyPayload.slice(-16)),
    devAddr: request.devAddr,
    version: optNeg ? "1.1" : "1.0",
    origin,
    keys: openNetworkKeys(answer.networkKeys, optNeg, keks),
    ...(appSKey !== undefined && appSKey.kekLabel !== "" && { appSKey }),
    rxDelaySeconds: Math.max(request.rxDelay, 1),
    rx1DrOffset,
    rx2DataRate,
    createdAt: now,
  });
}

function openNetworkKeys(
  envelopes: NetworkKeyEnvelopes,
  optNeg: boolean,
  keks: readonly LabelledKek[],
): NetworkSessionKeys {
  if ("nwkSKey" in envelopes === optNeg) {
    throw new WarrenError("peer-answer-malformed", "the session keys are of another version");
  }
  if ("nwkSKey" in envelopes) {
    const nwkSKey = openNetworkKey(envelopes.nwkSKey, keks);
    return { fNwkSIntKey: nwkSKey, sNwkSIntKey: nwkSKey, nwkSEncKey: nwkSKey };
  }
  return {
    fNwkSIntKey: openNetworkKey(envelopes.fNwkSIntKey, keks),
    sNwkSIntKey: openNetworkKey(envelopes.sNwkSIntKey, keks),
    nwkSEncKey: openNetworkKey(envelopes.nwkSEncKey, keks),
  };
}

/** With a KEK agreed, a key in clear is a key that somebody else may have put there. */
function openNetworkKey(envelope: KeyEnvelope, keks: readonly LabelledKek[]): Aes128Key {
  if (envelope.kekLabel === "" && keks.length > 0) {
    throw new WarrenError("key-unwrap-failed", "a network session key came in clear");
  }
  return openKeyEnvelope(envelope, keks);
}

import type { ErrorCode } from "../../errors.ts";

const REMEDIES: Partial<Record<ErrorCode, string>> = {
  "request-malformed": "Compare the message of the peer with the Backend Interfaces (TS002).",
  "frame-too-short": "The Network Server passes on something that is no Join-request; look there.",
  "frame-too-long": "The Network Server passes on something that is no Join-request; look there.",
  "frame-malformed": "The Network Server passes on something that is no Join-request; look there.",
  "version-contradiction":
    "Register the device with the same LoRaWAN version here and at the Network Server.",
  "identity-contradiction":
    "The Network Server names another device or JoinEUI than the frame does; correct it there.",
  "protocol-version-unknown": "Set the peer to Backend Interfaces 1.0 or 1.1.",
  "sender-unknown":
    "Check that SenderID is on record as a peer and authenticates itself as its record asks for: from " +
    "loopback, by its token, or by its certificate, which may have expired.",
  "receiver-unknown":
    "Check the JoinEUI of the device on both sides and the JoinEUI ranges served here; a 1.0.x device with " +
    "the AppEUI of somebody else needs allowsForeignJoinEui.",
  "peer-not-allowed": "Set isAllowed in the record of the peer, if it is to ask again.",
  "rate-limited":
    "Look at what asks so often; raise the limit of the peer or of the configuration.",
  "device-unknown": "Register the device, or take it off the Network Server.",
  "session-unknown":
    "The Join Server keeps the last sessions only; the device gets a new one when it joins.",
  "mic-mismatch":
    "The device has other root keys than those on record: compare their fingerprints, and mind that the " +
    "AppKey of a 1.0.x device is the nwkKey here.",
  "rj-count-replayed": "A replay needs nothing; a device that lost its counters has to join anew.",
  "rejoin-too-often": "Look at the Network Server, which uses up the JoinNonces of the device.",
  "join-nonce-exhausted": "Give the device another DevEUI and other root keys.",
  "root-key-missing": "Give NwkKey and AppKey for LoRaWAN 1.1, the AppKey as nwkKey for 1.0.x.",
  "activation-disallowed":
    "Correct homeNetId or asId of the device, or give the Application Server a KEK of its own.",
  "device-disabled": "Set isDisabled of the device to false, if it is to join again.",
  "write-conflict": "The peer asks many times at once for this device; let it ask again.",
  "storage-failed": "Look at the database, its disk and the log of this server.",
};

/**
 * What an operator can do about a refusal, in one sentence or two.
 *
 * @param message of the error: of a DevNonce it says which one was sent and which one was the last
 */
export function remedyOf(code: ErrorCode, message: string): string | undefined {
  if (code !== "dev-nonce-replayed") return REMEDIES[code];
  return (
    `${message}: a replay needs nothing, but a device that goes on so has lost its counter, as after a ` +
    "reset to factory settings. Let it count on above the last one, or reset its nonces through the " +
    "administration API: safe once its root keys are others, at your own risk with the same keys."
  );
}

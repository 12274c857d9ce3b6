import type { ProtocolVersion } from "../../backend/header.ts";
import type { Result, ResultCode } from "../../backend/result-code.ts";
import type { ErrorCode } from "../../errors.ts";

interface ResultOfError {
  readonly resultCode: ResultCode;
  /** Where Backend Interfaces 1.1 has a code of its own; peers of 1.0 refuse to read those. */
  readonly resultCode11?: ResultCode;
  /** Fixed text for people. Inner error text never goes on the wire. */
  readonly description: string;
}

const MALFORMED = { resultCode: "MalformedRequest", resultCode11: "MalformedMessage" } as const;

const RESULT_OF_ERROR: Partial<Record<ErrorCode, ResultOfError>> = {
  "request-malformed": { ...MALFORMED, description: "The message does not have its form" },
  "text-malformed": { ...MALFORMED, description: "The message does not have its form" },
  "value-out-of-range": { ...MALFORMED, description: "A value is out of its range" },
  "frame-too-short": { ...MALFORMED, description: "The frame is too short" },
  "frame-too-long": { ...MALFORMED, description: "The frame is too long" },
  "frame-malformed": { ...MALFORMED, description: "The frame does not have its form" },
  "version-contradiction": { ...MALFORMED, description: "OptNeg, MACVersion and device disagree" },
  "identity-contradiction": {
    ...MALFORMED,
    description: "Message and frame name different devices",
  },
  "protocol-version-unknown": {
    resultCode: "InvalidProtocolVersion",
    description: "ProtocolVersion must be 1.0 or 1.1",
  },
  "sender-unknown": { resultCode: "UnknownSender", description: "SenderID is not known here" },
  "receiver-unknown": { resultCode: "UnkownReceiver", description: "JoinEUI is not served here" },
  "device-unknown": { resultCode: "UnknownDevEUI", description: "DevEUI is not known here" },
  "session-unknown": { resultCode: "UnknownDevEUI", description: "SessionKeyID is not known here" },
  "mic-mismatch": { resultCode: "MICFailed", description: "The MIC is wrong" },
  "dev-nonce-replayed": {
    resultCode: "JoinReqFailed",
    resultCode11: "FrameReplayed",
    description: "DevNonce was used before",
  },
  "rj-count-replayed": {
    resultCode: "JoinReqFailed",
    resultCode11: "FrameReplayed",
    description: "RJcount was used before",
  },
  "rejoin-too-often": {
    resultCode: "JoinReqFailed",
    description: "Too many rejoins; ask again later",
  },
  "join-nonce-exhausted": { resultCode: "JoinReqFailed", description: "JoinNonces are used up" },
  "root-key-missing": { resultCode: "JoinReqFailed", description: "A root key is missing" },
  "activation-disallowed": {
    resultCode: "ActivationDisallowed",
    description: "The device does not belong to the sender",
  },
  "device-disabled": {
    resultCode: "ActivationDisallowed",
    description: "The device is switched off",
  },
  "peer-not-allowed": {
    resultCode: "ActivationDisallowed",
    description: "The sender is not allowed to ask",
  },
  "rate-limited": { resultCode: "Other", description: "Too many requests; ask again later" },
  "update-not-allowed": { resultCode: "Deferred", description: "Not now; ask again later" },
  "update-not-found": { resultCode: "Other", description: "No update is under way" },
  "update-id-exhausted": { resultCode: "Other", description: "UpdateIDs are used up" },
  "suite-not-allowed": { resultCode: "Other", description: "The suite is not switched on" },
  "f-port-contradiction": {
    resultCode: "InvalidFPort",
    description: "FPort is not the one for root key updates",
  },
  "write-conflict": { resultCode: "Other", description: "Too many requests at once" },
  "storage-failed": { resultCode: "Other", description: "Storage failed; ask again later" },
  "vault-unavailable": { resultCode: "Other", description: "The vault failed; ask again later" },
  "vault-key-unknown": { resultCode: "Other", description: "The vault failed; ask again later" },
  "sealed-value-damaged": { resultCode: "Other", description: "A key on record cannot be used" },
  "master-key-missing": { resultCode: "Other", description: "The vault failed; ask again later" },
  "master-key-wrong": { resultCode: "Other", description: "The vault failed; ask again later" },
  "key-malformed": { resultCode: "Other", description: "A key on record cannot be used" },
};

const DEFECT: Result = { resultCode: "Other", description: "Internal error" };

/** What the peer is told of a refusal, in the codes of its protocol version. */
export function resultOfError(code: ErrorCode, version: ProtocolVersion): Result {
  const found = RESULT_OF_ERROR[code];
  if (found === undefined) return DEFECT;
  const { resultCode, resultCode11, description } = found;
  return { resultCode: version === "1.1" ? (resultCode11 ?? resultCode) : resultCode, description };
}

/** What the peer is told of a defect of ours. */
export function resultOfDefect(): Result {
  return DEFECT;
}

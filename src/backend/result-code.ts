/**
 * Result codes of the Backend Interfaces 1.0. `UnkownReceiver` is spelt as the specification's table
 * prints it, which is what the known implementations send and accept.
 */
export const RESULT_CODES = [
  "Success",
  "MICFailed",
  "JoinReqFailed",
  "NoRoamingAgreement",
  "DevRoamingDisallowed",
  "RoamingActDisallowed",
  "ActivationDisallowed",
  "UnknownDevEUI",
  "UnknownDevAddr",
  "UnknownSender",
  "UnkownReceiver",
  "Deferred",
  "XmitFailed",
  "InvalidFPort",
  "InvalidProtocolVersion",
  "StaleDeviceProfile",
  "MalformedRequest",
  "FrameSizeError",
  "Other",
  // Backend Interfaces 1.1 only
  "NoAction",
  "FrameReplayed",
  "MalformedMessage",
] as const;

export type ResultCode = (typeof RESULT_CODES)[number];

/** The outcome every answer carries. `description` is a fixed text, never an inner error. */
export interface Result {
  readonly resultCode: ResultCode;
  readonly description?: string;
}

export const SUCCESS: Result = { resultCode: "Success" };

/** Spellings other stacks send, and ours. */
const CODE_OF_TEXT: ReadonlyMap<string, ResultCode> = new Map([
  ...RESULT_CODES.map((code) => [code, code] as const),
  ["UnknownReceiver", "UnkownReceiver"],
  ["RoamingActDisallowedA", "RoamingActDisallowed"],
]);

/** A peer's result code; undefined for one that nobody knows. */
export function parseResultCode(text: string): ResultCode | undefined {
  return CODE_OF_TEXT.get(text);
}

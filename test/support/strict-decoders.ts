import assert from "node:assert/strict";
import type { Json } from "./join-server-rig.ts";

// What the decoders of two other stacks insist on, as their sources have it: chirpstack/chirpstack
// backend/src/lib.rs (serde: strict types and enumerations, hex of any length) and
// TheThingsNetwork/lorawan-stack pkg/interop/messages.go and types.go (hex of exact lengths).

const CHIRPSTACK_MESSAGE_TYPES = ["JoinAns", "RejoinAns", "AppSKeyAns", "HomeNSAns"];
const CHIRPSTACK_RESULT_CODES = [
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
  "UnknownReceiver",
  "UnkownReceiver",
  "Deferred",
  "XmitFailed",
  "InvalidFPort",
  "InvalidProtocolVersion",
  "StaleDeviceProfile",
  "MalformedRequest",
  "FrameSizeError",
  "Other",
];
const ENVELOPES = ["NwkSKey", "FNwkSIntKey", "SNwkSIntKey", "NwkSEncKey", "AppSKey"];

/** As `JoinAnsPayload`, `AppSKeyAnsPayload` or `HomeNSAnsPayload` of ChirpStack. */
export function readAsChirpStack(answer: Json): void {
  assert.equal(typeof answer["ProtocolVersion"], "string");
  // An AS-ID that is not hex is beyond it.
  hex(answer["SenderID"]);
  uint32(answer["TransactionID"]);
  assert.ok(CHIRPSTACK_MESSAGE_TYPES.includes(answer["MessageType"] as string));
  const result = answer["Result"] as Json;
  assert.ok(CHIRPSTACK_RESULT_CODES.includes(result["ResultCode"] as string));
  if ("Description" in result) assert.equal(typeof result["Description"], "string");
  for (const name of ["PHYPayload", "SessionKeyID", "ReceiverToken", "DevEUI", "HNetID"]) {
    if (name in answer) hex(answer[name]);
  }
  if ("Lifetime" in answer) uint32(answer["Lifetime"]);
  for (const name of ENVELOPES.filter((envelope) => envelope in answer)) {
    const envelope = answer[name] as Json;
    assert.equal(typeof envelope["KEKLabel"], "string");
    // It knows KEKs of 128 bits only, under which 16 bytes become 24.
    assert.equal(hex(envelope["AESKey"]).length, envelope["KEKLabel"] === "" ? 32 : 48);
  }
}

/** As `JoinAns`, `HomeNSAns` (to a NetID) or `AppSKeyAns` (to an AS-ID) of The Things Stack. */
export function readAsTheThingsStack(answer: Json): void {
  assert.ok(["1.0", "1.1"].includes(answer["ProtocolVersion"] as string));
  uint32(answer["TransactionID"]);
  hex(answer["SenderID"], 8);
  if (answer["MessageType"] !== "AppSKeyAns") hex(answer["ReceiverID"], 3);
  if ("ReceiverNSID" in answer) hex(answer["ReceiverNSID"], 8);
  assert.equal(typeof (answer["Result"] as Json)["ResultCode"], "string");
  if ("DevEUI" in answer) hex(answer["DevEUI"], 8);
  if ("HNetID" in answer) hex(answer["HNetID"], 3);
  if ("Lifetime" in answer) uint32(answer["Lifetime"]);
  for (const name of ["PHYPayload", "SessionKeyID", "ReceiverToken"]) {
    if (name in answer) hex(answer[name]);
  }
  for (const name of ENVELOPES.filter((envelope) => envelope in answer)) {
    const envelope = answer[name] as Json;
    assert.equal(typeof envelope["KEKLabel"], "string");
    hex(envelope["AESKey"], envelope["KEKLabel"] === "" ? 16 : 24);
  }
}

function hex(value: unknown, lengthBytes?: number): string {
  assert.ok(typeof value === "string");
  // ChirpStack borrows the text from the JSON, which it cannot where there is an escape.
  assert.doesNotMatch(value, /["\\]/);
  const digits = value.replace(/^0x/, "");
  assert.match(digits, /^([0-9a-fA-F]{2})*$/);
  if (lengthBytes !== undefined) assert.equal(digits.length, 2 * lengthBytes);
  return digits;
}

function uint32(value: unknown): void {
  assert.ok(Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32);
}

import { WarrenError } from "../errors.ts";
import type { Members } from "./members.ts";
import { parseResultCode, type Result } from "./result-code.ts";

export type ProtocolVersion = "1.0" | "1.1";

/** What every message of the Backend Interfaces starts with (TS002 1.0 §14, table "message header"). */
export interface MessageHeader {
  readonly protocolVersion: ProtocolVersion;
  /** NetID or JoinEUI as hex, or an AS-ID as plain text; kept as written, since it is echoed. */
  readonly senderId: string;
  readonly receiverId: string;
  /** 0..2^32-1. The Things Stack always sends 0, so it identifies nothing by itself. */
  readonly transactionId: number;
  readonly messageType: string;
  /** Opaque; comes back as ReceiverToken. */
  readonly senderToken?: string;
  /** Only in 1.1; comes back as ReceiverNSID. */
  readonly senderNsId?: string;
}

const MAX_TRANSACTION_ID = 2 ** 32 - 1;

/**
 * Reads the header.
 *
 * @throws WarrenError `request-malformed`, or `protocol-version-unknown`
 */
export function decodeHeader(members: Members): MessageHeader {
  const protocolVersion = members.text("ProtocolVersion");
  const header = {
    senderId: members.text("SenderID"),
    receiverId: members.text("ReceiverID"),
    transactionId: members.integer("TransactionID", MAX_TRANSACTION_ID),
    messageType: members.text("MessageType"),
    ...(members.has("SenderToken") && { senderToken: members.text("SenderToken") }),
    ...(members.has("SenderNSID") && { senderNsId: members.text("SenderNSID") }),
  };
  if (protocolVersion !== "1.0" && protocolVersion !== "1.1") {
    throw new WarrenError("protocol-version-unknown", "ProtocolVersion must be 1.0 or 1.1");
  }
  return { protocolVersion, ...header };
}

/** The header of a request of ours, as JSON members. */
export function encodeRequestHeader(header: MessageHeader): Record<string, unknown> {
  return {
    ProtocolVersion: header.protocolVersion,
    SenderID: header.senderId,
    ReceiverID: header.receiverId,
    TransactionID: header.transactionId,
    MessageType: header.messageType,
    ...(header.protocolVersion === "1.1" &&
      header.senderNsId !== undefined && { SenderNSID: header.senderNsId }),
  };
}

/**
 * The header and Result of the answer to `request`: both IDs swapped and spelled as received, its
 * version, its TransactionID, its tokens echoed.
 */
export function encodeAnswerHeader(
  request: MessageHeader,
  messageType: string,
  result: Result,
): Record<string, unknown> {
  return {
    ProtocolVersion: request.protocolVersion,
    SenderID: request.receiverId,
    ReceiverID: request.senderId,
    TransactionID: request.transactionId,
    MessageType: messageType,
    ...(request.senderToken !== undefined && { ReceiverToken: request.senderToken }),
    ...(request.protocolVersion === "1.1" &&
      request.senderNsId !== undefined && { ReceiverNSID: request.senderNsId }),
    Result: {
      ResultCode: result.resultCode,
      ...(result.description !== undefined && { Description: result.description }),
    },
  };
}

/** The MessageType of the answer to a request: `JoinReq` is answered by `JoinAns`. */
export function answerTypeOf(requestType: string): string {
  return requestType.replace(/Req$/, "Ans");
}

/** How much of a peer's text is kept, which may end up in a log. */
const MAX_PEER_TEXT = 200;

/** The Result of an answer. A code that nobody knows is the failure `Other`, its text in the description. */
export function decodeResult(members: Members): Result {
  const result = members.object("Result");
  const text = result.text("ResultCode");
  const resultCode = parseResultCode(text);
  const descriptions = [
    ...(resultCode === undefined ? [`ResultCode ${text}`] : []),
    ...(result.hasText("Description") ? [result.text("Description")] : []),
  ];
  return {
    resultCode: resultCode ?? "Other",
    ...(descriptions.length > 0 && {
      description: descriptions.join(": ").slice(0, MAX_PEER_TEXT),
    }),
  };
}

import { type ErrorCode, WarrenError } from "../errors.ts";
import { answerTypeOf, decodeHeader, encodeAnswerHeader, type MessageHeader } from "./header.ts";
import { Members } from "./members.ts";
import { type Result, SUCCESS } from "./result-code.ts";

/** What a server does with the requests that it takes. */
export interface RequestTaker {
  /** Does what the request wants; durable when it returns. @throws WarrenError */
  take(header: MessageHeader, members: Members): void;
  /** Told of each request that is refused, and why, which stays with this server. */
  refused(error: WarrenError): void;
}

/** What a peer is told of a refusal; it gets the code alone, and MalformedRequest for all others. */
const RESULTS: Partial<Record<ErrorCode, Result>> = {
  "protocol-version-unknown": { resultCode: "InvalidProtocolVersion" },
  "device-unknown": { resultCode: "UnknownDevEUI" },
  "sender-unknown": { resultCode: "UnknownSender" },
  "receiver-unknown": { resultCode: "UnkownReceiver" },
  "f-port-contradiction": { resultCode: "InvalidFPort" },
  "activation-disallowed": { resultCode: "ActivationDisallowed" },
  "storage-failed": { resultCode: "Other" },
};
const MALFORMED: Result = { resultCode: "MalformedRequest" };

/**
 * Answers one request of the Backend Interfaces that wants a Result and no more. Everything but a body without
 * a readable header has an answer.
 *
 * @param body the parsed JSON
 * @throws WarrenError `request-malformed` when no header can be read
 */
export function answerRequest(body: unknown, taker: RequestTaker): Record<string, unknown> {
  const members = new Members(body);
  const header = readHeader(members);
  const answerType = answerTypeOf(header.messageType);
  try {
    decodeHeader(members);
    taker.take(header, members);
    return encodeAnswerHeader(header, answerType, SUCCESS);
  } catch (error) {
    if (!(error instanceof WarrenError)) throw error;
    taker.refused(error);
    return encodeAnswerHeader(header, answerType, RESULTS[error.code] ?? MALFORMED);
  }
}

/** The header, even of a protocol version that is then refused. */
function readHeader(members: Members): MessageHeader {
  try {
    return decodeHeader(members);
  } catch (error) {
    if (!(error instanceof WarrenError) || error.code !== "protocol-version-unknown") throw error;
    return decodeHeader(members.with("ProtocolVersion", "1.0"));
  }
}

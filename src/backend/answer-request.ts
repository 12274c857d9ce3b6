import { WarrenError } from "../errors.ts";
import { answerTypeOf, decodeHeader, encodeAnswerHeader, type MessageHeader } from "./header.ts";
import { Members } from "./members.ts";
import { type Result, SUCCESS } from "./result-code.ts";

export interface RequestTaker {
  /** Does what the message wants. @throws WarrenError */
  take(header: MessageHeader, members: Members): void;
  /** What the peer is told of a refusal; texts are fixed, inner ones stay here. */
  resultOf(error: WarrenError): Result;
}

/**
 * Answers one message that wants a Result and no more. Everything but a body without a readable header has an
 * answer.
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
    return encodeAnswerHeader(header, answerType, taker.resultOf(error));
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

import {
  answerTypeOf,
  decodeHeader,
  encodeAnswerHeader,
  type MessageHeader,
} from "../backend/header.ts";
import { Members } from "../backend/members.ts";
import type { Result } from "../backend/result-code.ts";
import { SUCCESS } from "../backend/result-code.ts";
import { decodeRootKeyCommand } from "../backend/root-key-messages.ts";
import { type ErrorCode, WarrenError } from "../errors.ts";
import type { NetworkServerContext } from "./context.ts";
import { setRootKeyCommand } from "./mac/root-key-commands.ts";

/** How an expected failure looks to the peer; texts are fixed, inner ones stay here. */
const RESULTS: Partial<Record<ErrorCode, Result>> = {
  "protocol-version-unknown": { resultCode: "InvalidProtocolVersion" },
  "device-unknown": { resultCode: "UnknownDevEUI" },
  "sender-unknown": { resultCode: "UnknownSender" },
  "receiver-unknown": { resultCode: "UnkownReceiver" },
  "activation-disallowed": { resultCode: "ActivationDisallowed" },
  "storage-failed": { resultCode: "Other" },
};
const MALFORMED: Result = { resultCode: "MalformedRequest" };

/**
 * Answers one message of a Join Server (TS002). Everything but a body without a readable header has an
 * answer.
 *
 * @param body the parsed JSON
 * @throws WarrenError `request-malformed` when no header can be read
 */
export function answerBackendRequest(
  context: NetworkServerContext,
  body: unknown,
): Record<string, unknown> {
  const members = new Members(body);
  const header = readHeader(members);
  const answerType = answerTypeOf(header.messageType);
  try {
    decodeHeader(members);
    takeRequest(context, header, members);
    return encodeAnswerHeader(header, answerType, SUCCESS);
  } catch (error) {
    if (!(error instanceof WarrenError)) throw error;
    const { logger } = context;
    logger.warn(
      { event: "backend-request-refused", type: header.messageType, code: error.code },
      error.message,
    );
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

function takeRequest(
  { store, settings, logger }: NetworkServerContext,
  header: MessageHeader,
  members: Members,
): void {
  if (header.messageType !== "RootKeyUpdateReq" || !settings.relaysRootKeys) {
    throw new WarrenError("request-malformed", `this server does not know ${header.messageType}`);
  }
  if (!isSameId(header.receiverId, settings.netId)) {
    throw new WarrenError("receiver-unknown", "the ReceiverID is not our NetID");
  }
  const { devEui, macCommand } = decodeRootKeyCommand(members);
  store.changeDevice(devEui, (device) => {
    if (!isSameId(header.senderId, device.joinEui)) {
      throw new WarrenError("sender-unknown", "the SenderID is not the device's Join Server");
    }
    if (device.abpDevAddr !== undefined) {
      throw new WarrenError("activation-disallowed", "a personalized device has no root keys");
    }
    return { device: setRootKeyCommand(device, macCommand), messages: [] };
  });
  logger.info({ event: "root-key-command-queued", devEui, cid: macCommand[0] });
}

function isSameId(a: string, b: string): boolean {
  return a.replace(/^(?:0[xX])+/, "").toLowerCase() === b.toLowerCase();
}

import { answerRequest } from "../backend/answer-request.ts";
import type { MessageHeader } from "../backend/header.ts";
import { isSameId, type Members } from "../backend/members.ts";
import { decodeRootKeyCommand } from "../backend/root-key-messages.ts";
import { WarrenError } from "../errors.ts";
import type { NetworkServerContext } from "./context.ts";
import { setRootKeyCommand } from "./mac/root-key-commands.ts";

const MAX_LOGGED_TEXT = 64;

/**
 * Answers one message of a Join Server (TS002). Everything but a body without a readable header has an
 * answer.
 *
 * @param body the parsed JSON
 * @param isAuthentic whether it came with the token of this server, if it has one
 * @throws WarrenError `request-malformed` when no header can be read
 */
export function answerBackendRequest(
  context: NetworkServerContext,
  body: unknown,
  isAuthentic: boolean,
): Record<string, unknown> {
  return answerRequest(body, {
    take: (header, members) => {
      if (!isAuthentic) {
        throw new WarrenError("sender-unknown", "the token of this server is missing or wrong");
      }
      takeRequest(context, header, members);
    },
    refused: ({ code, message }) =>
      context.logger.warn({ event: "backend-request-refused", code }, message),
  });
}

function takeRequest(
  { store, settings, logger }: NetworkServerContext,
  header: MessageHeader,
  members: Members,
): void {
  if (header.messageType !== "RootKeyUpdateReq" || !settings.relaysRootKeys) {
    const type = header.messageType.slice(0, MAX_LOGGED_TEXT);
    throw new WarrenError("request-malformed", `this server does not know ${type}`);
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

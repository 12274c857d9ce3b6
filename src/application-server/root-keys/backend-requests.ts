import { answerRequest } from "../../backend/answer-request.ts";
import type { MessageHeader } from "../../backend/header.ts";
import type { Members } from "../../backend/members.ts";
import { decodeRootKeyCommand } from "../../backend/root-key-messages.ts";
import { WarrenError } from "../../errors.ts";
import type { Logger } from "../../logger.ts";
import type { RootKeyRelay } from "./root-key-relay.ts";

export interface BackendRequestContext {
  /** Undefined: root key updates do not go over an application port. */
  readonly rootKeyRelay: RootKeyRelay | undefined;
  readonly rootKeyFPort: number;
  /** AS-ID of this server. */
  readonly asId: string;
  readonly logger: Logger;
}

/**
 * Answers one message of a Join Server (TS002).
 *
 * @param body the parsed JSON
 * @param isAuthentic whether it came with the token of this server
 * @throws WarrenError `request-malformed` when no header can be read
 */
export function answerBackendRequest(
  context: BackendRequestContext,
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

function takeRequest(context: BackendRequestContext, header: MessageHeader, members: Members) {
  const { rootKeyRelay, rootKeyFPort, asId } = context;
  if (header.messageType !== "RootKeyUpdateReq") {
    throw new WarrenError("request-malformed", "an Application Server takes RootKeyUpdateReq only");
  }
  if (header.receiverId !== asId) {
    throw new WarrenError("receiver-unknown", "the ReceiverID is not our AS-ID");
  }
  const { devEui, macCommand, fPort = rootKeyFPort } = decodeRootKeyCommand(members);
  if (rootKeyRelay === undefined) {
    throw new WarrenError("f-port-contradiction", "root key updates go over no port here");
  }
  if (fPort !== rootKeyFPort) {
    throw new WarrenError(
      "f-port-contradiction",
      `FPort ${fPort}, but root key updates go over ${rootKeyFPort} here`,
    );
  }
  rootKeyRelay.takeRequest(devEui, macCommand);
}

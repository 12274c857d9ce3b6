import type { FastifyBaseLogger, FastifyReply } from "fastify";
import {
  answerTypeOf,
  decodeHeader,
  encodeAnswerHeader,
  type MessageHeader,
} from "../../backend/header.ts";
import { decodeJoinReq, encodeJoinAns } from "../../backend/join-messages.ts";
import {
  decodeAppSKeyReq,
  decodeHomeNsReq,
  encodeAppSKeyAns,
  encodeHomeNsAns,
} from "../../backend/key-messages.ts";
import { Members } from "../../backend/members.ts";
import { type Result, SUCCESS } from "../../backend/result-code.ts";
import {
  decodeRootKeyCommand,
  decodeRootKeyUpdateAsk,
  encodeRootKeyCommandAns,
  encodeRootKeyUpdateAns,
} from "../../backend/root-key-messages.ts";
import { WarrenError } from "../../errors.ts";
import type { JoinServer } from "../../join-server/join-server.ts";
import { createHttpApp, type HttpApp } from "../http-app.ts";
import { resultOfDefect, resultOfError } from "./result-of-error.ts";

type JsonMembers = Record<string, unknown>;
/** How much of a peer's own words goes into a log line. */
const MAX_LOGGED_TEXT = 20;

type Handler = (header: MessageHeader, members: Members) => Promise<JsonMembers>;

/**
 * The Backend Interfaces listener: `POST` of one JSON message on any path, answered with HTTP 200 and a
 * Result whatever happens, and with 400 only when there is no header to answer to. Known clients ignore
 * the body of any other status.
 */
export function createBackendApp(joinServer: JoinServer, logger: FastifyBaseLogger): HttpApp {
  const app = createHttpApp(logger);
  const handlers = handlersOf(joinServer);
  app.post("*", async (request, reply) => {
    const members = new Members(request.body);
    const header = readHeader(members);
    if (header === undefined) return refuseVersion(members, reply);
    const result = await answer(handlers, header, members, logger);
    return reply.code(200).send(result);
  });
  return app;
}

function handlersOf(joinServer: JoinServer): ReadonlyMap<string, Handler> {
  return new Map<string, Handler>([
    ["JoinReq", async (h, m) => encodeJoinAns(await joinServer.joinReq(h, decodeJoinReq(m)))],
    ["RejoinReq", async (h, m) => encodeJoinAns(await joinServer.rejoinReq(h, decodeJoinReq(m)))],
    [
      "AppSKeyReq",
      async (h, m) => encodeAppSKeyAns(await joinServer.appSKeyReq(h, decodeAppSKeyReq(m))),
    ],
    [
      "HomeNSReq",
      async (h, m) => encodeHomeNsAns(await joinServer.homeNsReq(h, decodeHomeNsReq(m))),
    ],
    [
      "RootKeyUpdateReq",
      async (h, m) =>
        encodeRootKeyUpdateAns(await joinServer.rootKeyUpdateReq(h, decodeRootKeyUpdateAsk(m))),
    ],
    [
      "RootKeyCommandReq",
      async (h, m) =>
        encodeRootKeyCommandAns(await joinServer.rootKeyCommandReq(h, decodeRootKeyCommand(m))),
    ],
  ]);
}

async function answer(
  handlers: ReadonlyMap<string, Handler>,
  header: MessageHeader,
  members: Members,
  logger: FastifyBaseLogger,
): Promise<JsonMembers> {
  const answerType = answerTypeOf(header.messageType);
  try {
    const handler = handlers.get(header.messageType);
    if (handler === undefined) {
      throw new WarrenError("request-malformed", "MessageType is not one this server answers");
    }
    const body = await handler(header, members);
    return { ...encodeAnswerHeader(header, answerType, SUCCESS), ...body };
  } catch (error) {
    return encodeAnswerHeader(header, answerType, describeFailure(error, header, members, logger));
  }
}

function describeFailure(
  error: unknown,
  header: MessageHeader,
  members: Members,
  logger: FastifyBaseLogger,
): Result {
  const fields = {
    messageType: header.messageType.slice(0, MAX_LOGGED_TEXT),
    senderId: header.senderId.slice(0, MAX_LOGGED_TEXT),
    transactionId: header.transactionId,
    ...(members.hasText("DevEUI") && { devEui: members.text("DevEUI").slice(0, MAX_LOGGED_TEXT) }),
  };
  if (error instanceof WarrenError) {
    logger.warn({ event: "request-refused", ...fields, reason: error.code }, error.message);
    return resultOfError(error.code, header.protocolVersion);
  }
  logger.error({ event: "defect", ...fields, err: error }, "unexpected error");
  return resultOfDefect();
}

/** Undefined for another ProtocolVersion. @throws WarrenError `request-malformed`: answered with HTTP 400 */
function readHeader(members: Members): MessageHeader | undefined {
  try {
    return decodeHeader(members);
  } catch (error) {
    if (error instanceof WarrenError && error.code === "protocol-version-unknown") return undefined;
    throw error;
  }
}

/** The rest of the header is readable, so the refusal can be said in the protocol's own terms. */
function refuseVersion(members: Members, reply: FastifyReply): FastifyReply {
  const header = decodeHeader(members.with("ProtocolVersion", "1.0"));
  const result = resultOfError("protocol-version-unknown", "1.0");
  return reply.code(200).send(encodeAnswerHeader(header, answerTypeOf(header.messageType), result));
}

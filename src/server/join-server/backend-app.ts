import { TLSSocket } from "node:tls";
import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from "fastify";
import {
  answerTypeOf,
  decodeHeader,
  encodeAnswerHeader,
  type MessageHeader,
} from "../../backend/header.ts";
import { Members } from "../../backend/members.ts";
import { type Result, SUCCESS } from "../../backend/result-code.ts";
import { type Clock, systemClock } from "../../clock.ts";
import { WarrenError } from "../../errors.ts";
import type { JoinServer } from "../../join-server/join-server.ts";
import type { PeerSettings } from "../../join-server/peers.ts";
import type { PeerStore } from "../../join-server/ports/peer-store.ts";
import type { SenderProof } from "../../join-server/senders/sender-proof.ts";
import { createHttpApp, type HttpApp } from "../http-app.ts";
import type { TlsFiles } from "../listener-settings.ts";
import { AsyncAnswers } from "./backend/async-answers.ts";
import { proofOf } from "./backend/connection-proof.ts";
import { type AdmittedRequest, handlersOf, type JsonMembers } from "./backend/handlers.ts";
import { PeerConnections } from "./backend/peer-connections.ts";
import { rootsOfPeers } from "./backend/peer-roots.ts";
import { resultOfDefect, resultOfError } from "./result-of-error.ts";

/** How much of a peer's own words goes into a log line. */
const MAX_LOGGED_TEXT = 20;

export interface BackendAppOptions {
  readonly joinServer: JoinServer;
  /** For the roots of client certificates. */
  readonly peers: Pick<PeerStore, "listNetworkServers" | "listApplicationServers">;
  readonly logger: FastifyBaseLogger;
  /** By which certificates are in time; default the machine's. */
  readonly clock?: Clock | undefined;
  /** Undefined: plain HTTP. */
  readonly tls?: TlsFiles | undefined;
  /** For answers that go to peers as requests; default without a certificate of ours. */
  readonly connections?: PeerConnections | undefined;
  readonly bodyLimitBytes?: number | undefined;
  /** Told of every message that had a header, once its answer is made. */
  readonly observe?: MessageObserver | undefined;
}

/** `resultCode` is that of the answer, `seconds` how long it took from the arrival of the message. */
export type MessageObserver = (messageType: string, resultCode: string, seconds: number) => void;

/**
 * The Backend Interfaces listener: `POST` of one JSON message on any path, answered with HTTP 200 and a
 * Result whatever happens, and with 400 only when there is no header to answer to: known clients ignore
 * the body of any other status. Peers that want it so get 204 and their answer as a request.
 */
export function createBackendApp(options: BackendAppOptions): HttpApp {
  const { logger, peers, clock = systemClock, connections = new PeerConnections() } = options;
  const app = createHttpApp(logger, {
    tls: options.tls,
    clientTrust: { roots: () => rootsOfPeers(peers) },
    bodyLimitBytes: options.bodyLimitBytes,
  });
  const desk = new Desk(options.joinServer, logger);
  const asyncAnswers = new AsyncAnswers(connections, logger);
  app.addHook("onClose", () => asyncAnswers.settled());
  app.post("*", async (request, reply) => {
    const arrivedAt = performance.now();
    const members = new Members(request.body);
    const header = readHeader(members);
    if (header === undefined) return refuseVersion(members, reply);
    const observed = (answer: JsonMembers): JsonMembers => {
      const seconds = (performance.now() - arrivedAt) / 1000;
      options.observe?.(header.messageType, resultCodeOf(answer), seconds);
      return answer;
    };
    const admitted = await desk.admit(header, members, proofOf(request, clock));
    if ("refusal" in admitted) {
      closeIfTls(request, reply);
      return reply.code(200).send(observed(admitted.refusal));
    }
    const answer = desk.answer(header, members, admitted).then(observed);
    const route = asyncRouteOf(admitted.peer);
    if (route === undefined) return reply.code(200).send(await answer);
    asyncAnswers.send(route, answer);
    return reply.code(204).send();
  });
  return app;
}

function resultCodeOf(answer: JsonMembers): string {
  return (answer["Result"] as { readonly ResultCode: string }).ResultCode;
}

function asyncRouteOf({ answers, route }: PeerSettings): PeerSettings["route"] {
  return answers === "async" ? route : undefined;
}

/** A client may have connected before its root was on record: it has to show its certificate anew. */
function closeIfTls(request: FastifyRequest, reply: FastifyReply): void {
  if (request.socket instanceof TLSSocket) reply.header("connection", "close");
}

/** Has messages answered, and turns what goes wrong into what the peer is told of it. */
class Desk {
  readonly #joinServer: JoinServer;
  readonly #handlers: ReturnType<typeof handlersOf>;
  readonly #logger: FastifyBaseLogger;

  constructor(joinServer: JoinServer, logger: FastifyBaseLogger) {
    this.#joinServer = joinServer;
    this.#handlers = handlersOf(joinServer);
    this.#logger = logger;
  }

  async admit(
    header: MessageHeader,
    members: Members,
    proof: SenderProof,
  ): Promise<AdmittedRequest | { readonly refusal: JsonMembers }> {
    try {
      const handler = this.#handlers.get(header.messageType);
      if (handler === undefined) {
        throw new WarrenError("request-malformed", "MessageType is not one this server answers");
      }
      return await handler(header, members, proof);
    } catch (error) {
      return { refusal: this.#refuse(header, members, error) };
    }
  }

  async answer(
    header: MessageHeader,
    members: Members,
    admitted: AdmittedRequest,
  ): Promise<JsonMembers> {
    try {
      const body = await admitted.answer();
      return { ...encodeAnswerHeader(header, answerTypeOf(header.messageType), SUCCESS), ...body };
    } catch (error) {
      return this.#refuse(header, members, error);
    }
  }

  #refuse(header: MessageHeader, members: Members, error: unknown): JsonMembers {
    const result = this.#resultOf(header, members, error);
    return encodeAnswerHeader(header, answerTypeOf(header.messageType), result);
  }

  #resultOf(header: MessageHeader, members: Members, error: unknown): Result {
    const fields = {
      messageType: header.messageType.slice(0, MAX_LOGGED_TEXT),
      senderId: header.senderId.slice(0, MAX_LOGGED_TEXT),
      transactionId: header.transactionId,
      ...(members.hasText("DevEUI") && {
        devEui: members.text("DevEUI").slice(0, MAX_LOGGED_TEXT),
      }),
    };
    if (error instanceof WarrenError) {
      const isTold = this.#joinServer.tellRefusal(header, members, error);
      if (!isTold) {
        const event = "request-refused";
        this.#logger.warn({ event, ...fields, reason: error.code }, error.message);
      }
      return resultOfError(error.code, header.protocolVersion);
    }
    this.#logger.error({ event: "defect", ...fields, err: error }, "unexpected error");
    return resultOfDefect();
  }
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

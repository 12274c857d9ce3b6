import type { RandomBytes } from "../crypto/random.ts";
import { WarrenError } from "../errors.ts";
import type { Eui64 } from "../lorawan/identifiers.ts";
import {
  answerTypeOf,
  decodeHeader,
  decodeResult,
  encodeRequestHeader,
  type MessageHeader,
} from "./header.ts";
import { decodeJoinAns, encodeJoinReq, type JoinAns, type JoinReq } from "./join-messages.ts";
import {
  type AppSKeyAns,
  type AppSKeyReq,
  decodeAppSKeyAns,
  decodeHomeNsAns,
  encodeAppSKeyReq,
  encodeHomeNsReq,
  type HomeNsAns,
} from "./key-messages.ts";
import { isSameId, Members } from "./members.ts";
import { PeerConnection, type PeerCredentials, type PeerResponse } from "./peer-connection.ts";
import type { Result } from "./result-code.ts";
import {
  decodeRootKeyCommandAns,
  decodeRootKeyUpdateAns,
  encodeRootKeyCommand,
  encodeRootKeyUpdateAsk,
  type RootKeyCommand,
  type RootKeyCommandAns,
  type RootKeyUpdateAns,
  type RootKeyUpdateAsk,
} from "./root-key-messages.ts";

/** ProtocolVersion of our requests. Under 1.1 they always have a SenderNSID, under 1.0 never. */
export type ClientProtocol =
  | { readonly version: "1.0" }
  | { readonly version: "1.1"; readonly senderNsId: Eui64 };

export interface BackendClientOptions {
  /** Where the peer takes messages, such as `http://127.0.0.1:7070`. */
  readonly url: string;
  /** Our NetID, JoinEUI or AS-ID. */
  readonly senderId: string;
  readonly randomBytes: RandomBytes;
  /** Default 5,000: JOIN_ACCEPT_DELAY1, after which nobody listens any more. */
  readonly timeoutMs?: number | undefined;
  /** Default 1.0. */
  readonly protocol?: ClientProtocol | undefined;
  /** What comes after the URL for a MessageType, such as `/join`, for a peer that tells them apart by it. */
  readonly paths?: Readonly<Record<string, string>> | undefined;
  /** For a connection of its own. */
  readonly credentials?: PeerCredentials | undefined;
  /** In place of one of its own. */
  readonly connection?: PeerConnection | undefined;
}

/** An answer: its members are there when the Result is `Success`, and only then. */
export type Answer<T> =
  | { readonly result: Result & { readonly resultCode: "Success" }; readonly value: T }
  | { readonly result: Result; readonly value: undefined };

/**
 * Sends messages of the Backend Interfaces to one peer and waits for the answer in the HTTP response.
 * Everything of the answer's header is checked. A refusal is an answer, not an error.
 *
 * @throws WarrenError `peer-unreachable` (no connection, time-out), `peer-answer-malformed`
 */
export class BackendClient {
  readonly #options: BackendClientOptions;
  readonly #connection: PeerConnection;

  constructor(options: BackendClientOptions) {
    this.#options = options;
    this.#connection = options.connection ?? new PeerConnection(options.url, options.credentials);
  }

  /** Certificates that were renewed. */
  renew(credentials: PeerCredentials): void {
    this.#connection.renew(credentials);
  }

  joinReq(receiverId: Eui64, request: JoinReq): Promise<Answer<JoinAns>> {
    return this.#send("JoinReq", receiverId, encodeJoinReq(request), decodeJoinAns);
  }

  rejoinReq(receiverId: Eui64, request: JoinReq): Promise<Answer<JoinAns>> {
    return this.#send("RejoinReq", receiverId, encodeJoinReq(request), decodeJoinAns);
  }

  appSKeyReq(receiverId: Eui64, request: AppSKeyReq): Promise<Answer<AppSKeyAns>> {
    return this.#send("AppSKeyReq", receiverId, encodeAppSKeyReq(request), decodeAppSKeyAns);
  }

  homeNsReq(receiverId: Eui64, devEui: Eui64): Promise<Answer<HomeNsAns>> {
    return this.#send("HomeNSReq", receiverId, encodeHomeNsReq({ devEui }), decodeHomeNsAns);
  }

  /** Network or Application Server to Join Server: may this device's root keys be updated? */
  rootKeyUpdateReq(receiverId: Eui64, ask: RootKeyUpdateAsk): Promise<Answer<RootKeyUpdateAns>> {
    return this.#send(
      "RootKeyUpdateReq",
      receiverId,
      encodeRootKeyUpdateAsk(ask),
      decodeRootKeyUpdateAns,
    );
  }

  /** Network or Application Server to Join Server: a root key command came up. */
  rootKeyCommandReq(
    receiverId: Eui64,
    command: RootKeyCommand,
  ): Promise<Answer<RootKeyCommandAns>> {
    return this.#send(
      "RootKeyCommandReq",
      receiverId,
      encodeRootKeyCommand(command),
      decodeRootKeyCommandAns,
    );
  }

  /** Join Server to a server that carries updates (`receiverId` is its NetID or AS-ID): send this down. */
  rootKeyUpdateStart(receiverId: string, command: RootKeyCommand): Promise<Answer<null>> {
    return this.#send("RootKeyUpdateReq", receiverId, encodeRootKeyCommand(command), () => null);
  }

  async #send<T>(
    messageType: string,
    receiverId: string,
    members: Record<string, unknown>,
    decode: (members: Members) => T,
  ): Promise<Answer<T>> {
    const { senderId, protocol = { version: "1.0" } } = this.#options;
    const header: MessageHeader = {
      protocolVersion: protocol.version,
      senderId,
      receiverId,
      transactionId: this.#newTransactionId(),
      messageType,
      ...(protocol.version === "1.1" && { senderNsId: protocol.senderNsId }),
    };
    const answer = await this.#post(messageType, { ...encodeRequestHeader(header), ...members });
    try {
      checkAnswerHeader(header, answer);
      const result = decodeResult(answer);
      if (result.resultCode !== "Success") return { result, value: undefined };
      return { result: { ...result, resultCode: "Success" }, value: decode(answer) };
    } catch (error) {
      throw new WarrenError(
        "peer-answer-malformed",
        `${this.#options.url} answered ${messageType} with something else: ${messageOf(error)}`,
        { cause: error },
      );
    }
  }

  /** Random and never 0, which The Things Stack sends for everything. */
  #newTransactionId(): number {
    const bytes = this.#options.randomBytes(4);
    return Buffer.from(bytes).readUInt32BE() || 1;
  }

  async #post(messageType: string, body: object): Promise<Members> {
    const { url, timeoutMs = 5_000, paths } = this.#options;
    const response = await this.#connection.post(body, timeoutMs, paths?.[messageType]);
    return membersOf(url, response);
  }
}

/** Some servers answer a refusal with 4xx or 5xx and a Result in the body: the status says nothing. */
function membersOf(url: string, { status, contentType, text }: PeerResponse): Members {
  try {
    return new Members(JSON.parse(text));
  } catch (error) {
    throw new WarrenError(
      "peer-answer-malformed",
      `${url} answered HTTP ${status} with ${contentType} instead of a JSON object`,
      { cause: error },
    );
  }
}

function checkAnswerHeader(request: MessageHeader, members: Members): void {
  const answer = decodeHeader(members);
  const matches =
    answer.messageType === answerTypeOf(request.messageType) &&
    answer.transactionId === request.transactionId &&
    isSameId(answer.senderId, request.receiverId) &&
    isSameId(answer.receiverId, request.senderId);
  if (!matches) {
    throw new WarrenError("peer-answer-malformed", "its header does not answer the request");
  }
}

function messageOf(error: unknown): string {
  return error instanceof WarrenError ? error.message : "unreadable";
}

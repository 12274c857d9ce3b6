import { WarrenError } from "../errors.ts";
import { Agent, errors, request } from "../http-request.ts";

/** What a peer is to see of us, and we of it. */
export interface PeerCredentials {
  /** The CA that the peer's certificate must come from, PEM; undefined: those the system trusts. */
  readonly ca?: string | undefined;
  /** Our own certificate with its chain and its key, PEM, for mutual TLS. */
  readonly certificate?: { readonly cert: string; readonly key: string } | undefined;
  /** The whole value of an `Authorization` header. */
  readonly authorization?: string | undefined;
}

/** What came back over HTTP. */
export interface PeerResponse {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** Connections kept to one peer; more requests at once wait for one to be free. */
const MAX_CONNECTIONS = 64;
/** No answer of the Backend Interfaces comes near. */
const MAX_RESPONSE_BYTES = 64 * 1024;

/**
 * Connections to one peer, kept open between messages. A message goes to the peer it was agreed with and
 * nowhere else: redirections are not followed.
 */
export class PeerConnection {
  readonly #url: string;
  #credentials: PeerCredentials;
  #agent: Agent;

  constructor(url: string, credentials: PeerCredentials = {}) {
    this.#url = url;
    this.#credentials = credentials;
    this.#agent = agentOf(credentials);
  }

  /** From the next message on; what is under way ends as it began. */
  renew(credentials: PeerCredentials): void {
    const before = this.#agent;
    this.#credentials = credentials;
    this.#agent = agentOf(credentials);
    void before.close();
  }

  /**
   * Posts one JSON message.
   *
   * @param path beyond the URL, such as `/join`
   * @throws WarrenError `peer-unreachable` (no connection, time-out, TLS), `peer-answer-malformed` (too large)
   */
  async post(body: object, timeoutMs: number, path = ""): Promise<PeerResponse> {
    const url = `${this.#url}${path}`;
    const { authorization } = this.#credentials;
    try {
      const response = await request(url, {
        method: "POST",
        headers: {
          // The Things Stack takes nothing but exactly this.
          "content-type": "application/json",
          ...(authorization !== undefined && { authorization }),
        },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(timeoutMs),
        dispatcher: this.#agent,
      });
      const contentType = response.headers["content-type"];
      return {
        status: response.statusCode,
        contentType: typeof contentType === "string" ? contentType : "no content type",
        text: await response.body.text(),
      };
    } catch (error) {
      if (error instanceof errors.ResponseExceededMaxSizeError) {
        throw new WarrenError("peer-answer-malformed", `${url} answered too much`);
      }
      throw new WarrenError("peer-unreachable", `no answer from ${url}${reasonOf(error)}`, {
        cause: error,
      });
    }
  }

  /** Lets what is under way end. */
  close(): Promise<void> {
    return this.#agent.close();
  }
}

function agentOf({ ca, certificate }: PeerCredentials): Agent {
  return new Agent({
    connections: MAX_CONNECTIONS,
    allowH2: false,
    maxResponseSize: MAX_RESPONSE_BYTES,
    connect: {
      minVersion: "TLSv1.2",
      ...(ca !== undefined && { ca }),
      ...(certificate !== undefined && certificate),
    },
  });
}

/** Codes such as ECONNREFUSED or CERT_HAS_EXPIRED, which say where to look. */
function reasonOf(error: unknown): string {
  const code = (error as { code?: unknown }).code;
  return typeof code === "string" && /^[A-Z0-9_]+$/.test(code) ? ` (${code})` : "";
}

import type { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import { WarrenError } from "../../errors.ts";
import { Agent, request } from "../../http-request.ts";
import { connectionError, problemOf } from "./api-error.ts";

/** For the first octets of an answer; a batch of an import may wait for others before it. */
const ANSWER_TIMEOUT_MS = 60_000;

export interface ApiClientOptions {
  /** Without a slash at its end and without `/api/v1`. */
  readonly url: string;
  readonly token: string;
  /** PEM of the CAs to trust in place of the system's. */
  readonly ca?: string | undefined;
}

export interface ApiRequest {
  /** Members that are undefined are left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Sent as JSON. */
  readonly body?: object | undefined;
  /** Sent as it is, in place of `body`. */
  readonly text?: string;
  readonly contentType?: string;
}

/** The administration API of a Join Server, as seen by the command line. Connections are kept open. */
export class ApiClient {
  readonly #baseUrl: string;
  readonly #token: string;
  readonly #agent: Agent;

  constructor({ url, token, ca }: ApiClientOptions) {
    this.#baseUrl = url;
    this.#token = token;
    this.#agent = new Agent({
      connect: { ...(ca !== undefined && { ca }) },
      headersTimeout: ANSWER_TIMEOUT_MS,
      bodyTimeout: ANSWER_TIMEOUT_MS,
    });
  }

  /**
   * One call; `path` starts after `/api/v1`.
   *
   * @returns the JSON of the answer, undefined when it has none
   * @throws WarrenError with the code and text of the server's problem details; `peer-unreachable`;
   *   `unauthorized`; `peer-refused` or `peer-answer-malformed` when it is no server of ours
   */
  async call<T>(method: Dispatcher.HttpMethod, path: string, options?: ApiRequest): Promise<T> {
    const { body, url } = await this.#send(method, path, options);
    const text = await readText(body, url);
    if (text === "") return undefined as T;
    try {
      return JSON.parse(text) as T;
    } catch {
      throw new WarrenError(
        "peer-answer-malformed",
        `the answer of ${url} is no JSON; is this the administration API of a Join Server?`,
      );
    }
  }

  get<T>(path: string, query?: ApiRequest["query"]): Promise<T> {
    return this.call("GET", path, query === undefined ? {} : { query });
  }

  /** As `call`, for an answer too long to hold: its octets as they come. */
  async stream(
    method: Dispatcher.HttpMethod,
    path: string,
    options?: ApiRequest,
  ): Promise<Readable> {
    return (await this.#send(method, path, options)).body;
  }

  close(): Promise<void> {
    return this.#agent.close();
  }

  async #send(
    method: Dispatcher.HttpMethod,
    path: string,
    { query, body, text, contentType }: ApiRequest = {},
  ): Promise<{ body: Readable; url: string }> {
    const url = `${this.#baseUrl}/api/v1${path}`;
    const content = text ?? (body === undefined ? undefined : JSON.stringify(body));
    let response: Dispatcher.ResponseData;
    try {
      response = await request(url, {
        dispatcher: this.#agent,
        method,
        headers: {
          authorization: `Bearer ${this.#token}`,
          ...(content !== undefined && { "content-type": contentType ?? "application/json" }),
        },
        ...(query !== undefined && { query: present(query) }),
        ...(content !== undefined && { body: content }),
      });
    } catch (error) {
      throw connectionError(error, this.#baseUrl);
    }
    if (response.statusCode >= 300) {
      throw problemOf(response.statusCode, await readText(response.body, url), `${method} ${url}`);
    }
    return { body: response.body, url };
  }
}

async function readText(body: Readable, url: string): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of body) chunks.push(chunk as Buffer);
  } catch (error) {
    throw connectionError(error, url);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function present(query: NonNullable<ApiRequest["query"]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(query)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, String(value)]),
  );
}

import type { FastifyRequest } from "fastify";
import { equalBytes } from "../../../crypto/constant-time.ts";
import { sha256 } from "../../../crypto/sha256.ts";
import { WarrenError } from "../../../errors.ts";
import type { Authenticator, Caller } from "../../../join-server/access/authenticator.ts";
import type {
  ConsoleSession,
  ConsoleSessions,
} from "../../../join-server/access/console-sessions.ts";
import { sessionIdOf } from "../console/session-cookie.ts";

/** The header that every change with a cookie has, so that no other site can have it sent. */
export const CSRF_HEADER = "x-csrf-token";

/** Who sends a request, and how it has shown that. */
export interface AuthenticatedCaller {
  readonly caller: Caller;
  /** Undefined: with an API token. */
  readonly session: ConsoleSession | undefined;
}

export interface RequestAuthenticatorOptions {
  readonly authenticator: Authenticator;
  readonly sessions: ConsoleSessions;
}

/** Tells who sends a request: by its `Authorization: Bearer`, else by the cookie of its session. */
export class RequestAuthenticator {
  readonly #authenticator: Authenticator;
  readonly #sessions: ConsoleSessions;

  constructor({ authenticator, sessions }: RequestAuthenticatorOptions) {
    this.#authenticator = authenticator;
    this.#sessions = sessions;
  }

  /**
   * @returns undefined for a token or session that is unknown or no longer valid
   * @throws WarrenError `storage-failed`
   */
  authenticate(request: FastifyRequest): Promise<AuthenticatedCaller | undefined> {
    return this.#find(request, (id) => this.#sessions.use(id));
  }

  /** As `authenticate`, but a session that is asked for so still ends when nobody uses it. */
  authenticateAgain(request: FastifyRequest): Promise<AuthenticatedCaller | undefined> {
    return this.#find(request, (id) => this.#sessions.look(id));
  }

  async #find(
    request: FastifyRequest,
    findSession: (id: string) => ConsoleSession | undefined,
  ): Promise<AuthenticatedCaller | undefined> {
    const token = bearerTokenOf(request);
    if (token !== undefined) {
      const caller = await this.#authenticator.authenticate(token);
      return caller && { caller, session: undefined };
    }
    const id = sessionIdOf(request);
    const session = id === undefined ? undefined : findSession(id);
    if (session === undefined) return undefined;
    const caller = await this.#authenticator.authenticateHash(session.tokenHash);
    // The token was revoked or has expired, and its sessions with it.
    if (caller === undefined) this.#sessions.end(session);
    return caller && { caller, session };
  }
}

export function bearerTokenOf({ headers }: FastifyRequest): string | undefined {
  return /^Bearer +([^ ]+)$/i.exec(headers.authorization ?? "")?.[1];
}

/**
 * Refuses what a page of another site has its visitor's browser send.
 *
 * @throws WarrenError `cross-site-request`
 */
export function checkSite({ headers }: FastifyRequest): void {
  // Another port of the same machine is the same site, but not the same origin.
  const site = headers["sec-fetch-site"];
  if (site !== "cross-site" && site !== "same-site") return;
  throw new WarrenError(
    "cross-site-request",
    "the page of another address sent this request; open the console at this server's own address",
  );
}

/**
 * The same by a secret that other sites do not know, for requests that change something.
 *
 * @throws WarrenError `csrf-token-missing`
 */
export function checkCsrfToken({ headers, method }: FastifyRequest, session: ConsoleSession): void {
  if (method === "GET" || method === "HEAD") return;
  const given = headers[CSRF_HEADER];
  // Hashed, so that the comparison is of equal lengths whatever was sent.
  const isRight = typeof given === "string" && equalBytes(sha256(given), sha256(session.csrfToken));
  if (isRight) return;
  throw new WarrenError(
    "csrf-token-missing",
    `a change with the cookie of a session needs the header ${CSRF_HEADER} with the csrfToken of ` +
      "GET /api/v1/session; load the page again",
  );
}

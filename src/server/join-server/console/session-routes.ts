import type { RateLimiterMemory } from "rate-limiter-flexible";
import { type Static, Type } from "typebox";
import type { Clock } from "../../../clock.ts";
import { WarrenError } from "../../../errors.ts";
import { hashApiToken } from "../../../join-server/access/api-token-text.ts";
import type { Authenticator, Caller } from "../../../join-server/access/authenticator.ts";
import type {
  ConsoleSession,
  ConsoleSessions,
} from "../../../join-server/access/console-sessions.ts";
import { RIGHTS_OF_ROLE } from "../../../join-server/access/rights.ts";
import type { SignInCodes } from "../../../join-server/access/sign-in-codes.ts";
import { formatTime } from "../../format-time.ts";
import type { HttpApp } from "../../http-app.ts";
import { bearerTokenOf, checkSite } from "../admin/authenticate-request.ts";
import { refuseCaller } from "../admin/refuse-caller.ts";
import { callerOf } from "../admin/route-access.ts";
import { clearSessionCookie, setSessionCookie } from "./session-cookie.ts";
import { SessionView, SignInBody, SignInCodeView } from "./session-schemas.ts";

/** What signing in takes. */
export interface SignInServices {
  readonly authenticator: Authenticator;
  readonly sessions: ConsoleSessions;
  readonly codes: SignInCodes;
  readonly failures: RateLimiterMemory;
  readonly clock: Clock;
  /** The listener has TLS, so its cookies need never go without. */
  readonly isSecure: boolean;
}

const TAGS = ["access"];
const ADVICE =
  "no such token or code: a token may be revoked or expired, a code is for one sign-in within ten " +
  "minutes; `warren console` prints a link with a new one";

/** Signing in to the console, and out. */
export function addSessionRoutes(scope: HttpApp, services: SignInServices): void {
  const { sessions, codes, clock, isSecure } = services;
  scope.post(
    "/session",
    {
      config: { right: "public" },
      schema: {
        tags: TAGS,
        summary: "Sign in to the console",
        description:
          "Takes an API token or a one-time code, and sets the cookie warren-session (HttpOnly, " +
          "SameSite=Strict), for at most 12 hours, two of them idle.",
        body: SignInBody,
        response: { 200: SessionView },
      },
    },
    async (request, reply) => {
      checkSite(request);
      const found = await findCaller(request.body, services);
      if (found === undefined) {
        return refuseCaller(request, reply, { advice: ADVICE, failures: services.failures });
      }
      const { caller, tokenHash } = found;
      const { id, session } = sessions.start(tokenHash, caller.expiresAt);
      const maxAgeMs = session.expiresAt - clock.now();
      setSessionCookie(reply, id, { isSecure, maxAgeMs });
      request.log.info({ event: "signed-in", actor: caller.actor, address: request.ip });
      return describeSession(caller, session);
    },
  );
  scope.get(
    "/session",
    {
      config: { right: "any-token" },
      schema: {
        tags: TAGS,
        summary: "The session of this browser, as the sign-in told it",
        response: { 200: SessionView },
      },
    },
    (request) => {
      const { session } = request;
      if (session !== undefined) return describeSession(callerOf(request), session);
      throw new WarrenError(
        "resource-unknown",
        "a request with an API token has no session; GET /api/v1/whoami says whose token it is",
      );
    },
  );
  scope.delete(
    "/session",
    {
      config: { right: "any-token" },
      schema: {
        tags: TAGS,
        summary: "Sign out: the session ends, and the event stream that it has open",
        response: { 204: Type.Null({ description: "signed out" }) },
      },
    },
    (request, reply) => {
      const { session } = request;
      if (session !== undefined) {
        sessions.end(session);
        request.log.info({ event: "signed-out", actor: callerOf(request).actor });
      }
      clearSessionCookie(reply);
      reply.code(204).send(null);
    },
  );
  addSignInCodeRoute(scope, codes);
}

function addSignInCodeRoute(scope: HttpApp, codes: SignInCodes): void {
  scope.post(
    "/sign-in-codes",
    {
      config: { right: "any-token", bearerOnly: true },
      schema: {
        tags: TAGS,
        summary: "A one-time code to sign in to the console with",
        description:
          "For one session with the rights of the token that asks, within ten minutes. It stands behind the # " +
          "of <address>/console/sign-in#<code>. The session of a browser gets none (403).",
        response: { 201: SignInCodeView },
      },
    },
    (request, reply) => {
      const { code, expiresAt } = codes.draw(hashApiToken(bearerTokenOf(request) ?? ""));
      request.log.info({ event: "sign-in-code-drawn", actor: callerOf(request).actor });
      reply.code(201).send({ code, expiresAt: formatTime(expiresAt) });
    },
  );
}

/** @throws WarrenError `storage-failed` */
async function findCaller(
  body: Static<typeof SignInBody>,
  { authenticator, codes }: SignInServices,
): Promise<{ readonly caller: Caller; readonly tokenHash: string } | undefined> {
  if ("token" in body) {
    const caller = await authenticator.authenticate(body.token);
    return caller && { caller, tokenHash: hashApiToken(body.token) };
  }
  const tokenHash = codes.take(body.code);
  if (tokenHash === undefined) return undefined;
  const caller = await authenticator.authenticateHash(tokenHash);
  return caller && { caller, tokenHash };
}

function describeSession({ actor, name, role }: Caller, session: ConsoleSession) {
  const { csrfToken } = session;
  const rights = [...RIGHTS_OF_ROLE[role]];
  return { actor, name, role, rights, expiresAt: formatTime(session.expiresAt), csrfToken };
}

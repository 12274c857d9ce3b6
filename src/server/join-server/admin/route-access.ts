import type { FastifyReply, FastifyRequest } from "fastify";
import type { RateLimiterMemory } from "rate-limiter-flexible";
import { WarrenError } from "../../../errors.ts";
import type { Caller } from "../../../join-server/access/authenticator.ts";
import type { ConsoleSession } from "../../../join-server/access/console-sessions.ts";
import { hasRight, type Right, rolesWith } from "../../../join-server/access/rights.ts";
import type { HttpApp } from "../../http-app.ts";
import { clearSessionCookie, sessionIdOf } from "../console/session-cookie.ts";
import {
  type AuthenticatedCaller,
  checkCsrfToken,
  checkSite,
  type RequestAuthenticator,
} from "./authenticate-request.ts";
import { refuseCaller } from "./refuse-caller.ts";

/** What a route wants: a right, no more than a token that is valid, or nothing. */
export type RouteAccess = Right | "any-token" | "public";

declare module "fastify" {
  interface FastifyContextConfig {
    right?: RouteAccess;
    /** The route looks at `If-Match`; others refuse it, since ignoring it would lose what it protects. */
    takesIfMatch?: boolean;
    /** The cookie of a session will not do. */
    bearerOnly?: boolean;
  }
  interface FastifyRequest {
    /** Who sends it; on a public route nobody. */
    caller: Caller | undefined;
    /** The session of the console that it comes from. */
    session: ConsoleSession | undefined;
    /** For an answer that goes on: whether its token is still valid and has the right of the route. */
    isStillAllowed: (() => Promise<boolean>) | undefined;
  }
}

const ADVICE =
  "send Authorization: Bearer <token> with an API token that is neither revoked nor expired, " +
  "or the one in the file admin-token of the data folder";
const SESSION_ADVICE =
  "the session has ended: its token was revoked or has expired, nobody used it for two hours, or the " +
  "server was started anew; sign in again";

/** Says who calls: only on routes that want a token. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === undefined) throw new TypeError("a public route has no caller");
  return request.caller;
}

/**
 * Lets only those through to the routes of `scope` who have the right that the route declares. A route
 * that declares none cannot be registered.
 *
 * @param failures how often an address may come without a valid token; those who have one are not held up
 */
export function requireRights(
  scope: HttpApp,
  authenticator: RequestAuthenticator,
  failures: RateLimiterMemory,
): void {
  scope.decorateRequest("caller", undefined);
  scope.decorateRequest("session", undefined);
  scope.decorateRequest("isStillAllowed", undefined);
  scope.addHook("onRoute", ({ config, method, url }) => {
    if (config?.right === undefined) {
      throw new TypeError(`${method} ${url} does not say which right it wants (config.right)`);
    }
  });
  scope.addHook("onRequest", async (request, reply) => {
    reply.header("cache-control", "no-store");
    const { right } = request.routeOptions.config;
    if (right === "public") return;
    const found = await authenticator.authenticate(request);
    if (found === undefined) return refuse(request, reply, failures);
    check(request, found, right);
    request.caller = found.caller;
    request.session = found.session;
    request.isStillAllowed = async () => {
      const now = await authenticator.authenticateAgain(request);
      return now !== undefined && isAllowed(now.caller, right);
    };
  });
}

function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  failures: RateLimiterMemory,
): Promise<never> {
  const hasCookie = sessionIdOf(request) !== undefined;
  const isOfSession = hasCookie && request.headers.authorization === undefined;
  if (isOfSession) clearSessionCookie(reply);
  return refuseCaller(request, reply, { advice: isOfSession ? SESSION_ADVICE : ADVICE, failures });
}

/** @throws WarrenError `forbidden`, `cross-site-request`, `csrf-token-missing`, `request-malformed` */
function check(
  request: FastifyRequest,
  { caller, session }: AuthenticatedCaller,
  right: RouteAccess | undefined,
): void {
  if (session !== undefined) {
    checkSite(request);
    checkCsrfToken(request, session);
    checkTakesSession(request);
  }
  checkRight(caller, right);
  checkPreconditions(request);
}

/** @throws WarrenError `forbidden` */
function checkTakesSession({ routeOptions }: FastifyRequest): void {
  if (routeOptions.config.bearerOnly !== true) return;
  throw new WarrenError("forbidden", `the session of a browser will not do here: ${ADVICE}`);
}

/** @throws WarrenError `forbidden` */
function checkRight({ role }: Caller, right: RouteAccess | undefined): void {
  if (right === undefined || right === "public") throw new TypeError("a route without a right");
  if (right === "any-token" || hasRight(role, right)) return;
  throw new WarrenError(
    "forbidden",
    `the role ${role} has not the right ${right}; it takes one of: ${rolesWith(right).join(", ")}`,
  );
}

function isAllowed({ role }: Caller, right: RouteAccess | undefined): boolean {
  return (
    right === "any-token" || (right !== undefined && right !== "public" && hasRight(role, right))
  );
}

/** @throws WarrenError `request-malformed` */
function checkPreconditions({ headers, method, routeOptions }: FastifyRequest): void {
  const isRead = method === "GET" || method === "HEAD";
  if (isRead || headers["if-match"] === undefined || routeOptions.config.takesIfMatch) return;
  throw new WarrenError(
    "request-malformed",
    "this resource has no version to compare If-Match with",
  );
}

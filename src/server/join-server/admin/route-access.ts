import type { FastifyReply, FastifyRequest } from "fastify";
import { type RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { WarrenError } from "../../../errors.ts";
import type { Authenticator, Caller } from "../../../join-server/access/authenticator.ts";
import { hasRight, type Right, rolesWith } from "../../../join-server/access/rights.ts";
import type { HttpApp } from "../../http-app.ts";

/** What a route wants: a right, no more than a token that is valid, or nothing. */
export type RouteAccess = Right | "any-token" | "public";

declare module "fastify" {
  interface FastifyContextConfig {
    right?: RouteAccess;
    /** The route looks at `If-Match`; others refuse it, since ignoring it would lose what it protects. */
    takesIfMatch?: boolean;
  }
  interface FastifyRequest {
    /** Who sends it; on a public route nobody. */
    caller: Caller | undefined;
    /** For an answer that goes on: whether its token is still valid and has the right of the route. */
    isStillAllowed: (() => Promise<boolean>) | undefined;
  }
}

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
  authenticator: Authenticator,
  failures: RateLimiterMemory,
): void {
  scope.decorateRequest("caller", undefined);
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
    const caller = await authenticate(request, authenticator);
    if (caller === undefined) await refuseCaller(request, reply, failures);
    else checkRight(caller, right);
    checkPreconditions(request);
    request.caller = caller;
    request.isStillAllowed = async () => {
      const now = await authenticate(request, authenticator);
      return now !== undefined && isAllowed(now, right);
    };
  });
}

function authenticate(
  request: FastifyRequest,
  authenticator: Authenticator,
): Promise<Caller | undefined> {
  const [, token] = /^Bearer +([^ ]+)$/i.exec(request.headers.authorization ?? "") ?? [];
  return token === undefined ? Promise.resolve(undefined) : authenticator.authenticate(token);
}

/** @throws WarrenError `unauthorized`, `too-many-failures` */
async function refuseCaller(
  request: FastifyRequest,
  reply: FastifyReply,
  failures: RateLimiterMemory,
): Promise<never> {
  try {
    await failures.consume(request.ip);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    reply.header("retry-after", Math.ceil(error.msBeforeNext / 1000));
    throw new WarrenError(
      "too-many-failures",
      "too many requests without a valid token from this address; correct the token, then wait a minute",
    );
  }
  // Neither the token nor the URL, which may be a slip of the pen that has it.
  request.log.warn({
    event: "unauthorized",
    address: request.ip,
    method: request.method,
    route: request.routeOptions.url,
  });
  reply.header("www-authenticate", 'Bearer realm="warren"');
  throw new WarrenError(
    "unauthorized",
    "send Authorization: Bearer <token> with an API token that is neither revoked nor expired, " +
      "or the one in the file admin-token of the data folder",
  );
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

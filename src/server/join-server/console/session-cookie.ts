import type { FastifyReply, FastifyRequest } from "fastify";

/** The cookie of a signed-in browser: the id of its session. */
export const SESSION_COOKIE = "warren-session";

/** No script reads it, and no other site can have it sent. */
const ATTRIBUTES = { httpOnly: true, sameSite: "strict", path: "/" } as const;

export function sessionIdOf(request: FastifyRequest): string | undefined {
  return request.cookies[SESSION_COOKIE];
}

/** @param cookie `isSecure`: the browser sends it over TLS only; `maxAgeMs`: and for so long */
export function setSessionCookie(
  reply: FastifyReply,
  id: string,
  { isSecure, maxAgeMs }: { readonly isSecure: boolean; readonly maxAgeMs: number },
): void {
  const maxAge = Math.floor(maxAgeMs / 1000);
  reply.setCookie(SESSION_COOKIE, id, { ...ATTRIBUTES, secure: isSecure, maxAge });
}

export function clearSessionCookie(reply: FastifyReply): void {
  reply.clearCookie(SESSION_COOKIE, ATTRIBUTES);
}

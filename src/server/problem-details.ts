import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { type ErrorCode, WarrenError } from "../errors.ts";

/** Every other code is the client's fault: 400. */
const HTTP_STATUS: Partial<Record<ErrorCode, number>> = {
  unauthorized: 401,
  forbidden: 403,
  "csrf-token-missing": 403,
  "cross-site-request": 403,
  "too-many-failures": 429,
  "resource-unknown": 404,
  "precondition-failed": 412,
  "nonce-reset-refused": 409,
  "rate-limited": 429,
  "device-unknown": 404,
  "session-unknown": 409,
  "update-not-found": 404,
  "update-not-allowed": 409,
  "update-not-deliverable": 409,
  "update-id-exhausted": 409,
  "campaign-not-allowed": 409,
  "downlink-refused": 409,
  "write-conflict": 409,
  "peer-unreachable": 502,
  "peer-answer-malformed": 502,
  "peer-refused": 502,
  "storage-failed": 503,
  "vault-unavailable": 503,
  "vault-key-unknown": 503,
  "sealed-value-damaged": 500,
  "master-key-missing": 503,
  "master-key-wrong": 503,
};

/** The HTTP status that an administration API answers an error with. */
export function httpStatusOf(code: ErrorCode): number {
  return HTTP_STATUS[code] ?? 400;
}

/**
 * The error handler of every administration API: RFC 9457 problem details. Expected failures show
 * their code and message; anything else is a bug, logged with its stack and answered without a word
 * about it.
 */
export function sendProblem(
  error: FastifyError | WarrenError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (error instanceof WarrenError) {
    return problem(reply, httpStatusOf(error.code), error.code, error.message);
  }
  const status = error.statusCode ?? 500;
  if (status < 500) return problem(reply, status, "request-malformed", error.message);
  request.log.error({ event: "defect", err: error }, "unexpected error");
  return problem(reply, 500, "defect", "internal error; see the log of this server");
}

/** Answers one problem: `code` is the stable reason, `detail` is for people. */
export function problem(
  reply: FastifyReply,
  status: number,
  code: string,
  detail: string,
): FastifyReply {
  return reply
    .code(status)
    .type("application/problem+json")
    .send({ type: `urn:warren:error:${code}`, title: code, status, detail });
}

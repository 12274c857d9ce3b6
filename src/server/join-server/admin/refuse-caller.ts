import type { FastifyReply, FastifyRequest } from "fastify";
import { type RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { WarrenError } from "../../../errors.ts";

/**
 * Refuses who has shown nothing valid, and counts that for the address.
 *
 * @param advice what to send instead
 * @param failures how often an address may come so
 * @throws WarrenError `unauthorized`, `too-many-failures`
 */
export async function refuseCaller(
  request: FastifyRequest,
  reply: FastifyReply,
  { advice, failures }: { readonly advice: string; readonly failures: RateLimiterMemory },
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
  throw new WarrenError("unauthorized", advice);
}

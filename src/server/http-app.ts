import type { IncomingMessage, ServerResponse } from "node:http";
import { isIP } from "node:net";
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from "@fastify/type-provider-typebox";
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  LogController,
  type RawServerDefault,
} from "fastify";
import { WarrenError } from "../errors.ts";
import { problem, sendProblem } from "./problem-details.ts";

/** A Fastify app whose routes are typed by their TypeBox schemas. */
export type HttpApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** The Things Stack sends at most 32 kB; nothing of ours is larger. */
const BODY_LIMIT_BYTES = 64 * 1024;
/** For a peer to send all of a request, so that a slow one cannot hold a connection for ever. */
const REQUEST_TIMEOUT_MS = 30_000;
/** For requests under way when an app closes. */
const CLOSE_GRACE_MS = 2_000;

/**
 * An app with the settings all our listeners share: body limit, problem details, `GET /livez`. It does
 * not listen yet, so tests can use `inject()`.
 */
export function createHttpApp(logger: FastifyBaseLogger): HttpApp {
  const app = Fastify({
    loggerInstance: logger,
    bodyLimit: BODY_LIMIT_BYTES,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: "idle",
    requestTimeout: REQUEST_TIMEOUT_MS,
    // A URL that cannot be read never gets as far as the error handler.
    frameworkErrors: (error, request, reply) => sendProblem(error, request, reply),
  }).withTypeProvider<TypeBoxTypeProvider>();
  // Fastify's own compiler drops unknown members and turns `null` into 0: here a body is taken as it is.
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  app.addHook("preClose", (done) => {
    // A connection that has not sent a whole request is not idle, and would hold the app open for ever.
    setTimeout(() => app.server.closeAllConnections(), CLOSE_GRACE_MS).unref();
    done();
  });
  app.setErrorHandler(sendProblem);
  app.setNotFoundHandler((request, reply) =>
    problem(reply, 404, "not-found", `no such resource: ${request.method} ${pathOf(request.url)}`),
  );
  app.get("/livez", () => ({ status: "ok" }));
  return app;
}

/**
 * Starts to listen and returns the base URL.
 *
 * @throws WarrenError `port-in-use` or `configuration-invalid` with what to do about it
 */
export async function listen(app: HttpApp, host: string, port: number): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw listenError(error, `${host}:${port}`);
  }
  const address = app.server.address();
  const boundPort = typeof address === "object" && address !== null ? address.port : port;
  return `http://${isIP(host) === 6 ? `[${host}]` : host}:${boundPort}`;
}

/** Turns the system's error of a failed bind into one that says what to do. */
export function listenError(error: unknown, address: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "EADDRINUSE") {
    return new WarrenError(
      "port-in-use",
      `${address} is in use by another program; stop it or choose another port`,
      { cause: error },
    );
  }
  if (code === "EACCES" || code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
    return new WarrenError("configuration-invalid", `cannot listen on ${address} (${code})`, {
      cause: error,
    });
  }
  return error;
}

function pathOf(url: string): string {
  return url.split("?", 1)[0] ?? url;
}

import type { IncomingMessage, ServerResponse } from "node:http";
import { isIP } from "node:net";
import { Server as TlsServer } from "node:tls";
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  LogController,
  type RawServerDefault,
} from "fastify";
import { WarrenError } from "../errors.ts";
import type { ListenerSettings, TlsFiles } from "./listener-settings.ts";
import { problem, sendProblem } from "./problem-details.ts";
import { ROUTE_SCHEMAS, type TypeBoxTypeProvider } from "./route-schemas.ts";
import { type ClientTrust, ListenerTls } from "./tls/listener-tls.ts";
import { isLoopback } from "./tls/loopback.ts";

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

/** How an app is reached: over TLS when it has a certificate. */
export interface HttpAppOptions {
  readonly tls?: TlsFiles | undefined;
  /** With `tls`: clients are asked for certificates. */
  readonly clientTrust?: ClientTrust | undefined;
  readonly bodyLimitBytes?: number | undefined;
}

/**
 * An app with the settings all our listeners share: body limit, problem details, `GET /livez`. It does
 * not listen yet, so tests can use `inject()`.
 *
 * @throws WarrenError `configuration-invalid` for a certificate or key that cannot be used
 */
export function createHttpApp(logger: FastifyBaseLogger, options: HttpAppOptions = {}): HttpApp {
  const tls = options.tls && new ListenerTls(options.tls, options.clientTrust);
  const app = Fastify({
    // The types tell plain from TLS servers; what is done with either here is the same.
    ...(tls && { https: tls.options() as unknown as null }),
    loggerInstance: logger,
    // Fastify's own drop unknown members and turn `null` into 0.
    schemaController: ROUTE_SCHEMAS,
    bodyLimit: options.bodyLimitBytes ?? BODY_LIMIT_BYTES,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: "idle",
    requestTimeout: REQUEST_TIMEOUT_MS,
    // A URL that cannot be read never gets as far as the error handler.
    frameworkErrors: (error, request, reply) => sendProblem(error, request, reply),
  }).withTypeProvider<TypeBoxTypeProvider>();
  if (tls !== undefined) renewTls(app, tls, logger);
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

function renewTls(app: HttpApp, tls: ListenerTls, logger: FastifyBaseLogger): void {
  let end: (() => void) | undefined;
  app.addHook("onReady", async () => {
    // The types know servers without TLS only.
    end = await tls.keepUpToDate(app.server as object as TlsServer, logger);
  });
  app.addHook("onClose", (_app, done) => {
    end?.();
    done();
  });
}

/**
 * Starts to listen and returns the base URL. Plain HTTP is for this machine alone, unless allowed by name.
 *
 * @throws WarrenError `port-in-use` or `configuration-invalid` with what to do about it
 */
export async function listen(
  app: HttpApp,
  settings: Omit<ListenerSettings, "tls">,
): Promise<string> {
  const { host, port, allowsPlainHttp = false } = settings;
  const isTls = app.server instanceof TlsServer;
  if (!isTls) checkPlainHttpHost(host, allowsPlainHttp);
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw listenError(error, `${host}:${port}`);
  }
  const address = app.server.address();
  const boundPort = typeof address === "object" && address !== null ? address.port : port;
  return `${isTls ? "https" : "http"}://${isIP(host) === 6 ? `[${host}]` : host}:${boundPort}`;
}

/**
 * Refuses plain HTTP on an address that other machines reach, unless it is allowed by name.
 *
 * @throws WarrenError `configuration-invalid` with what to do about it
 */
export function checkPlainHttpHost(host: string, allowsPlainHttp: boolean): void {
  if (allowsPlainHttp || isLoopback(host)) return;
  throw new WarrenError(
    "configuration-invalid",
    `plain HTTP on ${host} would show keys and tokens to the network: give a TLS certificate and key, ` +
      "listen on 127.0.0.1, or allow it by name (allow-plain-http) where only your servers can reach it",
  );
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

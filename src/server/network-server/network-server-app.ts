import type { FastifyBaseLogger } from "fastify";
import { Administration } from "../../network-server/administration.ts";
import { answerBackendRequest } from "../../network-server/backend-requests.ts";
import type { NetworkServerContext } from "../../network-server/context.ts";
import { BearerToken, requireToken } from "../bearer-token.ts";
import { createHttpApp, type HttpApp } from "../http-app.ts";
import type { TlsFiles } from "../listener-settings.ts";
import {
  type ApplicationServerTokens,
  addApplicationServerRoutes,
} from "./application-server-routes.ts";
import { addAdministrationRoutes } from "./device-routes.ts";

export interface NetworkServerAppOptions {
  readonly context: NetworkServerContext;
  readonly adminToken: string;
  /** What a Join Server has to show; without, whoever reaches the listener is believed. */
  readonly rootKeyToken?: string | undefined;
  /** What Application Servers have to show; one that is not among them is believed. */
  readonly applicationServerTokens?: ApplicationServerTokens;
  readonly tls?: TlsFiles | undefined;
}

/**
 * The Network Server's HTTP listener: the Join Server's messages on `POST /`, the Application Server's
 * under `/application-server`, the operator's under `/api/v1`.
 */
export function createNetworkServerApp(
  options: NetworkServerAppOptions,
  logger: FastifyBaseLogger,
): HttpApp {
  const { context, rootKeyToken, applicationServerTokens = new Map() } = options;
  const app = createHttpApp(logger, { tls: options.tls });
  const expected = rootKeyToken === undefined ? undefined : new BearerToken(rootKeyToken);
  app.post("/", ({ body, headers }) =>
    answerBackendRequest(context, body, expected?.isShownIn(headers) ?? true),
  );
  addApplicationServerRoutes(app, context.store, applicationServerTokens);
  app.register(
    (api: HttpApp, _options: object, done: () => void) => {
      requireToken(api, options.adminToken);
      addAdministrationRoutes(api, new Administration(context), context.gateways);
      done();
    },
    { prefix: "/api/v1" },
  );
  return app;
}

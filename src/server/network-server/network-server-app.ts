import type { FastifyBaseLogger } from "fastify";
import { Administration } from "../../network-server/administration.ts";
import { answerBackendRequest } from "../../network-server/backend-requests.ts";
import type { NetworkServerContext } from "../../network-server/context.ts";
import { requireAdminToken } from "../admin-token.ts";
import { createHttpApp, type HttpApp } from "../http-app.ts";
import type { TlsFiles } from "../listener-settings.ts";
import { addApplicationServerRoutes } from "./application-server-routes.ts";
import { addAdministrationRoutes } from "./device-routes.ts";

/**
 * The Network Server's HTTP listener: the Join Server's messages on `POST /`, the Application Server's
 * under `/application-server`, the operator's under `/api/v1`.
 */
export function createNetworkServerApp(
  context: NetworkServerContext,
  adminToken: string,
  logger: FastifyBaseLogger,
  tls?: TlsFiles,
): HttpApp {
  const app = createHttpApp(logger, { tls });
  app.post("/", (request) => answerBackendRequest(context, request.body));
  addApplicationServerRoutes(app, context.store);
  app.register(
    (api: HttpApp, _options: object, done: () => void) => {
      requireAdminToken(api, adminToken);
      addAdministrationRoutes(api, new Administration(context), context.gateways);
      done();
    },
    { prefix: "/api/v1" },
  );
  return app;
}

import type { FastifyBaseLogger } from "fastify";
import type { DownlinkLog } from "../../application-server/downlinks/downlink-log.ts";
import type { DownlinkSender } from "../../application-server/downlinks/downlink-sender.ts";
import type { EventBell } from "../../application-server/events.ts";
import type { ApplicationServerStore } from "../../application-server/store.ts";
import type { UplinkReceiver } from "../../application-server/uplinks/uplink-receiver.ts";
import type { Clock } from "../../clock.ts";
import { requireToken } from "../bearer-token.ts";
import { createHttpApp, type HttpApp } from "../http-app.ts";
import type { TlsFiles } from "../listener-settings.ts";
import { addBackendRoutes, type BackendRoutesOptions } from "./backend-routes.ts";
import { addDeviceRoutes } from "./device-routes.ts";
import { addDownlinkRoutes } from "./downlink-routes.ts";
import { addEventRoutes } from "./event-routes.ts";
import { addNetworkServerRoutes } from "./network-server-routes.ts";

export interface ApplicationServerAppOptions extends BackendRoutesOptions {
  readonly store: ApplicationServerStore;
  readonly receiver: UplinkReceiver;
  readonly sender: DownlinkSender;
  readonly log: DownlinkLog;
  readonly bell: EventBell;
  readonly clock: Clock;
  readonly adminToken: string;
  /** What the Network Server has to show; without, whoever reaches the listener is believed. */
  readonly networkServerToken?: string | undefined;
  readonly heartbeatMs: number;
  readonly tls?: TlsFiles | undefined;
}

/**
 * The Application Server's listener: messages of the Network Server and of the Join Server, and the API for
 * applications.
 */
export function createApplicationServerApp(
  options: ApplicationServerAppOptions,
  logger: FastifyBaseLogger,
): HttpApp {
  const app = createHttpApp(logger, { tls: options.tls });
  app.register((scope: HttpApp, _options: object, done: () => void) => {
    if (options.networkServerToken !== undefined) requireToken(scope, options.networkServerToken);
    addNetworkServerRoutes(scope, options);
    done();
  });
  addBackendRoutes(app, options);
  app.register(
    (api: HttpApp, _options: object, done: () => void) => {
      requireToken(api, options.adminToken);
      addDeviceRoutes(api, options);
      addDownlinkRoutes(api, options);
      addEventRoutes(api, options);
      done();
    },
    { prefix: "/api/v1" },
  );
  return app;
}

import type { FastifyBaseLogger } from "fastify";
import type { Simulator } from "../../simulator/simulator.ts";
import { requireToken } from "../bearer-token.ts";
import { createHttpApp, type HttpApp } from "../http-app.ts";
import type { TlsFiles } from "../listener-settings.ts";
import { addDeviceRoutes } from "./device-routes.ts";
import { addEventRoutes } from "./event-routes.ts";
import { AirBody } from "./schemas.ts";

export interface SimulatorAppOptions {
  readonly simulator: Simulator;
  readonly adminToken: string;
  readonly tls?: TlsFiles | undefined;
}

/** The control API of the simulator. */
export function createSimulatorApp(
  { simulator, adminToken, tls }: SimulatorAppOptions,
  logger: FastifyBaseLogger,
): HttpApp {
  const app = createHttpApp(logger, { tls });
  app.register(
    (api: HttpApp, _options: object, done: () => void) => {
      requireToken(api, adminToken);
      addDeviceRoutes(api, simulator);
      addEventRoutes(api, simulator.steps);
      addAirRoutes(api, simulator);
      done();
    },
    { prefix: "/api/v1" },
  );
  return app;
}

function addAirRoutes(api: HttpApp, simulator: Simulator): void {
  api.get("/air", () => simulator.air.settings);

  api.put("/air", { schema: { body: AirBody } }, (request) => {
    simulator.air.settings = { ...simulator.air.settings, ...request.body };
    return simulator.air.settings;
  });

  api.get("/gateways", () => ({
    gateways: simulator.gateways.map(({ gatewayEui, counters }) => ({ gatewayEui, ...counters })),
  }));
}

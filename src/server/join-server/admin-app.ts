import fastifyCookie from "@fastify/cookie";
import type { FastifyBaseLogger } from "fastify";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { type Clock, systemClock } from "../../clock.ts";
import { type RandomBytes, systemRandomBytes } from "../../crypto/random.ts";
import { Authenticator } from "../../join-server/access/authenticator.ts";
import { ConsoleSessions } from "../../join-server/access/console-sessions.ts";
import { SignInCodes } from "../../join-server/access/sign-in-codes.ts";
import { PeerAdministration } from "../../join-server/administration/peer-administration.ts";
import { TokenAdministration } from "../../join-server/administration/token-administration.ts";
import { UpdateReports } from "../../join-server/administration/update-reports.ts";
import type { Administration } from "../../join-server/administration.ts";
import type { JoinServerStore } from "../../join-server/ports/join-server-store.ts";
import { WeakKeyReports } from "../../join-server/weak-keys/weak-key-reports.ts";
import { createHttpApp, type HttpApp, type HttpAppOptions } from "../http-app.ts";
import type { AdminServices } from "./admin/admin-services.ts";
import { checkAnswers } from "./admin/answer-check.ts";
import { RequestAuthenticator } from "./admin/authenticate-request.ts";
import { API_PREFIX, addOpenApiRoute, describeRoutes } from "./admin/openapi.ts";
import { requireRights } from "./admin/route-access.ts";
import { addAuditRoutes } from "./admin/routes/audit-routes.ts";
import { addDeviceBatchRoutes } from "./admin/routes/device-batch-routes.ts";
import { addDeviceKeyRoutes } from "./admin/routes/device-key-routes.ts";
import { addDeviceRoutes } from "./admin/routes/device-routes.ts";
import { addJoinEuiRangeRoutes } from "./admin/routes/join-eui-range-routes.ts";
import { addApplicationServerRoutes, addNetworkServerRoutes } from "./admin/routes/peer-routes.ts";
import { addReportRoutes } from "./admin/routes/report-routes.ts";
import { addTokenRoutes } from "./admin/routes/token-routes.ts";
import { addUpdateReportRoutes } from "./admin/routes/update-report-routes.ts";
import { addUpdateRoutes } from "./admin/routes/update-routes.ts";
import {
  addConsoleHeaders,
  addConsoleRoutes,
  type ConsoleFolders,
} from "./console/console-routes.ts";
import { addReportStateRoute } from "./console/evaluation-report-routes.ts";
import { addSessionRoutes } from "./console/session-routes.ts";
import {
  addObservationRoutes,
  createObservations,
  type ObservedProcess,
} from "./overview/observation-routes.ts";
import { addPolicyRoutes } from "./policies/policy-routes.ts";

/** Requests without a valid token that one address may send. */
const FAILURES_PER_MINUTE = 60;

export interface AdminAppOptions {
  readonly administration: Administration;
  readonly store: JoinServerStore & AdminServices["dataKeys"];
  /** The text of `<data>/admin-token`. */
  readonly adminToken: string;
  readonly logger: FastifyBaseLogger;
  readonly process: ObservedProcess;
  readonly clock?: Clock;
  readonly randomBytes?: RandomBytes;
  readonly http?: HttpAppOptions;
  readonly failuresPerMinute?: number;
  /** Where the console's files are. */
  readonly console?: ConsoleFolders;
  /** Adds routes of others under the same rules: each says which right it wants. */
  readonly addRoutes?: (scope: HttpApp) => void;
  /** The same without the prefix, for what other programs look for at a fixed path. */
  readonly addRootRoutes?: (scope: HttpApp) => void;
}

/**
 * The administration API under `/api/v1`. Keys go in and never come out, but sealed for whom a key officer
 * says: fingerprints do.
 *
 * @throws TypeError for a route that does not say which right it wants
 */
export function createAdminApp(options: AdminAppOptions): HttpApp {
  const { store, logger, clock = systemClock, randomBytes = systemRandomBytes } = options;
  const app = createHttpApp(logger, options.http);
  const authenticator = new Authenticator({ tokens: store, fileToken: options.adminToken, clock });
  const services: AdminServices = {
    administration: options.administration,
    peers: new PeerAdministration(store, clock),
    tokens: new TokenAdministration({ store, authenticator, clock, randomBytes }),
    updateReports: new UpdateReports(store, clock),
    weakKeyReports: new WeakKeyReports({ store, clock, randomBytes, logger }),
    auditLog: store,
    dataKeys: store,
    ...createObservations(store, options.process, { clock, logger }),
  };
  const failures = new RateLimiterMemory({
    points: options.failuresPerMinute ?? FAILURES_PER_MINUTE,
    duration: 60,
  });
  const sessions = new ConsoleSessions(clock, randomBytes);
  const callers = new RequestAuthenticator({ authenticator, sessions });
  const codes = new SignInCodes(clock, randomBytes);
  const isSecure = options.http?.tls !== undefined;
  app.register(fastifyCookie);
  describeRoutes(app);
  registerGuarded(app, API_PREFIX, (scope) => {
    requireRights(scope, callers, failures);
    checkAnswers(scope);
    acceptEmptyJson(scope);
    addRoutes(scope, services);
    addObservationRoutes(scope, services, { process: options.process, clock });
    addSessionRoutes(scope, { authenticator, sessions, codes, failures, clock, isSecure });
    addReportStateRoute(scope, options.console?.evaluationReport);
    options.addRoutes?.(scope);
    addOpenApiRoute(scope, app);
  });
  registerGuarded(app, "", (scope) => {
    addConsoleHeaders(scope);
    requireRights(scope, callers, failures);
    addConsoleRoutes(scope, options.console ?? {}, randomBytes);
    options.addRootRoutes?.(scope);
  });
  app.addHook("onClose", async () => {
    await Promise.all([services.weakKeyReports.close(), services.auditChainReports.close()]);
  });
  return app;
}

/** What `add` throws ends the start of the app, and not the process. */
function registerGuarded(app: HttpApp, prefix: string, add: (scope: HttpApp) => void): void {
  app.register(
    (scope: HttpApp, _options, done) => {
      try {
        add(scope);
        done();
      } catch (error) {
        done(error as Error);
      }
    },
    { prefix },
  );
}

function addRoutes(scope: HttpApp, services: AdminServices): void {
  addDeviceRoutes(scope, services);
  addDeviceBatchRoutes(scope, services);
  addDeviceKeyRoutes(scope, services);
  addUpdateRoutes(scope, services);
  addUpdateReportRoutes(scope, services);
  addNetworkServerRoutes(scope, services);
  addApplicationServerRoutes(scope, services);
  addJoinEuiRangeRoutes(scope, services);
  addTokenRoutes(scope, services);
  addAuditRoutes(scope, services);
  addReportRoutes(scope, services);
  addPolicyRoutes(scope, services);
}

/** Takes an empty body that calls itself JSON, as HTTP clients send for "no body", as no body. */
function acceptEmptyJson(scope: HttpApp): void {
  const parse = scope.getDefaultJsonParser("error", "error");
  scope.addContentTypeParser<string>(
    "application/json",
    { parseAs: "string" },
    (request, body, done) => {
      if (body === "") done(null, undefined);
      else void parse(request, body, done);
    },
  );
}

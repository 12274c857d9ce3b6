import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger as PinoLogger } from "pino";
import { collectDefaultMetrics, Registry } from "prom-client";
import packageJson from "../../../package.json" with { type: "json" };
import { systemClock } from "../../clock.ts";
import { systemRandomBytes } from "../../crypto/random.ts";
import { EventHub } from "../../events/event-hub.ts";
import { eventLog } from "../../events/event-log.ts";
import { Administration } from "../../join-server/administration.ts";
import { CampaignAdministration } from "../../join-server/campaigns/campaign-administration.ts";
import { JoinServer } from "../../join-server/join-server.ts";
import { DecidedJoins } from "../../join-server/joins/decided-joins.ts";
import { SeenByProcess } from "../../join-server/overview/seen-by-process.ts";
import { PolicyBook } from "../../join-server/policies/policy-book.ts";
import { UpdateRunner } from "../../join-server/root-key-updates/update-runner.ts";
import { campaignGauges } from "../../metrics/campaign-gauges.ts";
import { eventCounters } from "../../metrics/event-counters.ts";
import type { StoreObserver } from "../../metrics/measured-store.ts";
import { requestTimer } from "../../metrics/request-timer.ts";
import { buildInfo, stateGauges } from "../../metrics/state-gauges.ts";
import { storeMetrics } from "../../metrics/store-metrics.ts";
import { loadOrCreateAdminToken } from "../../server/admin-token.ts";
import { type HttpApp, listen } from "../../server/http-app.ts";
import { createAdminApp } from "../../server/join-server/admin-app.ts";
import { createApplicationServerLink } from "../../server/join-server/application-server-link.ts";
import { PeerConnections } from "../../server/join-server/backend/peer-connections.ts";
import { createBackendApp } from "../../server/join-server/backend-app.ts";
import { addCampaignRoutes } from "../../server/join-server/campaigns/campaign-routes.ts";
import { addEventRoutes } from "../../server/join-server/events/event-routes.ts";
import { addImportRoutes } from "../../server/join-server/import/import-routes.ts";
import { addMetricsRoute } from "../../server/join-server/metrics-route.ts";
import { createNetworkServerLink } from "../../server/join-server/network-server-link.ts";
import { addReadyRoute, Readiness } from "../../server/readiness.ts";
import type { JoinServerConfig } from "../config/join-server-config.ts";
import type { RunningRole } from "../role-process.ts";
import { admitBackendRequests } from "./admit-backend-requests.ts";
import { CertificateWatch } from "./certificate-watch.ts";
import { createWebhooks } from "./create-webhooks.ts";
import { DecidingThreads } from "./deciding/deciding-threads.ts";
import { describeRunning } from "./running-settings.ts";
import { deviceCount } from "./store/device-count.ts";
import { type OpenedStore, openStore } from "./store/open-store.ts";
import { UpdateWorkers } from "./update-workers.ts";

/** For requests under way at a stop. Together with `WEBHOOK_GRACE_MS` less than a role has to close. */
const REQUEST_GRACE_MS = 3_000;
/** For events that wait to be delivered. */
const WEBHOOK_GRACE_MS = 1_000;

/**
 * Starts the Join Server in this process.
 *
 * @throws WarrenError `configuration-invalid`, `port-in-use`, `storage-failed`, `master-key-missing`,
 *   `master-key-wrong`, `vault-unavailable`
 */
export async function startJoinServer(
  config: JoinServerConfig,
  logger: PinoLogger,
): Promise<RunningRole> {
  const registry = new Registry();
  const observer = storeMetrics(registry);
  const opened = await openStore(config, observer);
  try {
    return await serve(config, opened, { registry, observer, logger });
  } catch (error) {
    await opened.store.close();
    throw error;
  }
}

async function serve(
  config: JoinServerConfig,
  opened: OpenedStore,
  observers: {
    readonly registry: Registry;
    readonly observer: StoreObserver;
    readonly logger: PinoLogger;
  },
): Promise<RunningRole> {
  const { store, vault, cache } = opened;
  const { registry, logger } = observers;
  const hub = new EventHub(logger, systemClock.now());
  hub.subscribe(eventLog(logger));
  hub.subscribe(eventCounters(registry));
  const startedAt = systemClock.now();
  const seen = new SeenByProcess(startedAt);
  hub.subscribe(({ event }) => seen.receive(event));
  const webhooks = createWebhooks(config.webhooks, hub, logger);
  const readiness = new Readiness(() => store.isReady());
  const certificates = new CertificateWatch(ownCertificates(config));
  stateGauges(registry, {
    countDevices: deviceCount(() => store.countDevices()),
    isReady: () => readiness.isReady(),
    sealingVersion: () => vault.sealingVersion,
    joinThreads: () => joins.ready,
    webhooks: () => webhooks,
    cache: () => cache,
    certificates: () => certificates.certificates(),
  });
  campaignGauges(registry, store);
  buildInfo(registry, packageJson.version);
  collectDefaultMetrics({ register: registry });

  const connections = new PeerConnections(config.clientTls);
  const shared = {
    store,
    clock: systemClock,
    randomBytes: systemRandomBytes,
    events: hub,
    logger,
    updatePolicy: config.updatePolicy,
    policies: new PolicyBook({ store, clock: systemClock, logger }),
  };
  const updateStarter = new UpdateRunner({
    ...shared,
    networkServerLink: createNetworkServerLink(systemRandomBytes, connections),
    applicationServerLink: createApplicationServerLink(systemRandomBytes, connections),
  });
  const joins = new DecidingThreads({
    count: config.joinThreads,
    main: new DecidedJoins(shared),
    settings: {
      storage: config.storage,
      lock: opened.lock,
      cachedDevices: Math.ceil(config.cachedDevices / Math.max(1, config.joinThreads)),
    },
    loadDataKeys: opened.loadDataKeys,
    cache,
    ...observers,
  });
  const { contacts } = seen;
  const backendApp = createBackendApp({
    joinServer: new JoinServer({ ...shared, limits: config.limits, contacts, joins }),
    peers: store,
    logger,
    tls: config.backend.tls,
    connections,
    bodyLimitBytes: config.limits.bodyBytes,
    observe: requestTimer(registry),
  });
  admitBackendRequests(backendApp.server, config.limits.backend, { registry, logger });
  const administration = new Administration({ ...shared, updateStarter });
  const workers = new UpdateWorkers({
    ...shared,
    starter: updateStarter,
    schedule: config.policies,
    owner: ownerOf(config),
  });
  const { isEnabled, requiresToken } = config.metrics;
  const addresses: Record<string, string> = {};
  const adminApp = createAdminApp({
    administration,
    store,
    process: {
      seen,
      certificateExpiries: () => certificates.certificates().map(({ notAfter }) => notAfter),
      settings: () =>
        describeRunning(config, {
          ...{ startedAt, vault, webhooks, addresses },
          certificates: certificates.certificates(),
        }),
    },
    adminToken: loadOrCreateAdminToken(join(config.dataFolder, "admin-token")),
    logger,
    http: { tls: config.admin.tls },
    console: { evaluationReport: config.evaluationReportFolder },
    addRoutes: (scope) => {
      addEventRoutes(scope, hub);
      addImportRoutes(scope, { administration, store });
      addCampaignRoutes(scope, new CampaignAdministration(shared));
    },
    addRootRoutes: (scope) => {
      if (isEnabled) addMetricsRoute(scope, registry, requiresToken ? "report:read" : "public");
    },
  });
  for (const app of [backendApp, adminApp]) {
    addReadyRoute(app, readiness);
    certificates.watch(app.server);
  }
  const close = async (): Promise<void> => {
    readiness.stop();
    await Promise.all([closeApps([backendApp, adminApp]), workers.close()]);
    await joins.close();
    hub.flush();
    await Promise.all(webhooks.map((webhook) => webhook.close(WEBHOOK_GRACE_MS)));
    await connections.close();
    await store.close();
  };
  try {
    addresses["backend"] = await listen(backendApp, config.backend);
    addresses["admin"] = await listen(adminApp, config.admin);
    workers.start();
    readiness.started();
    return { addresses, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Stops to listen, and waits for what is under way: at most so long that the rest has its time. */
async function closeApps(apps: readonly HttpApp[]): Promise<void> {
  const isOver = new AbortController();
  await Promise.race([
    Promise.all(apps.map((app) => app.close())),
    sleep(REQUEST_GRACE_MS, undefined, { signal: isOver.signal }).catch(() => undefined),
  ]);
  isOver.abort();
}

/** Files of the certificates that we show, by what for. */
function ownCertificates({ backend, admin, clientTls }: JoinServerConfig): Map<string, string> {
  const files = { backend: backend.tls, admin: admin.tls, client: clientTls };
  return new Map(
    Object.entries(files).flatMap(([name, tls]) => (tls ? [[name, tls.certificateFile]] : [])),
  );
}

/**
 * Only one Join Server at a time has a data folder with its SQLite database, so the next one is the heir of
 * all before it. On PostgreSQL there may be several.
 */
function ownerOf({ storage }: JoinServerConfig): string | undefined {
  return storage.kind === "sqlite" ? "data-folder" : undefined;
}

import { join } from "node:path";
import { Command } from "commander";
import { systemClock } from "../clock.ts";
import { systemRandomBytes } from "../crypto/random.ts";
import { Administration } from "../join-server/administration.ts";
import { JoinServer } from "../join-server/join-server.ts";
import { noEvents } from "../join-server/ports/events.ts";
import { loadOrCreateAdminToken } from "../server/admin-token.ts";
import { listen } from "../server/http-app.ts";
import { createAdminApp } from "../server/join-server/admin-app.ts";
import { createBackendApp } from "../server/join-server/backend-app.ts";
import { createNetworkServerLink } from "../server/join-server/network-server-link.ts";
import { openJoinServerStorage } from "../storage/join-server/open-storage.ts";
import { openVault } from "../vault/open-vault.ts";
import { logLevelOption, parseCount, parsePort } from "./options.ts";
import { runRole } from "./role-process.ts";

interface JoinServerCliOptions {
  readonly data: string;
  readonly host: string;
  readonly backendPort: number;
  readonly adminPort: number;
  readonly updateExpirySeconds: number;
  readonly updateAttemptPeriodSeconds: number;
  readonly allowRabbitSplit: boolean;
  readonly logLevel: string;
}

/** `warren join-server`: holds the root keys, answers joins, runs root key updates. */
export function joinServerCommand(): Command {
  return new Command("join-server")
    .description(
      "Runs the Join Server, the only server that holds root keys. Network and Application Servers reach " +
        "it over the LoRaWAN Backend Interfaces (POST of JSON on any path), operators over the " +
        "administration API.",
    )
    .option("--data <folder>", "where its database and admin token live", "data/join-server")
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--backend-port <port>", "Backend Interfaces; 0 takes a free one", parsePort, 7070)
    .option("--admin-port <port>", "administration API; 0 takes a free one", parsePort, 7071)
    .option(
      "--update-expiry-seconds <s>",
      "a root key update that is not committed by then has failed",
      parseCount,
      86_400,
    )
    .option(
      "--update-attempt-period-seconds <s>",
      "least time between two attempts that a Network Server may cause",
      parseCount,
      2_048,
    )
    .option("--allow-rabbit-split", "offer suite 0, which is for research only", false)
    .addOption(logLevelOption())
    .addHelpText(
      "after",
      `
The administration API (/api/v1) wants the token in <data>/admin-token:

  curl -H "Authorization: Bearer $(cat data/join-server/admin-token)" \\
    http://127.0.0.1:7071/api/v1/devices`,
    )
    .action((options: JoinServerCliOptions) => runJoinServer(options));
}

function runJoinServer(options: JoinServerCliOptions): Promise<void> {
  return runRole("join-server", options, async (logger) => {
    const store = await openJoinServerStorage(
      { kind: "sqlite", path: join(options.data, "join-server.db") },
      (keys) =>
        openVault({ kind: "file", path: join(options.data, "master-keys") }, keys, {
          now: systemClock.now,
        }),
      systemClock,
    );
    const shared = {
      store,
      clock: systemClock,
      randomBytes: systemRandomBytes,
      events: noEvents,
      logger,
      updatePolicy: {
        expiryMs: options.updateExpirySeconds * 1000,
        attemptPeriodMs: options.updateAttemptPeriodSeconds * 1000,
        allowRabbitSplit: options.allowRabbitSplit,
      },
    };
    const joinServer = new JoinServer(shared);
    const backendApp = createBackendApp({ joinServer, peers: store, logger });
    const adminApp = createAdminApp({
      administration: new Administration({
        ...shared,
        networkServerLink: createNetworkServerLink(systemRandomBytes),
      }),
      store,
      adminToken: loadOrCreateAdminToken(join(options.data, "admin-token")),
      logger,
    });
    const close = async (): Promise<void> => {
      await Promise.all([backendApp.close(), adminApp.close()]);
      await store.close();
    };
    try {
      return {
        addresses: {
          backend: await listen(backendApp, { host: options.host, port: options.backendPort }),
          admin: await listen(adminApp, { host: options.host, port: options.adminPort }),
        },
        close,
      };
    } catch (error) {
      await close();
      throw error;
    }
  });
}

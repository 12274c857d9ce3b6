import { join } from "node:path";
import { Command } from "commander";
import type { Logger as PinoLogger } from "pino";
import { systemClock } from "../clock.ts";
import { systemRandomBytes } from "../crypto/random.ts";
import { type NetId, parseNetId } from "../lorawan/identifiers.ts";
import { regionByName } from "../lorawan/region/regions.ts";
import { NetworkServer } from "../network-server/network-server.ts";
import type { ApplicationServerAddress } from "../network-server/outbox/application-server-address.ts";
import type { KeyPolicy } from "../network-server/settings.ts";
import { loadOrCreateAdminToken } from "../server/admin-token.ts";
import { BearerToken } from "../server/bearer-token.ts";
import { listen } from "../server/http-app.ts";
import type { ApplicationServerTokens } from "../server/network-server/application-server-routes.ts";
import { createNetworkServerApp } from "../server/network-server/network-server-app.ts";
import { SqliteNetworkServerStore } from "../storage/network-server/sqlite-network-server-store.ts";
import {
  type ApplicationServerOptions,
  addApplicationServerOptions,
  applicationServersOf,
} from "./connections/application-server-options.ts";
import {
  addJoinServerOptions,
  addProtocolOptions,
  connectToJoinServer,
  type JoinServerOptions,
} from "./connections/join-server-options.ts";
import { addKekOptions, type KekOptions, loadKek } from "./connections/kek-file.ts";
import {
  addListenerOptions,
  type ListenerOptions,
  tlsFilesOf,
} from "./connections/listener-options.ts";
import { readTokenFile } from "./connections/token-file.ts";
import {
  logLevelOption,
  parseCount,
  parsedBy,
  parsePort,
  parseUrl,
  regionOption,
  wholeNumber,
} from "./options.ts";
import { type RunningRole, runRole } from "./role-process.ts";

export interface NetworkServerCliOptions
  extends KekOptions,
    ListenerOptions,
    JoinServerOptions,
    ApplicationServerOptions {
  readonly data: string;
  readonly host: string;
  /** `host` when left out. */
  readonly udpHost?: string;
  readonly udpPort: number;
  readonly httpPort: number;
  readonly netId: NetId;
  readonly region: string;
  readonly deduplicationMs: number;
  readonly rxDelay: number;
  /** False with `--no-root-key-relay`. */
  readonly rootKeyRelay: boolean;
  readonly rootKeyTokenFile?: string;
  readonly rootKeyUpdateAfterSeconds: number;
  readonly rootKeyUpdateAfterFrames: number;
  readonly rootKeyUpdateAfterSessions: number;
  readonly rootKeyUpdateRetrySeconds: number;
  readonly sessionUpdateAfterSeconds: number;
  readonly sessionUpdateAfterFrames: number;
  readonly sessionUpdateRetrySeconds: number;
  readonly rejoinMaxTimeN?: number;
  readonly rejoinMaxCountN: number;
  readonly deviceStatusAfterSeconds: number;
}

/** Under the time a stopping process waits for its requests, and before the join windows close. */
const JOIN_SERVER_TIMEOUT_MS = 4_500;

/** `warren network-server`: gateways, sessions, MAC layer. */
export function networkServerCommand(): Command {
  const command = new Command("network-server")
    .description(
      "Runs the Network Server. Gateways reach it by the Semtech UDP packet forwarder protocol, version " +
        "2; the Join Server, the Application Server and operators over HTTP. It never holds a root key or " +
        "an AppSKey.",
    )
    .option("--data <folder>", "where its database and admin token live", "data/network-server")
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--udp-host <address>", "address for gateways, if another than --host")
    .option("--udp-port <port>", "gateways; 0 takes a free one", parsePort, 1700)
    .option("--http-port <port>", "everybody else; 0 takes a free one", parsePort, 7080)
    .option(
      "--net-id <NetID>",
      "its name at the Join Server",
      parsedBy(parseNetId, "a NetID is 6 hex digits."),
      parseNetId("000001"),
    )
    .addOption(regionOption())
    .option("--join-server <url>", "where joins go", parseUrl, "http://127.0.0.1:7070")
    .option("--deduplication-ms <ms>", "how long copies of a frame are awaited", parseCount, 200)
    .option("--rx-delay <s>", "seconds from an uplink to RX1, 1 to 15", wholeNumber(1, 15), 1)
    .option("--no-root-key-relay", "take no part in root key updates, as if they were unknown")
    .option(
      "--root-key-token-file <file>",
      "file with the token that Join Servers have to show (default: none is asked for)",
    );
  addApplicationServerOptions(
    addProtocolOptions(addJoinServerOptions(addListenerOptions(command))),
  );
  addPolicyOptions(addKekOptions(command));
  return command
    .addOption(logLevelOption())
    .addHelpText("after", HELP)
    .action((options: NetworkServerCliOptions & { readonly logLevel: string }) =>
      runRole("network-server", options, (logger) => startNetworkServer(options, logger)),
    );
}

const HELP = `
All key policies are off (0) by default; each counts for every OTAA device. A
root key update is asked of the Join Server, whose own policy decides. Session
keys can be renewed by command in LoRaWAN 1.1 only: a 1.0.x device gets new ones
when it joins.

Gateways elsewhere need --udp-host 0.0.0.0 and no more. Over HTTP, whoever
reaches --host is believed to be the Join Server or an Application Server, until
tokens are named: --root-key-token-file for what the Join Server's record of
this server sends as Authorization, --application-server-token-file for what an
Application Server has as --network-server-token-file. Towards a Join Server on
another machine it shows a certificate (--join-server-cert) or a token.

With a KEK only network session keys wrapped under it are taken; without one
they come in the clear. The administration API (/api/v1) wants the token in
<data>/admin-token:

  curl -H "Authorization: Bearer $(cat data/network-server/admin-token)" \\
    http://127.0.0.1:7080/api/v1/devices`;

function addPolicyOptions(command: Command): void {
  command
    .option("--root-key-update-after-seconds <s>", "ask when root keys are this old", parseCount, 0)
    .option("--root-key-update-after-frames <n>", "ask after this many frames", parseCount, 0)
    .option("--root-key-update-after-sessions <n>", "ask after this many sessions", parseCount, 0)
    .option("--root-key-update-retry-seconds <s>", "wait after asking in vain", parseCount, 60)
    .option("--session-update-after-seconds <s>", "force a rejoin at this age", parseCount, 0)
    .option("--session-update-after-frames <n>", "force a rejoin after so many", parseCount, 0)
    .option("--session-update-retry-seconds <s>", "wait after forcing in vain", parseCount, 600)
    .option(
      "--rejoin-max-time-n <T>",
      "1.1: rejoin at least every 2^(T+10) s, 0 to 15",
      wholeNumber(0, 15),
    )
    .option(
      "--rejoin-max-count-n <C>",
      "1.1, with T: rejoin at least every 2^(C+4) uplinks, 0 to 15",
      wholeNumber(0, 15),
      15,
    )
    .option("--device-status-after-seconds <s>", "ask for battery and margin", parseCount, 0);
}

/**
 * Starts the Network Server in this process.
 *
 * @throws WarrenError `configuration-invalid`, `storage-failed`, `port-in-use`
 */
export async function startNetworkServer(
  options: NetworkServerCliOptions,
  logger: PinoLogger,
): Promise<RunningRole> {
  const keks = loadKek(options);
  const tls = tlsFilesOf(options);
  const applicationServers = applicationServersOf(options);
  const { rootKeyTokenFile } = options;
  const rootKeyToken = rootKeyTokenFile === undefined ? undefined : readTokenFile(rootKeyTokenFile);
  const joinServer = connectToJoinServer(options, options.netId, JOIN_SERVER_TIMEOUT_MS, logger);
  const adminToken = loadOrCreateAdminToken(join(options.data, "admin-token"));
  const store = new SqliteNetworkServerStore(join(options.data, "network-server.db"));
  const networkServer = new NetworkServer({
    settings: {
      netId: options.netId,
      region: regionByName(options.region),
      rxDelaySeconds: options.rxDelay,
      deduplicationMs: options.deduplicationMs,
      keks,
      policy: policyOf(options),
      relaysRootKeys: options.rootKeyRelay,
    },
    store,
    joinServer: joinServer.client,
    applicationServers,
    clock: systemClock,
    randomBytes: systemRandomBytes,
    logger,
  });
  const app = createNetworkServerApp(
    {
      context: networkServer.context,
      adminToken,
      rootKeyToken,
      applicationServerTokens: tokensOf(applicationServers),
      tls,
    },
    logger,
  );
  const close = async (): Promise<void> => {
    await app.close();
    await networkServer.close();
    joinServer.close();
    store.close();
  };
  try {
    const { host, udpHost = host, allowPlainHttp } = options;
    const http = await listen(app, {
      host,
      port: options.httpPort,
      allowsPlainHttp: allowPlainHttp,
    });
    const gwmp = await networkServer.start(udpHost, options.udpPort);
    return { addresses: { http, gwmp }, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function policyOf(options: NetworkServerCliOptions): KeyPolicy {
  const { rejoinMaxTimeN: maxTimeN, rejoinMaxCountN: maxCountN } = options;
  return {
    rootKeys: {
      afterMs: options.rootKeyUpdateAfterSeconds * 1_000,
      afterFrames: options.rootKeyUpdateAfterFrames,
      afterSessions: options.rootKeyUpdateAfterSessions,
    },
    rootKeyRetryMs: options.rootKeyUpdateRetrySeconds * 1_000,
    sessions: {
      afterMs: options.sessionUpdateAfterSeconds * 1_000,
      afterFrames: options.sessionUpdateAfterFrames,
      retryMs: options.sessionUpdateRetrySeconds * 1_000,
    },
    rejoinParameters: maxTimeN === undefined ? undefined : { maxTimeN, maxCountN },
    deviceStatusAfterMs: options.deviceStatusAfterSeconds * 1_000,
  };
}

function tokensOf(
  applicationServers: ReadonlyMap<string, ApplicationServerAddress>,
): ApplicationServerTokens {
  return new Map(
    [...applicationServers].flatMap(([asId, { token }]) =>
      token === undefined ? [] : [[asId, new BearerToken(token)] as const],
    ),
  );
}

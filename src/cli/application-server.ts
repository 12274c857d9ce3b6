import { join } from "node:path";
import { Command } from "commander";
import type { Logger as PinoLogger } from "pino";
import { DownlinkLog } from "../application-server/downlinks/downlink-log.ts";
import { DownlinkSender } from "../application-server/downlinks/downlink-sender.ts";
import { NetworkServerClient } from "../application-server/downlinks/network-server-client.ts";
import { EventBell } from "../application-server/events.ts";
import { RootKeyJoinServerClient } from "../application-server/root-keys/root-key-join-server-client.ts";
import {
  RootKeyRelay,
  type RootKeyRelayOptions,
} from "../application-server/root-keys/root-key-relay.ts";
import { AppSKeyFinder } from "../application-server/uplinks/app-s-key.ts";
import { JoinServerClient } from "../application-server/uplinks/join-server-client.ts";
import { UplinkReceiver } from "../application-server/uplinks/uplink-receiver.ts";
import { systemClock } from "../clock.ts";
import { systemRandomBytes } from "../crypto/random.ts";
import { type Eui64, parseEui64 } from "../lorawan/identifiers.ts";
import { loadOrCreateAdminToken } from "../server/admin-token.ts";
import { createApplicationServerApp } from "../server/application-server/application-server-app.ts";
import { listen } from "../server/http-app.ts";
import { SqliteApplicationServerStore } from "../storage/application-server/sqlite-application-server-store.ts";
import {
  addJoinServerOptions,
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
  wholeNumber,
} from "./options.ts";
import { type RunningRole, runRole } from "./role-process.ts";

export interface ApplicationServerSettings extends KekOptions, ListenerOptions, JoinServerOptions {
  /** Folder for the database and the administration token. */
  readonly data: string;
  readonly host: string;
  readonly httpPort: number;
  /** What the Join Server knows this server by. */
  readonly asId: string;
  readonly networkServer: string;
  readonly networkServerTokenFile?: string;
  readonly joinServerId?: Eui64;
  /** 0: root key updates go over no application port. */
  readonly rootKeyPort: number;
  readonly rootKeyTokenFile?: string;
  readonly rootKeyUpdateAfterFrames: number;
}

/** As the records of the Join Server have it. */
const DEFAULT_ROOT_KEY_PORT = 199;
const HEARTBEAT_MS = 15_000;
/** Under the time a stopping process waits for its requests. */
const JOIN_SERVER_TIMEOUT_MS = 4_000;

/** `warren application-server`. */
export function applicationServerCommand(): Command {
  const command = new Command("application-server")
    .description(
      "Runs the Application Server. It has its AppSKeys from the Join Server, takes uplinks from the " +
        "Network Server, and gives applications an API to send downlinks and to watch events. It " +
        "never holds a root key.",
    )
    .option("--data <folder>", "where its database and admin token live", "data/application-server")
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--http-port <port>", "port to listen on; 0 takes a free one", parsePort, 7090)
    .option("--as-id <text>", "its name (AS-ID) at the Join Server", "warren-as")
    .option("--network-server <url>", "where downlinks go", parseUrl, "http://127.0.0.1:7080")
    .option(
      "--network-server-token-file <file>",
      "file with the token that this server and that one show each other (default: neither does)",
    )
    .option("--join-server <url>", "where AppSKeys come from", parseUrl, "http://127.0.0.1:7070")
    .option(
      "--join-server-id <JoinEUI>",
      "whom to ask for an AppSKey when an uplink does not say it",
      parsedBy(parseEui64, "a JoinEUI is 16 hex digits."),
    )
    .option(
      "--root-key-port <port>",
      "application port of root key updates, for Network Servers that do not relay them; 0: none",
      wholeNumber(0, 223),
      DEFAULT_ROOT_KEY_PORT,
    )
    .option(
      "--root-key-token-file <file>",
      "file with the token that the Join Server shows (default: <data>/root-key-token, made on first start)",
    )
    .option(
      "--root-key-update-after-frames <n>",
      "uplinks after which it asks for a root key update; 0: never",
      parseCount,
      0,
    );
  return addKekOptions(addJoinServerOptions(addListenerOptions(command)))
    .addOption(logLevelOption())
    .addHelpText(
      "after",
      `
With a KEK only AppSKeys wrapped under it are taken; without one they come in
the clear. The API (/api/v1) wants the token in <data>/admin-token:

  curl -H "Authorization: Bearer $(cat data/application-server/admin-token)" \\
    -N http://127.0.0.1:7090/api/v1/events`,
    )
    .action((options: ApplicationServerSettings & { readonly logLevel: string }) =>
      runRole("application-server", options, (logger) => startApplicationServer(options, logger)),
    );
}

/**
 * Starts the Application Server in this process.
 *
 * @throws WarrenError `configuration-invalid`, `storage-failed`, `port-in-use`
 */
export async function startApplicationServer(
  settings: ApplicationServerSettings,
  logger: PinoLogger,
): Promise<RunningRole> {
  const keks = loadKek(settings);
  const tls = tlsFilesOf(settings);
  const joinServer = connectToJoinServer(settings, settings.asId, JOIN_SERVER_TIMEOUT_MS, logger);
  const adminToken = loadOrCreateAdminToken(join(settings.data, "admin-token"));
  const rootKeyToken = loadOrCreateAdminToken(
    settings.rootKeyTokenFile ?? join(settings.data, "root-key-token"),
  );
  const { networkServerTokenFile } = settings;
  const networkServerToken =
    networkServerTokenFile === undefined ? undefined : readTokenFile(networkServerTokenFile);
  const store = new SqliteApplicationServerStore(join(settings.data, "application-server.sqlite"));
  try {
    const bell = new EventBell();
    const context = {
      store,
      bell,
      clock: systemClock,
      randomBytes: systemRandomBytes,
      logger,
    };
    const finder = new AppSKeyFinder({
      joinServer: new JoinServerClient(joinServer.client),
      joinServerId: settings.joinServerId,
      keks,
    });
    const log = new DownlinkLog(context);
    log.failInterrupted();
    const networkServer = new NetworkServerClient(settings.networkServer, networkServerToken);
    const sender = new DownlinkSender({ ...context, log, networkServer });
    const rootKeyRelay = createRootKeyRelay(settings, {
      ...context,
      sender,
      joinServer: new RootKeyJoinServerClient(joinServer.client, settings.rootKeyPort),
    });
    const app = createApplicationServerApp(
      {
        ...context,
        receiver: new UplinkReceiver({ ...context, finder, rootKeyRelay }),
        sender,
        log,
        rootKeyRelay,
        rootKeyFPort: settings.rootKeyPort,
        rootKeyToken,
        asId: settings.asId,
        adminToken,
        networkServerToken,
        heartbeatMs: HEARTBEAT_MS,
        tls,
      },
      logger,
    );
    const { host, httpPort: port, allowPlainHttp: allowsPlainHttp } = settings;
    const url = await listen(app, { host, port, allowsPlainHttp });
    rootKeyRelay?.start();
    return {
      addresses: { http: url },
      close: async () => {
        await app.close();
        await rootKeyRelay?.close();
        joinServer.close();
        store.close();
      },
    };
  } catch (error) {
    joinServer.close();
    store.close();
    throw error;
  }
}

function createRootKeyRelay(
  settings: ApplicationServerSettings,
  context: Omit<RootKeyRelayOptions, "fPort" | "joinServerId" | "updateAfterFrames">,
): RootKeyRelay | undefined {
  const { rootKeyPort: fPort, joinServerId, rootKeyUpdateAfterFrames } = settings;
  if (fPort === 0) return undefined;
  return new RootKeyRelay({
    ...context,
    fPort,
    joinServerId,
    updateAfterFrames: rootKeyUpdateAfterFrames,
  });
}

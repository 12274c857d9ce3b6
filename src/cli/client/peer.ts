import { Command, InvalidArgumentError, Option } from "commander";
import { WarrenError } from "../../errors.ts";
import { APP_S_KEY_DELIVERIES } from "../../join-server/peers.ts";
import type {
  ApplicationServerView,
  NetworkServerView,
} from "../../server/join-server/admin/schemas/peer-schemas.ts";
import type { ApiClient } from "../api-client/api-client.ts";
import { listItems } from "../api-client/list-pages.ts";
import { type Column, formatTable, print } from "../api-client/print.ts";
import { wholeNumber } from "../options.ts";
import { addClientOptions, type ClientOptions, commandGroup, withApi } from "./command-group.ts";
import { addPeerOptions, type PeerSettingsOptions, peerSettingsOf } from "./peer/peer-settings.ts";

type Peer = NetworkServerView | ApplicationServerView;
type Kind = "network-server" | "application-server";

const COLUMNS: readonly Column<Peer>[] = [
  { heading: "Kind", text: (peer) => kindOf(peer) },
  { heading: "NetID/AS-ID", text: nameOf },
  { heading: "Allowed", text: ({ isAllowed }) => (isAllowed ? "yes" : "no") },
  { heading: "Authentication", text: ({ authentication }) => authentication.kind },
  { heading: "KEK", text: ({ kekLabel, kekFingerprint }) => `${kekLabel} ${kekFingerprint}` },
  { heading: "Answers", text: ({ answers }) => answers },
  { heading: "Route", text: ({ route }) => route?.url },
];

/** `warren peer`: the servers that may ask the Join Server for keys. */
export function peerCommand(): Command {
  return commandGroup("peer", "Network and Application Servers that a Join Server answers.", [
    listCommand(),
    showCommand(),
    setNetworkServerCommand(),
    setApplicationServerCommand(),
    deleteCommand(),
  ]);
}

function listCommand(): Command {
  return addClientOptions(new Command("list").description("Lists the peers.")).action(
    withApi(async (api, { json }: ClientOptions) => {
      const peers = [
        ...(await listItems<Peer>(api, "/network-servers", "networkServers", {})),
        ...(await listItems<Peer>(api, "/application-servers", "applicationServers", {})),
      ];
      print(json, peers, () => (peers.length === 0 ? "no peers" : formatTable(COLUMNS, peers)));
    }),
  );
}

interface KindOptions extends ClientOptions {
  readonly kind?: Kind;
}

function showCommand(): Command {
  return addClientOptions(
    namedPeerCommand("show", "Shows a peer as JSON; secrets are left out."),
  ).action(
    withApi(async (api, { kind }: KindOptions, name: string) => {
      console.log(JSON.stringify(await api.get<Peer>(pathOf(kind, name)), null, 2));
    }),
  );
}

function deleteCommand(): Command {
  const command = namedPeerCommand("delete", "Deletes a peer: it is answered no more.");
  return addClientOptions(command).action(
    withApi(async (api, { kind, json }: KindOptions, name: string) => {
      await api.call("DELETE", pathOf(kind, name));
      print(json, { name }, () => `${name} is deleted`);
    }),
  );
}

interface NetworkServerOptions extends ClientOptions, PeerSettingsOptions {
  readonly relaysRootKeyUpdates?: boolean;
}

function setNetworkServerCommand(): Command {
  const command = new Command("set-network-server")
    .description("Adds a Network Server, or changes what is given of one that is known.")
    .argument("<NetID>", "6 hex digits", parseNetIdArgument)
    .option("--relays-root-key-updates", "it relays root key updates")
    .option("--no-relays-root-key-updates", "it does not");
  return addClientOptions(addPeerOptions(command)).action(
    withApi(async (api, options: NetworkServerOptions, netId: string) => {
      const { relaysRootKeyUpdates } = options;
      await set(api, options, pathOf("network-server", netId), {
        ...peerSettingsOf(options),
        ...(relaysRootKeyUpdates !== undefined && { relaysRootKeyUpdates }),
      });
    }),
  );
}

interface ApplicationServerOptions extends ClientOptions, PeerSettingsOptions {
  readonly appSKeyDelivery?: string;
  readonly relaysRootKeyUpdates?: boolean;
  readonly rootKeyFPort?: number;
}

function setApplicationServerCommand(): Command {
  const command = new Command("set-application-server")
    .description("Adds an Application Server, or changes what is given of one that is known.")
    .argument("<AS-ID>", "its AS-ID")
    .addOption(
      new Option("--app-s-key-delivery <kind>", "how it gets the AppSKey").choices(
        APP_S_KEY_DELIVERIES,
      ),
    )
    .option("--relays-root-key-updates", "it relays root key updates on an application port")
    .option("--no-relays-root-key-updates", "it does not")
    .option("--root-key-f-port <port>", "that port, 1 to 223", wholeNumber(1, 223));
  return addClientOptions(addPeerOptions(command)).action(
    withApi(async (api, options: ApplicationServerOptions, asId: string) => {
      const { appSKeyDelivery, relaysRootKeyUpdates, rootKeyFPort } = options;
      await set(api, options, pathOf("application-server", asId), {
        ...peerSettingsOf(options),
        ...(appSKeyDelivery !== undefined && { appSKeyDelivery }),
        ...(relaysRootKeyUpdates !== undefined && { relaysRootKeyUpdates }),
        ...(rootKeyFPort !== undefined && { rootKeyFPort }),
      });
    }),
  );
}

/** Changes a known peer, and adds one that is not. */
async function set(
  api: ApiClient,
  { json }: ClientOptions,
  path: string,
  body: Record<string, unknown>,
): Promise<void> {
  let peer: Peer;
  try {
    peer = await api.call<Peer>("PATCH", path, { body });
  } catch (error) {
    if (!(error instanceof WarrenError) || error.code !== "resource-unknown") throw error;
    if (body["kek"] === undefined) {
      throw new WarrenError("configuration-invalid", "a new peer needs a KEK: give --kek-file");
    }
    peer = await api.call<Peer>("PUT", path, { body });
  }
  print(json, peer, () => formatTable(COLUMNS, [peer]));
}

function namedPeerCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .argument("<NetID or AS-ID>", "the peer; 6 hex digits are a NetID")
    .addOption(
      new Option("--kind <kind>", "of an AS-ID that looks like a NetID").choices([
        "network-server",
        "application-server",
      ]),
    );
}

function pathOf(kind: Kind | undefined, name: string): string {
  const isNetId = /^[0-9a-f]{6}$/i.test(name);
  const found = kind ?? (isNetId ? "network-server" : "application-server");
  return `/${found}s/${encodeURIComponent(name)}`;
}

function kindOf(peer: Peer): string {
  return "netId" in peer ? "NS" : "AS";
}

function nameOf(peer: Peer): string {
  return "netId" in peer ? peer.netId : peer.asId;
}

function parseNetIdArgument(text: string): string {
  if (!/^[0-9a-f]{6}$/i.test(text)) throw new InvalidArgumentError("a NetID has 6 hex digits.");
  return text.toLowerCase();
}

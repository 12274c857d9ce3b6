import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { WarrenError } from "../../errors.ts";
import { checkPlainHttpHost } from "../../server/http-app.ts";
import { signInLink } from "../client/console.ts";
import { freeTcpPort, freeUdpPort } from "./free-port.ts";
import { RoleApi } from "./role-api.ts";
import { RoleProcessHandle } from "./role-process-handle.ts";

export const ROLES = ["join-server", "application-server", "network-server", "simulator"] as const;
export type Role = (typeof ROLES)[number];

/** The identities of the roles of this network. The NetID is the experimental 000001. */
export const NET_ID = "000001";
export const AS_ID = "warren-as";
export const JOIN_EUI = "70b3d57ed0000001";

/** What a server shares with the Join Server, in its folder: its KEK, and the token it shows. */
const KEK_FILE = "kek";
const TOKEN_FILE = "join-server-token";
/** What the Join Server shows a server, in its folder. */
const ROOT_KEY_TOKEN_FILE = "root-key-token";
/** What Network Server and Application Server show each other, in the folder of the latter. */
const NETWORK_SERVER_TOKEN_FILE = "network-server-token";

/** Ports of the roles; 0 takes a free one. */
export interface Ports {
  readonly backend: number;
  readonly admin: number;
  readonly gateway: number;
  readonly networkServer: number;
  readonly applicationServer: number;
  readonly simulator: number;
}

export interface LocalNetworkOptions {
  readonly dataFolder: string;
  readonly host: string;
  /** Plain HTTP on a `host` that is not loopback, which every role refuses otherwise. */
  readonly allowsPlainHttp?: boolean;
  readonly ports: Ports;
  readonly region: string;
  /** How many times faster than real the air and the devices run. */
  readonly speed: number;
  /** Share of frames lost on the air, each way. */
  readonly loss: number;
  readonly logLevel: string;
  /** Further command line arguments of single roles. */
  readonly roleArguments?: Partial<Record<Role, readonly string[]>>;
  /**
   * Where a role reaches another, when that is not its own address: a recorder in between, for tests.
   */
  readonly via?: Partial<Record<"joinServer" | "networkServer" | "applicationServer", string>> & {
    readonly gatewayPort?: number;
  };
  /** Default true. False: it knows nothing of root key updates, and they go over the application port. */
  readonly networkServerRelays?: boolean;
  readonly onUnexpectedEnd: (role: string, lastWords: string) => void;
}

/** All roles as processes of their own on this machine, wired to one another. */
export class LocalNetwork {
  readonly #options: LocalNetworkOptions;
  readonly #handles = new Map<Role, RoleProcessHandle>();
  readonly #apis = new Map<Role, RoleApi>();
  #ports: Ports;

  constructor(options: LocalNetworkOptions) {
    this.#options = options;
    this.#ports = options.ports;
  }

  /** The ports in use, once started. */
  get ports(): Ports {
    return this.#ports;
  }

  /**
   * Starts every role and makes the servers known to one another.
   *
   * @param onPorts called with the ports before anybody uses them
   * @throws WarrenError `port-in-use`, `configuration-invalid`
   */
  async start(onPorts?: (ports: Ports) => void): Promise<void> {
    const { host, ports, dataFolder, allowsPlainHttp = false } = this.#options;
    // Here, since every role would refuse it in words of its own, and one would be the first by chance.
    checkPlainHttpHost(host, allowsPlainHttp);
    this.#ports = {
      backend: await freeTcpPort(host, ports.backend),
      admin: await freeTcpPort(host, ports.admin),
      gateway: await freeUdpPort(host, ports.gateway),
      networkServer: await freeTcpPort(host, ports.networkServer),
      applicationServer: await freeTcpPort(host, ports.applicationServer),
      simulator: await freeTcpPort(host, ports.simulator),
    };
    onPorts?.(this.#ports);
    for (const role of ["network-server", "application-server"] as const) {
      this.#writeSecret(role, KEK_FILE);
      this.#writeSecret(role, TOKEN_FILE);
      this.#writeSecret(role, ROOT_KEY_TOKEN_FILE);
    }
    this.#writeSecret("application-server", NETWORK_SERVER_TOKEN_FILE);
    for (const role of ROLES) {
      this.#handles.set(
        role,
        new RoleProcessHandle({
          role,
          arguments: this.#argumentsOf(role),
          logFolder: join(dataFolder, "logs"),
          onUnexpectedEnd: this.#options.onUnexpectedEnd,
        }),
      );
      this.#apis.set(role, this.#createApi(role));
    }
    await Promise.all([...this.#handles.values()].map((handle) => handle.start()));
    await this.#introducePeers();
  }

  /** Stops the roles, devices first, so that nobody talks to a server that is gone. */
  async stop(): Promise<void> {
    for (const role of [...ROLES].reverse()) await this.#handles.get(role)?.stop();
  }

  /** The process of a role, to kill it and start it again. */
  handle(role: Role): RoleProcessHandle {
    return required(this.#handles.get(role), role);
  }

  api(role: Role): RoleApi {
    return required(this.#apis.get(role), role);
  }

  /** Where a person or program reaches each role. */
  addresses(): Readonly<Record<string, string>> {
    const { host } = this.#options;
    const ports = this.#ports;
    return {
      "Join Server, Backend Interfaces": `http://${host}:${ports.backend}`,
      "Join Server, administration": `http://${host}:${ports.admin}/api/v1`,
      "Network Server, gateways (GWMP, UDP)": `${host}:${ports.gateway}`,
      "Network Server, administration": `http://${host}:${ports.networkServer}/api/v1`,
      "Application Server": `http://${host}:${ports.applicationServer}/api/v1`,
      "simulator, control": `http://${host}:${ports.simulator}/api/v1`,
    };
  }

  /** Address of the console with a one-time code, which signs a browser in as administrator. */
  async consoleLink(): Promise<string> {
    const { code } = await this.api("join-server").request<{ code: string }>(
      "POST",
      "/sign-in-codes",
    );
    return signInLink(`http://${this.#options.host}:${this.#ports.admin}`, code);
  }

  /** The data folder of a role, or the one where keys wait to be handed out. */
  folderOf(owner: Role | "provisioning"): string {
    return join(this.#options.dataFolder, owner);
  }

  #argumentsOf(role: Role): string[] {
    const { host, logLevel, region, speed, loss, via, networkServerRelays = true } = this.#options;
    const ports = this.#ports;
    const joinServer = via?.joinServer ?? `http://${host}:${ports.backend}`;
    const networkServer = via?.networkServer ?? `http://${host}:${ports.networkServer}`;
    const applicationServer = via?.applicationServer ?? `http://${host}:${ports.applicationServer}`;
    const shared = ["--data", this.folderOf(role), "--host", host, "--log-level", logLevel];
    if (this.#options.allowsPlainHttp) shared.push("--allow-plain-http");
    const secrets = [
      ...["--kek-file", join(this.folderOf(role), KEK_FILE), "--kek-label", kekLabel(role)],
      ...["--join-server-token-file", join(this.folderOf(role), TOKEN_FILE)],
      ...["--root-key-token-file", join(this.folderOf(role), ROOT_KEY_TOKEN_FILE)],
    ];
    const networkServerToken = join(this.folderOf("application-server"), NETWORK_SERVER_TOKEN_FILE);
    const own: Record<Role, string[]> = {
      "join-server": ["--backend-port", `${ports.backend}`, "--admin-port", `${ports.admin}`],
      "network-server": [
        ...["--udp-port", `${ports.gateway}`, "--http-port", `${ports.networkServer}`],
        ...["--net-id", NET_ID, "--region", region, "--join-server", joinServer],
        ...["--application-server", `${AS_ID}=${applicationServer}`],
        ...["--application-server-token-file", `${AS_ID}=${networkServerToken}`, ...secrets],
        ...(networkServerRelays ? [] : ["--no-root-key-relay"]),
      ],
      "application-server": [
        ...["--http-port", `${ports.applicationServer}`, "--as-id", AS_ID],
        ...["--network-server", networkServer, "--join-server", joinServer],
        ...["--network-server-token-file", networkServerToken],
        ...["--join-server-id", JOIN_EUI, ...secrets],
      ],
      simulator: [
        ...["--http-port", `${ports.simulator}`, "--region", region, "--speed", `${speed}`],
        ...["--network-server", `${host}:${via?.gatewayPort ?? ports.gateway}`],
        ...["--loss-up", `${loss}`, "--loss-down", `${loss}`],
      ],
    };
    return [...shared, ...own[role], ...(this.#options.roleArguments?.[role] ?? [])];
  }

  #createApi(role: Role): RoleApi {
    const { host } = this.#options;
    const port = {
      "join-server": this.#ports.admin,
      "network-server": this.#ports.networkServer,
      "application-server": this.#ports.applicationServer,
      simulator: this.#ports.simulator,
    }[role];
    return new RoleApi(`http://${host}:${port}`, join(this.folderOf(role), "admin-token"));
  }

  /** Each server has a KEK and a token of its own; the Join Server learns all, neither the other's. */
  async #introducePeers(): Promise<void> {
    const { host, via, networkServerRelays = true } = this.#options;
    const { networkServer, applicationServer } = this.#ports;
    const joinServer = this.api("join-server");
    await joinServer.request("PUT", `/network-servers/${NET_ID}`, {
      ...this.#introductionOf(
        "network-server",
        via?.networkServer ?? `http://${host}:${networkServer}`,
      ),
      relaysRootKeyUpdates: networkServerRelays,
    });
    await joinServer.request("PUT", `/application-servers/${AS_ID}`, {
      ...this.#introductionOf(
        "application-server",
        via?.applicationServer ?? `http://${host}:${applicationServer}`,
      ),
      appSKeyDelivery: "both",
      relaysRootKeyUpdates: true,
    });
  }

  #introductionOf(role: Role, url: string): object {
    const authorization = `Bearer ${this.#readSecret(role, ROOT_KEY_TOKEN_FILE)}`;
    return {
      route: { url, authorization },
      kek: this.#readSecret(role, KEK_FILE),
      kekLabel: kekLabel(role),
      authentication: { kind: "bearer", token: this.#readSecret(role, TOKEN_FILE) },
    };
  }

  #readSecret(role: Role, name: string): string {
    return readFileSync(join(this.folderOf(role), name), "utf8").trim();
  }

  #writeSecret(role: Role, name: string): void {
    const file = join(this.folderOf(role), name);
    if (existsSync(file)) return;
    try {
      mkdirSync(this.folderOf(role), { recursive: true, mode: 0o700 });
      writeFileSync(file, `${randomBytes(16).toString("hex")}\n`, { mode: 0o600 });
    } catch (error) {
      throw new WarrenError("configuration-invalid", `cannot write to ${this.folderOf(role)}`, {
        cause: error,
      });
    }
  }
}

function kekLabel(role: Role): string {
  return role === "network-server" ? `ns:${NET_ID}` : `as:${AS_ID}`;
}

function required<T>(value: T | undefined, role: Role): T {
  if (value === undefined) throw new Error(`${role} has not been started`);
  return value;
}

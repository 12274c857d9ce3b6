import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freeTcpPort } from "../../../src/cli/run/free-port.ts";
import { RoleApi } from "../../../src/cli/run/role-api.ts";
import { RoleProcessHandle } from "../../../src/cli/run/role-process-handle.ts";
import type { Aes128Key } from "../../../src/crypto/aes128.ts";
import { formatHex } from "../../../src/lorawan/hex.ts";
import { TestDevice } from "../../support/test-device.ts";
import { STORM_AS_ID, STORM_NET_ID } from "./join-storm.ts";

const HOST = "127.0.0.1";
const VERSIONS = ["1.0.2", "1.0.3", "1.0.4", "1.1.0"] as const;

/** One Join Server process on fixed ports, to be killed and started again. */
export interface StormServer {
  readonly handle: RoleProcessHandle;
  readonly url: string;
  readonly api: RoleApi;
  /** `GET` needs no token. */
  readonly metricsUrl: string;
}

/** Join Server processes on one database, with their data in a temporary folder. */
export class StormServers {
  readonly servers: StormServer[] = [];
  readonly unexpectedEnds: string[] = [];
  readonly folder = mkdtempSync(join(tmpdir(), "warren-storm-"));
  readonly #storage: string;

  /** @param databaseUrl of PostgreSQL; undefined: SQLite, which one process can use at a time */
  constructor(databaseUrl?: string) {
    this.#storage =
      databaseUrl === undefined
        ? 'kind = "sqlite"'
        : `kind = "postgresql"\nurl = "${databaseUrl}"\nmax_connections = 8`;
  }

  async start(count: number): Promise<void> {
    for (let index = 0; index < count; index++) this.servers.push(await this.#create(index));
    // All at once on an empty database: they must agree on its schema and its first data key.
    await Promise.all(this.servers.map(({ handle }) => handle.start()));
  }

  /** Makes the peers known and registers devices of every version. */
  async register(deviceCount: number): Promise<TestDevice[]> {
    const { api } = this.servers[0] as StormServer;
    const kek = () => randomBytes(16).toString("hex");
    await api.request("PUT", `/network-servers/${STORM_NET_ID}`, { kek: kek() });
    await api.request("PUT", `/application-servers/${STORM_AS_ID}`, { kek: kek() });
    const hex = (key: Aes128Key) => formatHex(new Uint8Array(key.export()));
    const devices: TestDevice[] = [];
    for (let index = 0; index < deviceCount; index++) {
      const device = new TestDevice(VERSIONS[index % VERSIONS.length] as "1.1.0");
      await api.request("PUT", `/devices/${device.devEui}`, {
        joinEui: device.joinEui,
        macVersion: device.macVersion,
        nwkKey: hex(device.currentKeys.nwkKey),
        ...(device.macVersion === "1.1.0" && { appKey: hex(device.currentKeys.appKey) }),
        homeNetId: STORM_NET_ID,
        asId: STORM_AS_ID,
      });
      devices.push(device);
    }
    return devices;
  }

  async remove(): Promise<void> {
    for (const { handle } of this.servers) await handle.stop();
    if (process.env["WARREN_KEEP_DATA"]) return;
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #create(index: number): Promise<StormServer> {
    const [backendPort, adminPort] = [await freeTcpPort(HOST, 0), await freeTcpPort(HOST, 0)];
    const data = join(this.folder, `server-${index}`);
    const config = join(this.folder, `server-${index}.toml`);
    writeFileSync(config, this.#configOf(data, backendPort, adminPort), { mode: 0o600 });
    const handle = new RoleProcessHandle({
      role: "join-server",
      arguments: ["--config", config],
      logFolder: join(this.folder, `logs-${index}`),
      onUnexpectedEnd: (role, words) => this.unexpectedEnds.push(`${role} ${index}: ${words}`),
    });
    return {
      handle,
      url: `http://${HOST}:${backendPort}`,
      api: new RoleApi(`http://${HOST}:${adminPort}`, join(data, "admin-token")),
      metricsUrl: `http://${HOST}:${adminPort}/metrics`,
    };
  }

  /** All servers use the same key file; a storm joins more often than any device may. */
  #configOf(data: string, backendPort: number, adminPort: number): string {
    return `data_folder = "${data}"
log_level = "error"
[backend]
port = ${backendPort}
[admin]
port = ${adminPort}
[storage]
${this.#storage}
[vault]
path = "${join(this.folder, "master-keys")}"
[limits.device]
per_second = 0
[limits.peer]
per_second = 0
[joins]
threads = 1
[metrics]
requires_token = false
`;
  }
}

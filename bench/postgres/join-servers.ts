import { BenchServer } from "../join-load.ts";
import { importPopulation, type Target, targetOf } from "../joins/targets.ts";

/** Join Server processes on one PostgreSQL database, each with the settings of a default installation. */
export class PostgresJoinServers {
  readonly #url: string;
  readonly #servers: BenchServer[] = [];

  constructor(url: string) {
    this.#url = url;
  }

  /**
   * The first one brings the devices into the database.
   *
   * @param cachedDevices how many devices the process keeps in memory
   */
  async start(name: string, cachedDevices: number): Promise<Target> {
    const [first] = this.#servers;
    const folder = first?.folder;
    const server: BenchServer = new BenchServer(`[storage]
kind = "postgresql"
url = "${this.#url}"
cached_devices = ${cachedDevices}
${folder === undefined ? "" : `[vault]\npath = "${folder}/data/master-keys"`}`);
    this.#servers.push(server);
    await server.start();
    if (first === undefined) {
      await server.addPeers();
      await importPopulation(server);
    }
    return targetOf(server, name);
  }

  async remove(): Promise<void> {
    for (const server of this.#servers) await server.remove();
  }
}

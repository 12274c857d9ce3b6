import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { until } from "./until.ts";

export interface Delivery {
  readonly path: string;
  readonly body: Record<string, unknown>;
}

/** Takes the Network Server's messages over real HTTP. */
export class FakeApplicationServer {
  readonly deliveries: Delivery[] = [];
  /** HTTP status of the next answers; 200 when empty. */
  readonly nextStatus: number[] = [];
  readonly #server: Server;
  #port = 0;

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const status = this.nextStatus.shift() ?? 200;
        if (status === 200) {
          const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
          this.deliveries.push({ path: request.url ?? "", body });
        }
        response.writeHead(status).end("{}");
      });
    });
  }

  /** Where it listens, or last did. */
  get port(): number {
    return this.#port;
  }

  get uplinks(): Record<string, unknown>[] {
    return this.#bodiesOf("/network-server/uplinks");
  }

  get events(): Record<string, unknown>[] {
    return this.#bodiesOf("/network-server/downlink-events");
  }

  async listen(port = 0): Promise<this> {
    this.#server.listen(port, "127.0.0.1");
    await once(this.#server, "listening");
    this.#port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  /** Resolves with the events of a downlink once there are `count`. */
  async eventsOf(downlinkId: string, count: number): Promise<unknown[]> {
    const events = () =>
      this.events.filter((body) => body["DownlinkID"] === downlinkId).map((body) => body["Event"]);
    await until(() => events().length >= count, `${count} events of ${downlinkId}`);
    return events();
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #bodiesOf(path: string): Record<string, unknown>[] {
    return this.deliveries.filter((delivery) => delivery.path === path).map(({ body }) => body);
  }
}

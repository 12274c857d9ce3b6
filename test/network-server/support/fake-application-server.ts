import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { until } from "./until.ts";

export interface Delivery {
  readonly path: string;
  readonly body: Record<string, unknown>;
}

export interface BatchMessage {
  readonly Uplink?: Record<string, unknown>;
}

/** What the Network Server has to show it. */
export const AS_TOKEN = "0123456789-the-token-of-as";

/** Takes the Network Server's messages over real HTTP. */
export class FakeApplicationServer {
  readonly deliveries: Delivery[] = [];
  /** HTTP status of the next answers; 200 when empty. */
  readonly nextStatus: number[] = [];
  /** What it says of batches: it takes them but for some messages, or does not know them. */
  onBatch: ((messages: readonly BatchMessage[]) => readonly number[] | 404) | undefined;
  readonly #server: Server;
  #port = 0;

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        if (request.headers.authorization !== `Bearer ${AS_TOKEN}`) {
          response.writeHead(401).end("{}");
          return;
        }
        const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
        if (request.url === "/network-server/messages" && this.onBatch !== undefined) {
          const [status, text] = this.#takeBatch(body["Messages"] as BatchMessage[], this.onBatch);
          response.writeHead(status).end(text);
          return;
        }
        const status = this.nextStatus.shift() ?? 200;
        if (status === 200) this.deliveries.push({ path: request.url ?? "", body });
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

  #takeBatch(
    messages: readonly BatchMessage[],
    onBatch: NonNullable<FakeApplicationServer["onBatch"]>,
  ): readonly [number, string] {
    const failed = onBatch(messages);
    if (failed === 404) return [404, "{}"];
    for (const [index, { Uplink }] of messages.entries()) {
      if (Uplink === undefined || failed.includes(index)) continue;
      this.deliveries.push({ path: "/network-server/uplinks", body: Uplink });
    }
    return [200, JSON.stringify({ Failed: failed.map((Index) => ({ Index })) })];
  }

  #bodiesOf(path: string): Record<string, unknown>[] {
    return this.deliveries.filter((delivery) => delivery.path === path).map(({ body }) => body);
  }
}

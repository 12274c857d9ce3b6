import { createServer, type IncomingHttpHeaders } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { after } from "node:test";

export interface ReceivedRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly kinds: string[];
  readonly ids: number[];
}

/** A server that takes webhooks and answers as it is told to. */
export class WebhookReceiver {
  readonly requests: ReceivedRequest[] = [];
  /** The status of the next answer; undefined: none at all. */
  status: number | undefined = 204;
  url = "";
  #waiting: (() => void)[] = [];

  static async start(tls?: {
    readonly cert: string;
    readonly key: string;
  }): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver();
    const server = tls ? createTlsServer({ cert: tls.cert, key: tls.key }) : createServer();
    server.on("request", (request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on("end", () => {
        const { events } = JSON.parse(body) as { events: { kind: string; id: number }[] };
        receiver.requests.push({
          headers: request.headers,
          body,
          kinds: events.map(({ kind }) => kind),
          ids: events.map(({ id }) => id),
        });
        for (const resolve of receiver.#waiting.splice(0)) resolve();
        if (receiver.status === undefined) return;
        response.writeHead(receiver.status).end("thank you");
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    after(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    receiver.url = tls ? `https://localhost:${port}/hook` : `http://127.0.0.1:${port}/hook`;
    return receiver;
  }

  get ids(): number[] {
    return this.requests.flatMap(({ ids }) => ids);
  }

  /** Until so many requests have come. */
  async until(count: number): Promise<void> {
    while (this.requests.length < count) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

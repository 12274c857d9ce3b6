import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** One request with its answer, as they went over the wire. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly requestBody: string;
  readonly status: number;
  readonly responseBody: string;
}

/**
 * Stands between two roles and keeps everything they say to each other. The role behind it may come and
 * go: without it the caller's connection is dropped, as it would be.
 */
export class HttpRecorder {
  readonly exchanges: Exchange[] = [];
  /** Every byte of every body and head, both ways. */
  readonly traffic: Buffer[] = [];
  readonly #server: Server;
  #targetPort = 0;

  constructor() {
    this.#server = createServer((incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => {
        const requestBody = Buffer.concat(chunks);
        this.traffic.push(Buffer.from(`${incoming.url} ${incoming.rawHeaders.join(" ")}`));
        this.traffic.push(requestBody);
        const forwarded = request(
          {
            host: "127.0.0.1",
            port: this.#targetPort,
            method: incoming.method,
            path: incoming.url,
            headers: { ...incoming.headers, "content-length": requestBody.length },
          },
          (answer) => {
            const answerChunks: Buffer[] = [];
            answer.on("data", (chunk: Buffer) => answerChunks.push(chunk));
            answer.on("error", () => outgoing.destroy());
            answer.on("end", () => {
              const responseBody = Buffer.concat(answerChunks);
              this.traffic.push(Buffer.from(answer.rawHeaders.join(" ")), responseBody);
              this.exchanges.push({
                method: incoming.method ?? "",
                path: incoming.url ?? "",
                requestBody: requestBody.toString(),
                status: answer.statusCode ?? 0,
                responseBody: responseBody.toString(),
              });
              outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
              outgoing.end(responseBody);
            });
          },
        );
        forwarded.on("error", () => outgoing.destroy());
        forwarded.end(requestBody);
      });
    });
  }

  /** Listens on a free port and returns its URL. The target may be set later. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  forwardTo(port: number): void {
    this.#targetPort = port;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

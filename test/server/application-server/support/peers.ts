import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Json = Record<string, unknown>;
type Handle = (body: Json, path: string) => { readonly status: number; readonly body: unknown };

/** A tiny HTTP peer: it records what it gets and answers what the test says. Stops and starts again. */
export class FakePeer {
  readonly received: { readonly path: string; readonly body: Json }[] = [];
  handle: Handle;
  #server: Server | undefined;
  #port = 0;

  constructor(handle: Handle) {
    this.handle = handle;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<this> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => this.#answer(request.url ?? "", Buffer.concat(chunks), response));
    });
    await new Promise<void>((resolve) => server.listen(this.#port, "127.0.0.1", resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
    return this;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  #answer(path: string, text: Buffer, response: ServerResponse): void {
    const body = JSON.parse(text.toString()) as Json;
    this.received.push({ path, body });
    const answer = this.handle(body, path);
    response.writeHead(answer.status, { "content-type": "application/json" });
    response.end(JSON.stringify(answer.body));
  }
}

/** A Network Server that takes every downlink and counts FCntDown from 0. */
export function fakeNetworkServer(): FakePeer {
  let fCntDown = 0;
  return new FakePeer((_body, path) =>
    path === "/application-server/downlink-counters"
      ? { status: 200, body: { FCntDown: fCntDown++ } }
      : { status: 202, body: {} },
  );
}

/** A Join Server that knows one AppSKey, as it answers an AppSKeyReq. */
export function fakeJoinServer(appSKey: object): FakePeer {
  return new FakePeer((request) => ({
    status: 200,
    body: {
      ProtocolVersion: "1.0",
      SenderID: request["ReceiverID"],
      ReceiverID: request["SenderID"],
      TransactionID: request["TransactionID"],
      MessageType: "AppSKeyAns",
      Result: { ResultCode: "Success" },
      DevEUI: request["DevEUI"],
      SessionKeyID: request["SessionKeyID"],
      AppSKey: appSKey,
    },
  }));
}

import type { ServerResponse } from "node:http";
import type { FastifyReply } from "fastify";
import type { HttpApp } from "./http-app.ts";
import { problem } from "./problem-details.ts";

/** Each stream holds a connection. */
const STREAMS_MAX = 100;

/** The open streams of server-sent events of one app: bounded in number, ended when it closes. */
export class EventStreams {
  readonly #open = new Set<ServerResponse>();

  constructor(api: HttpApp) {
    // Before the server waits for open requests to end: these would never end by themselves.
    api.addHook("preClose", () => {
      for (const stream of this.#open) stream.end();
    });
  }

  /**
   * Makes a stream of this reply. Its "close" event comes whoever ends it.
   *
   * @param greeting a comment, so that the client sees at once that the stream is open
   * @returns undefined if too many are open: then the reply has said so
   */
  open(reply: FastifyReply, greeting: string): ServerResponse | undefined {
    if (this.#open.size >= STREAMS_MAX) {
      problem(reply, 503, "too-many-streams", `at most ${STREAMS_MAX} event streams at a time`);
      return undefined;
    }
    reply.hijack();
    const stream = reply.raw;
    stream.writeHead(200, {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      // The connection ends with the stream; nothing else can follow on it.
      connection: "close",
    });
    stream.write(`: ${greeting}\n\n`);
    this.#open.add(stream);
    stream.once("close", () => this.#open.delete(stream));
    return stream;
  }
}

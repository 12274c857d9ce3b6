import type { ServerResponse } from "node:http";
import { Type } from "typebox";
import type { EventBell, StoredEvent } from "../../application-server/events.ts";
import type { ApplicationServerStore } from "../../application-server/store.ts";
import { WarrenError } from "../../errors.ts";
import { type Eui64, parseEui64 } from "../../lorawan/identifiers.ts";
import type { HttpApp } from "../http-app.ts";
import { problem } from "../problem-details.ts";
import { hexOf } from "./hex-schemas.ts";

const EventQuery = Type.Object({ devEui: Type.Optional(hexOf(8)) });

/** How many events are read from the store at once. */
const BATCH = 100;
/** Each stream holds a connection. */
const STREAMS_MAX = 100;

export interface EventRoutesOptions {
  readonly store: ApplicationServerStore;
  readonly bell: EventBell;
  /** Time between comments that keep proxies from closing an idle stream. */
  readonly heartbeatMs: number;
}

/** `GET /events`: server-sent events, live, from after `Last-Event-ID` if the client gives one. */
export function addEventRoutes(api: HttpApp, options: EventRoutesOptions): void {
  const { store } = options;
  const streams = new Set<EventStream>();
  // Before the server waits for open requests to end: these would never end by themselves.
  api.addHook("preClose", () => {
    for (const stream of streams) stream.end();
  });

  api.get("/events", { schema: { querystring: EventQuery } }, (request, reply) => {
    const { devEui } = request.query;
    const lastId = readLastEventId(request.headers["last-event-id"], store.lastEventId());
    if (streams.size >= STREAMS_MAX) {
      problem(reply, 503, "too-many-streams", `at most ${STREAMS_MAX} event streams at a time`);
      return;
    }
    reply.hijack();
    reply.raw.writeHead(200, {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      // The connection ends with the stream; nothing else can follow on it.
      connection: "close",
    });
    const stream = new EventStream(reply.raw, options, {
      lastId,
      devEui: devEui === undefined ? undefined : parseEui64(devEui),
    });
    streams.add(stream);
    reply.raw.once("close", () => {
      streams.delete(stream);
      stream.end();
    });
    stream.pump();
  });
}

/** One open stream. It reads from the store as fast as its client takes, so it holds no queue. */
class EventStream {
  readonly #response: ServerResponse;
  readonly #store: ApplicationServerStore;
  readonly #devEui: Eui64 | undefined;
  readonly #heartbeat: NodeJS.Timeout;
  readonly #stopListening: () => void;
  #lastId: number;
  #isBlocked = false;

  constructor(
    response: ServerResponse,
    { store, bell, heartbeatMs }: EventRoutesOptions,
    start: { readonly lastId: number; readonly devEui: Eui64 | undefined },
  ) {
    this.#response = response;
    this.#store = store;
    this.#lastId = start.lastId;
    this.#devEui = start.devEui;
    this.#stopListening = bell.onRing(() => this.pump());
    this.#heartbeat = setInterval(() => this.#write(": still here\n\n"), heartbeatMs);
    response.on("drain", () => {
      this.#isBlocked = false;
      this.pump();
    });
    response.write(": events of the Application Server\n\n");
  }

  /** Writes what is new, until the client is slower than we are. */
  pump(): void {
    while (!this.#isBlocked && !this.#response.writableEnded) {
      const events = this.#store.eventsAfter(this.#lastId, BATCH, this.#devEui);
      const last = events.at(-1);
      if (last === undefined) return;
      this.#lastId = last.id;
      this.#write(events.map(formatEvent).join(""));
    }
  }

  end(): void {
    clearInterval(this.#heartbeat);
    this.#stopListening();
    if (!this.#response.writableEnded) this.#response.end();
  }

  #write(text: string): void {
    if (this.#isBlocked || this.#response.writableEnded) return;
    this.#isBlocked = !this.#response.write(text);
  }
}

function formatEvent({ id, type, data }: StoredEvent): string {
  return `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** An id beyond the newest is of another data folder: the stream then starts with what comes next. */
function readLastEventId(header: string | string[] | undefined, newest: number): number {
  if (header === undefined || header === "") return newest;
  if (typeof header !== "string" || !/^[0-9]{1,15}$/.test(header)) {
    throw new WarrenError("request-malformed", "Last-Event-ID: an id that this stream has sent");
  }
  return Math.min(Number(header), newest);
}

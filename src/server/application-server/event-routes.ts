import type { ServerResponse } from "node:http";
import type { EventBell, StoredEvent } from "../../application-server/events.ts";
import type { ApplicationServerStore } from "../../application-server/store.ts";
import { WarrenError } from "../../errors.ts";
import { type Eui64, parseEui64 } from "../../lorawan/identifiers.ts";
import { DevEuiQuery } from "../device-params.ts";
import { EventStreams } from "../event-streams.ts";
import type { HttpApp } from "../http-app.ts";

/** How many events are read from the store at once. */
const BATCH = 100;

export interface EventRoutesOptions {
  readonly store: ApplicationServerStore;
  readonly bell: EventBell;
  /** Time between comments that keep proxies from closing an idle stream. */
  readonly heartbeatMs: number;
}

/** `GET /events`: server-sent events, live, from after `Last-Event-ID` if the client gives one. */
export function addEventRoutes(api: HttpApp, options: EventRoutesOptions): void {
  const { store } = options;
  const streams = new EventStreams(api);

  api.get("/events", { schema: { querystring: DevEuiQuery } }, (request, reply) => {
    const { devEui } = request.query;
    const lastId = readLastEventId(request.headers["last-event-id"], store.lastEventId());
    const wanted = devEui === undefined ? undefined : parseEui64(devEui);
    const response = streams.open(reply, "events of the Application Server");
    if (response === undefined) return;
    const stream = new EventStream(response, options, { lastId, devEui: wanted });
    response.once("close", () => stream.stop());
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

  stop(): void {
    clearInterval(this.#heartbeat);
    this.#stopListening();
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

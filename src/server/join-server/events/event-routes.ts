import type { ServerResponse } from "node:http";
import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import { WarrenError } from "../../../errors.ts";
import type { EventHub, NumberedEvent } from "../../../events/event-hub.ts";
import { eventJson } from "../../../events/event-json.ts";
import { EVENT_KINDS, type EventKind } from "../../../join-server/ports/events.ts";
import { EventStreams } from "../../event-streams.ts";
import { hexOf } from "../../hex-schemas.ts";
import type { HttpApp } from "../../http-app.ts";

/** Time between comments that keep proxies from closing an idle stream. */
const HEARTBEAT_MS = 15_000;
/** How often a stream looks whether its token has been revoked or has expired. */
const ACCESS_CHECK_MS = 1_000;
/** A client that has not read this much is cut off; it can go on from its last event. */
const UNREAD_MAX_BYTES = 1_000_000;

const EventQuery = Type.Object(
  {
    devEui: Type.Optional(hexOf(8)),
    kinds: Type.Optional(
      Type.String({ description: "kinds of events, with commas between", maxLength: 1_000 }),
    ),
  },
  { additionalProperties: false },
);

interface EventFilter {
  readonly devEui: string | undefined;
  /** Undefined: all. */
  readonly kinds: ReadonlySet<EventKind> | undefined;
}

/**
 * `GET /events`: server-sent events as they happen; with `Last-Event-ID` first those after it, as far as
 * they are kept.
 */
export function addEventRoutes(scope: HttpApp, hub: EventHub, heartbeatMs = HEARTBEAT_MS): void {
  const streams = new EventStreams(scope);
  scope.get(
    "/events",
    {
      schema: { querystring: EventQuery, summary: "Events as they happen, as server-sent events" },
      config: { right: "event:read" },
    },
    (request, reply) => {
      const { devEui, kinds } = request.query;
      const filter = { devEui: devEui?.toLowerCase(), kinds: parseKinds(kinds) };
      const lastId = parseLastEventId(request.headers["last-event-id"]);
      const stream = streams.open(reply, "events of the Join Server");
      if (stream === undefined) return;
      const send = (event: NumberedEvent): void => write(stream, event, filter);
      if (lastId !== undefined) for (const event of hub.eventsAfter(lastId)) send(event);
      const stop = hub.subscribe(send);
      const heartbeat = setInterval(() => stream.write(": still here\n\n"), heartbeatMs);
      const accessCheck = setInterval(() => void endIfRefused(request, stream), ACCESS_CHECK_MS);
      stream.once("close", () => {
        clearInterval(heartbeat);
        clearInterval(accessCheck);
        stop();
      });
    },
  );
}

/** A database that does not answer for a moment takes no right away. */
async function endIfRefused(request: FastifyRequest, stream: ServerResponse): Promise<void> {
  const isAllowed = await request.isStillAllowed?.().catch(() => true);
  if (isAllowed === false) stream.end();
}

function write(stream: ServerResponse, numbered: NumberedEvent, filter: EventFilter): void {
  const { event } = numbered;
  if (stream.writableEnded) return;
  if (filter.devEui !== undefined && filter.devEui !== event.devEui) return;
  if (filter.kinds !== undefined && !filter.kinds.has(event.kind)) return;
  stream.write(
    `id: ${numbered.id}\nevent: ${event.kind}\ndata: ${JSON.stringify(eventJson(numbered))}\n\n`,
  );
  if (stream.writableLength > UNREAD_MAX_BYTES) stream.destroy();
}

function parseKinds(text: string | undefined): ReadonlySet<EventKind> | undefined {
  if (text === undefined) return undefined;
  return new Set(
    text.split(",").map((given) => {
      const kind = EVENT_KINDS.find((known) => known === given.trim());
      if (kind !== undefined) return kind;
      throw new WarrenError("request-malformed", `kinds may be: ${EVENT_KINDS.join(", ")}`);
    }),
  );
}

/** An id beyond the newest only means that nothing is missed. */
function parseLastEventId(header: string | string[] | undefined): number | undefined {
  if (header === undefined || header === "") return undefined;
  if (typeof header === "string" && /^[0-9]{1,16}$/.test(header)) return Number(header);
  throw new WarrenError("request-malformed", "Last-Event-ID: an id that this stream has sent");
}

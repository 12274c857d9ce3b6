import type { ServerResponse } from "node:http";
import { parseEui64 } from "../../lorawan/identifiers.ts";
import type { Step, StepLog } from "../../simulator/step-log.ts";
import type { HttpApp } from "../http-app.ts";
import { problem } from "../problem-details.ts";
import { EventQuery } from "./schemas.ts";

const HEARTBEAT_MS = 15_000;
/** Each stream holds a connection. */
const STREAMS_MAX = 100;
/** A client that is this far behind is cut off: nobody can keep all steps for it. */
const BACKLOG_MAX_BYTES = 1_000_000;

/** `GET /events`: the steps of all devices, or of one, as server-sent events while they happen. */
export function addEventRoutes(api: HttpApp, steps: StepLog): void {
  const streams = new Set<ServerResponse>();
  // Before the server waits for open requests to end: these would never end by themselves.
  api.addHook("preClose", () => {
    for (const stream of streams) stream.end();
  });

  api.get("/events", { schema: { querystring: EventQuery } }, (request, reply) => {
    const { devEui } = request.query;
    const wanted = devEui === undefined ? undefined : parseEui64(devEui);
    if (streams.size >= STREAMS_MAX) {
      problem(reply, 503, "too-many-streams", `at most ${STREAMS_MAX} event streams at a time`);
      return;
    }
    reply.hijack();
    const stream = reply.raw;
    stream.writeHead(200, {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      connection: "close",
    });
    stream.write(": steps of the simulated devices\n\n");
    streams.add(stream);
    const stopListening = steps.subscribe((step) => {
      if (wanted === undefined || step.devEui === wanted) write(stream, step);
    });
    const heartbeat = setInterval(() => stream.write(": still here\n\n"), HEARTBEAT_MS);
    stream.once("close", () => {
      stopListening();
      clearInterval(heartbeat);
      streams.delete(stream);
    });
  });
}

function write(stream: ServerResponse, step: Step): void {
  if (stream.writableLength > BACKLOG_MAX_BYTES) stream.destroy();
  else stream.write(`event: ${step.event}\ndata: ${JSON.stringify(step)}\n\n`);
}

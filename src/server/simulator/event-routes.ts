import type { ServerResponse } from "node:http";
import { parseEui64 } from "../../lorawan/identifiers.ts";
import type { Step, StepLog } from "../../simulator/step-log.ts";
import { DevEuiQuery } from "../device-params.ts";
import { EventStreams } from "../event-streams.ts";
import type { HttpApp } from "../http-app.ts";

const HEARTBEAT_MS = 15_000;
/** A client that is this far behind is cut off: nobody can keep all steps for it. */
const BACKLOG_MAX_BYTES = 1_000_000;

/** `GET /events`: the steps of all devices, or of one, as server-sent events while they happen. */
export function addEventRoutes(api: HttpApp, steps: StepLog): void {
  const streams = new EventStreams(api);

  api.get("/events", { schema: { querystring: DevEuiQuery } }, (request, reply) => {
    const { devEui } = request.query;
    const wanted = devEui === undefined ? undefined : parseEui64(devEui);
    const stream = streams.open(reply, "steps of the simulated devices");
    if (stream === undefined) return;
    const stopListening = steps.subscribe((step) => {
      if (wanted === undefined || step.devEui === wanted) write(stream, step);
    });
    const heartbeat = setInterval(() => stream.write(": still here\n\n"), HEARTBEAT_MS);
    stream.once("close", () => {
      stopListening();
      clearInterval(heartbeat);
    });
  });
}

function write(stream: ServerResponse, step: Step): void {
  if (stream.writableLength > BACKLOG_MAX_BYTES) stream.destroy();
  else stream.write(`event: ${step.event}\ndata: ${JSON.stringify(step)}\n\n`);
}

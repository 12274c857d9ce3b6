import type { IncomingMessage, Server, ServerResponse } from "node:http";
import {
  Admission,
  type AdmissionLimits,
  type AdmissionPorts,
  type DropReason,
} from "./admission.ts";

export interface AdmissionOptions extends AdmissionLimits {
  /** Told of every request that was dropped. */
  readonly observe?: ((reason: DropReason) => void) | undefined;
}

/** How many requests are where. */
export interface AdmissionState {
  readonly waiting: number;
  readonly underWay: number;
}

interface Request {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
}

type Handle = (incoming: IncomingMessage, outgoing: ServerResponse) => void;

/** Nobody reads it but people: the Network Server takes the status, as its body would need a header to answer to. */
const TOO_BUSY = JSON.stringify({
  type: "urn:warren:error:overloaded",
  title: "overloaded",
  status: 503,
  detail: "too many requests; the device will ask again",
});
const TOO_BUSY_HEADERS = {
  "content-type": "application/problem+json",
  "content-length": Buffer.byteLength(TOO_BUSY),
  "retry-after": "1",
};

/**
 * Puts an admission in front of what answers the requests of a server. A `POST` waits there before anything
 * of it but its header lines has been looked at, so dropping it costs as little as can be: HTTP 503. It is
 * under way from when its whole body has been read, or a slow sender would take the place of others.
 *
 * A listener for the second address of `localhost`, which Fastify adds by itself, goes past it.
 */
export function admitRequests(server: Server, options: AdmissionOptions): AdmissionState {
  const handlers = server.listeners("request") as Handle[];
  const ports: AdmissionPorts<Request> = {
    now: () => performance.now(),
    afterReading: (callback) => void setImmediate(callback),
    later: (callback, ms) => void setTimeout(callback, ms).unref(),
    isGone: ({ outgoing }) => outgoing.destroyed,
    drop: ({ outgoing }, reason) => {
      options.observe?.(reason);
      if (!outgoing.destroyed) outgoing.writeHead(503, TOO_BUSY_HEADERS).end(TOO_BUSY);
    },
    admit: ({ incoming, outgoing }) => {
      incoming.once("end", () => {
        if (outgoing.destroyed) return;
        admission.began();
        outgoing.once("close", () => admission.ended());
      });
      for (const handle of handlers) handle(incoming, outgoing);
    },
  };
  const admission = new Admission(options, ports);
  server.removeAllListeners("request");
  server.on("request", (incoming: IncomingMessage, outgoing: ServerResponse) => {
    if (incoming.method === "POST") admission.offer({ incoming, outgoing });
    else for (const handle of handlers) handle(incoming, outgoing);
  });
  return admission;
}

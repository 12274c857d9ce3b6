import { Histogram, type Registry } from "prom-client";
import { BoundedLabel } from "./bounded-label.ts";

/** Told of every answered request of a peer. */
export type RequestObserver = (messageType: string, resultCode: string, seconds: number) => void;

const BUCKETS_S = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
/** Other names are a peer's own words. */
const MESSAGE_TYPES: ReadonlySet<string> = new Set([
  "JoinReq",
  "RejoinReq",
  "AppSKeyReq",
  "HomeNSReq",
  "RootKeyUpdateReq",
  "RootKeyCommandReq",
]);

/** How long requests of peers take, by message and result. */
export function requestTimer(registry: Registry): RequestObserver {
  const histogram = new Histogram({
    name: "warren_backend_request_duration_seconds",
    help: "Time from a Backend Interfaces request to its answer",
    labelNames: ["message_type", "result"],
    buckets: BUCKETS_S,
    registers: [registry],
  });
  const children = new BoundedLabel(
    (messageType) => new BoundedLabel((result) => histogram.labels(messageType, result)),
  );
  return (messageType, resultCode, seconds) => {
    const known = MESSAGE_TYPES.has(messageType) ? messageType : "other";
    children.of(known).of(resultCode).observe(seconds);
  };
}

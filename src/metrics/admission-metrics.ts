import { Counter, Gauge, type Registry } from "prom-client";

/**
 * Requests of peers that wait, and those that were dropped.
 *
 * @param reasons why one may be dropped: each shows a 0 from the start, which is what rates need
 * @returns to be told of each that is dropped
 */
export function admissionMetrics<Reason extends string>(
  registry: Registry,
  reasons: readonly Reason[],
  waiting: () => number,
): (reason: Reason) => void {
  new Gauge({
    name: "warren_backend_requests_waiting",
    help: "Backend Interfaces requests that wait for their turn",
    registers: [registry],
    collect() {
      this.set(waiting());
    },
  });
  const dropped = new Counter({
    name: "warren_backend_requests_dropped_total",
    help: "Backend Interfaces requests that were not answered because there were too many",
    labelNames: ["reason"],
    registers: [registry],
  });
  for (const reason of reasons) dropped.inc({ reason }, 0);
  return (reason) => dropped.inc({ reason });
}

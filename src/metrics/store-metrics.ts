import { Counter, Histogram, type Registry } from "prom-client";
import { BoundedLabel } from "./bounded-label.ts";
import type { StoreObserver } from "./measured-store.ts";

const BUCKETS_S = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1, 5];

/** Calls to the database as metrics. */
export function storeMetrics(registry: Registry): StoreObserver {
  const durations = new Histogram({
    name: "warren_store_operation_duration_seconds",
    help: "Time of one call to the database",
    labelNames: ["operation"],
    buckets: BUCKETS_S,
    registers: [registry],
  });
  const errors = new Counter({
    name: "warren_store_errors_total",
    help: "Calls to the database that failed",
    labelNames: ["operation", "code"],
    registers: [registry],
  });
  const duration = new BoundedLabel((operation) => durations.labels(operation));
  const failures = new BoundedLabel(
    (operation) => new BoundedLabel((code) => errors.labels(operation, code)),
  );
  return {
    took: (operation, seconds) => duration.of(operation).observe(seconds),
    failed: (operation, code) => failures.of(operation).of(code).inc(),
  };
}

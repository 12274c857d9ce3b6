import { Counter, Histogram, type Registry } from "prom-client";
import { WarrenError } from "../errors.ts";
import { BoundedLabel } from "./bounded-label.ts";

const BUCKETS_S = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1, 5];
/** The calls that reach the database; others are answered from memory or come once. */
const OPERATIONS: ReadonlySet<string | symbol> = new Set([
  "loadDevice",
  "saveDevice",
  "createDevices",
  "deleteDevice",
  "findDevices",
  "findDeviceSummaries",
  "findDevEuis",
  "countDevices",
  "tallyDevices",
  "findDueDevices",
  "findStuckDevices",
  "listUpdateAttempts",
  "findMembers",
  "saveMembers",
  "countMembers",
  "findOverMembers",
  "appendAudit",
  "readAudit",
  "findAudit",
  "resealSome",
]);

type Operation = (...given: unknown[]) => unknown;

/** The same store, whose calls are timed and whose failures are counted. */
export function measureStore<Store extends object>(store: Store, registry: Registry): Store {
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
  const measured = new Map<string | symbol, Operation>();
  return new Proxy(store, {
    get(target, name) {
      const known = measured.get(name);
      if (known !== undefined) return known;
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      // Bound, since the private members of a store are not those of its proxy.
      const plain = (member as Operation).bind(target);
      const operation = OPERATIONS.has(name)
        ? timed(plain, durations.labels(String(name)), countErrors(errors, String(name)))
        : plain;
      measured.set(name, operation);
      return operation;
    },
  });
}

function timed(
  operation: Operation,
  duration: Histogram.Internal<string>,
  onError: (error: unknown) => void,
): Operation {
  return async (...given) => {
    const startedAt = performance.now();
    try {
      return await operation(...given);
    } catch (error) {
      onError(error);
      throw error;
    } finally {
      duration.observe((performance.now() - startedAt) / 1000);
    }
  };
}

function countErrors(errors: Counter, operation: string): (error: unknown) => void {
  const children = new BoundedLabel((code) => errors.labels(operation, code));
  return (error) => children.of(error instanceof WarrenError ? error.code : "defect").inc();
}

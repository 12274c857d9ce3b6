import { WarrenError } from "../errors.ts";

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

/** Told of each call to the database. */
export interface StoreObserver {
  took(operation: string, seconds: number): void;
  failed(operation: string, code: string): void;
}

/** The same store, whose calls are timed and whose failures are counted. */
export function measureStore<Store extends object>(store: Store, observer: StoreObserver): Store {
  const measured = new Map<string | symbol, Operation>();
  return new Proxy(store, {
    get(target, name) {
      const known = measured.get(name);
      if (known !== undefined) return known;
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      // Bound, since the private members of a store are not those of its proxy.
      const plain = (member as Operation).bind(target);
      const operation = OPERATIONS.has(name) ? timed(plain, String(name), observer) : plain;
      measured.set(name, operation);
      return operation;
    },
  });
}

function timed(operation: Operation, name: string, observer: StoreObserver): Operation {
  return async (...given) => {
    const startedAt = performance.now();
    try {
      return await operation(...given);
    } catch (error) {
      observer.failed(name, error instanceof WarrenError ? error.code : "defect");
      throw error;
    } finally {
      observer.took(name, (performance.now() - startedAt) / 1000);
    }
  };
}

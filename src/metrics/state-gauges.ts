import { Counter, Gauge, type Registry } from "prom-client";

/** What is looked at whenever the metrics are asked for. */
export interface ObservedState {
  /** How many devices there are; undefined when the database does not say. */
  countDevices(): Promise<number | undefined>;
  isReady(): Promise<boolean>;
  sealingVersion(): number;
  /** How many threads decide joins beside the main one. */
  joinThreads(): number;
  webhooks(): readonly ObservedWebhook[];
  /** Undefined without a cache. */
  cache(): { readonly hits: number; readonly misses: number } | undefined;
  /** Certificates in use, ours and those that connected peers have shown. */
  certificates(): readonly ObservedCertificate[];
}

export interface ObservedWebhook {
  readonly name: string;
  readonly waiting: number;
  readonly counts: {
    readonly delivered: number;
    readonly dropped: number;
    readonly failedAttempts: number;
  };
}

export interface ObservedCertificate {
  /** `own` or `peer`. */
  readonly owner: string;
  /** The listener, or the common name of the peer. */
  readonly name: string;
  /** Epoch milliseconds. */
  readonly notAfter: number;
}

/** Metrics of what is, as against what has happened. */
export function stateGauges(registry: Registry, state: ObservedState): void {
  addGauge(registry, { name: "devices", help: "Devices on record" }, async (metric) => {
    const count = await state.countDevices();
    if (count === undefined) metric.reset();
    else metric.set(count);
  });
  addGauge(registry, { name: "ready", help: "1 when GET /readyz says so" }, async (metric) =>
    metric.set((await state.isReady()) ? 1 : 0),
  );
  const vault = { name: "vault_sealing_version", help: "Version that values are sealed under" };
  addGauge(registry, vault, (metric) => metric.set(state.sealingVersion()));
  const threads = { name: "join_threads", help: "Threads that decide joins beside the main one" };
  addGauge(registry, threads, (metric) => metric.set(state.joinThreads()));
  addCertificateGauge(registry, state);
  addWebhookMetrics(registry, state);
  addCacheMetrics(registry, state);
}

/** Always 1; its labels tell what runs. */
export function buildInfo(registry: Registry, version: string): void {
  const metric = { name: "build_info", help: "Versions of this program" };
  addGauge(registry, { ...metric, labelNames: ["version", "node"] }, (gauge) =>
    gauge.set({ version, node: process.version }, 1),
  );
}

function addCertificateGauge(registry: Registry, state: ObservedState): void {
  const metric = {
    name: "tls_certificate_not_after_seconds",
    help: "When a certificate expires, in seconds since 1970",
    labelNames: ["owner", "name"],
  };
  addGauge(registry, metric, (gauge) => {
    gauge.reset();
    for (const { owner, name, notAfter } of state.certificates()) {
      gauge.set({ owner, name }, notAfter / 1000);
    }
  });
}

function addWebhookMetrics(registry: Registry, state: ObservedState): void {
  const labelNames = ["webhook"];
  const waiting = { name: "webhook_events_waiting", help: "Events not yet delivered", labelNames };
  addGauge(registry, waiting, (metric) => {
    for (const webhook of state.webhooks()) metric.set({ webhook: webhook.name }, webhook.waiting);
  });
  for (const [member, name, help] of [
    ["delivered", "webhook_events_delivered", "Events that a receiver has taken"],
    ["dropped", "webhook_events_dropped", "Events that no receiver got"],
    ["failedAttempts", "webhook_attempts_failed", "Requests that a receiver did not take"],
  ] as const) {
    addCounter(registry, { name, help, labelNames }, (metric) => {
      for (const webhook of state.webhooks()) {
        metric.inc({ webhook: webhook.name }, webhook.counts[member]);
      }
    });
  }
}

function addCacheMetrics(registry: Registry, state: ObservedState): void {
  const metric = { name: "device_cache_requests", help: "Devices asked of the cache" };
  addCounter(registry, { ...metric, labelNames: ["result"] }, (counter) => {
    const cache = state.cache();
    if (cache === undefined) return;
    counter.inc({ result: "hit" }, cache.hits);
    counter.inc({ result: "miss" }, cache.misses);
  });
}

interface Description {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: string[];
}

function addGauge(
  registry: Registry,
  { name, help, labelNames = [] }: Description,
  collect: (metric: Gauge) => void | Promise<void>,
): void {
  new Gauge({
    name: `warren_${name}`,
    help,
    labelNames,
    registers: [registry],
    collect() {
      return collect(this);
    },
  });
}

/** A counter that is kept elsewhere and read when asked for. */
function addCounter(
  registry: Registry,
  { name, help, labelNames = [] }: Description,
  collect: (metric: Counter) => void,
): void {
  new Counter({
    name: `warren_${name}_total`,
    help,
    labelNames,
    registers: [registry],
    collect() {
      this.reset();
      collect(this);
    },
  });
}

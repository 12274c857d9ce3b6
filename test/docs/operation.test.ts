import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Registry } from "prom-client";
import { admissionMetrics } from "../../src/metrics/admission-metrics.ts";
import { eventCounters } from "../../src/metrics/event-counters.ts";
import { requestTimer } from "../../src/metrics/request-timer.ts";
import { buildInfo, stateGauges } from "../../src/metrics/state-gauges.ts";
import { storeMetrics } from "../../src/metrics/store-metrics.ts";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const page = read("docs/operation.md");
const codes = new Set(
  [...read("src/errors.ts").matchAll(/^ {2}\| "([a-z-]+)"/gm)].map(([, c]) => c),
);

function allMetrics(): string[] {
  const registry = new Registry();
  eventCounters(registry);
  requestTimer(registry);
  admissionMetrics(registry, [], () => 0);
  storeMetrics(registry);
  buildInfo(registry, "0");
  stateGauges(registry, {
    countDevices: () => Promise.resolve(0),
    isReady: () => Promise.resolve(true),
    sealingVersion: () => 1,
    joinThreads: () => 0,
    webhooks: () => [],
    cache: () => undefined,
    certificates: () => [],
  });
  return registry.getMetricsAsArray().map(({ name }) => name);
}

test("docs/operation.md has every metric, and its rules use no other", () => {
  const names = allMetrics();
  const table = page.slice(page.indexOf("| Metric |"), page.indexOf("```yaml\ngroups"));
  for (const name of names) {
    const short = name.replace("warren_webhook_events", "…");
    assert.ok(table.includes(`\`${name}\``) || table.includes(`\`${short}\``), name);
  }
  const known = new Set(names);
  const rules = page.slice(page.indexOf("```yaml\ngroups"), page.indexOf("## Events"));
  for (const [, name = ""] of rules.matchAll(/(warren_\w+)/g)) {
    assert.ok(known.has(name.replace(/_(bucket|count|sum)$/, "")), name);
  }
});

test("docs/operation.md gives only reasons that there are", () => {
  const section = page.slice(page.indexOf("| `reason` |"), page.indexOf("An accepted join"));
  const reasons = [...section.matchAll(/^\| `([a-z-]+)` \| /gm)].map(([, reason]) => reason);
  assert.ok(reasons.length > 12);
  for (const reason of reasons.slice(1)) assert.ok(codes.has(reason), reason);
});

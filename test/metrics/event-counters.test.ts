import assert from "node:assert/strict";
import { test } from "node:test";
import { Registry } from "prom-client";
import { eventCounters } from "../../src/metrics/event-counters.ts";

test("devices created by large batches are counted like those that are told one by one", async () => {
  const registry = new Registry();
  const count = eventCounters(registry);
  count({ id: 1, event: { kind: "device-created", at: 0 } });
  count({ id: 2, event: { kind: "devices-imported", at: 0, count: 500 } });
  assert.match(await registry.metrics(), /^warren_device_changes_total\{change="created"\} 501$/m);
});

import assert from "node:assert/strict";
import { it } from "node:test";
import type { ApiClient } from "../../../src/cli/api-client/api-client.ts";
import { watchCampaign } from "../../../src/cli/client/campaign/watch-campaign.ts";
import { WarrenError } from "../../../src/errors.ts";

const ENDED = {
  ...{ id: "8f3a09c27d51e644", name: "", state: "finished", endedAt: "2026-11-23T12:00:00Z" },
  ...{ pauseReason: null, isCanaryOver: true },
  progress: { total: 1, counts: { failed: 1 }, ratePerMinute: null, estimatedEndAt: null },
};
const FAILED = { devEui: "0102030405060708", reason: "expired", attempts: 3 };

it("shows a failure also when the server was away when it was asked for", async (t) => {
  let asked = 0;
  const get = (path: string) => {
    if (!path.endsWith("/devices")) return Promise.resolve(ENDED);
    asked += 1;
    if (asked > 1) return Promise.resolve({ devices: [FAILED], next: null });
    return Promise.reject(new WarrenError("peer-unreachable", "nothing listens there"));
  };
  const { mock } = t.mock.method(console, "log", () => undefined);
  await watchCampaign({ get } as unknown as ApiClient, ENDED.id, false);
  const lines = mock.calls.map(({ arguments: [line] }) => String(line));
  assert.ok(lines.includes("nothing listens there; trying again"), lines.join("\n"));
  assert.ok(lines.includes("0102030405060708 failed: expired (3 attempts)"), lines.join("\n"));
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Device } from "../../../src/join-server/device.ts";
import { dueReason } from "../../../src/join-server/policies/due-reason.ts";
import { nextPolicyAttemptAt } from "../../../src/join-server/policies/next-policy-attempt.ts";
import { DEFAULT_UPDATE_POLICY } from "../../../src/join-server/policies/update-policy-settings.ts";
import { wantUpdateAfter } from "../../../src/join-server/policies/want-update.ts";
import { deviceForPolicies } from "./support.ts";

const NOW = Date.parse("2026-06-01T00:00:00Z");
const DAY_MS = 86_400_000;

const dueOf = (device: Partial<Device>, policy: Partial<typeof DEFAULT_UPDATE_POLICY>) =>
  dueReason(deviceForPolicies(device), { ...DEFAULT_UPDATE_POLICY, ...policy }, NOW);

describe("an update that a policy wants", () => {
  it("is never wanted where no level asks for one", () => {
    const old = { createdAt: 0, generationSessions: 10 ** 6, updateWanted: "tampering" } as const;
    assert.equal(dueOf(old, {}), undefined);
  });

  it("is due once the generation has its maximum age, from the last commit on", () => {
    const policy = { maxAgeMs: 30 * DAY_MS };
    const updateCommittedAt = NOW - 30 * DAY_MS;
    assert.equal(dueOf({ createdAt: 0, updateCommittedAt }, policy), "age");
    assert.equal(
      dueOf({ createdAt: 0, updateCommittedAt: updateCommittedAt + 1 }, policy),
      undefined,
    );
    assert.equal(dueOf({ createdAt: NOW - 30 * DAY_MS }, policy), "age");
    const nwkKeyReplacedAt = NOW - 1;
    assert.equal(dueOf({ createdAt: 0, nwkKeyReplacedAt }, policy), undefined);
  });

  it("is due with the number of sessions", () => {
    assert.equal(dueOf({ generationSessions: 9 }, { maxSessions: 10 }), undefined);
    assert.equal(dueOf({ generationSessions: 10 }, { maxSessions: 10 }), "sessions");
  });

  it("is due after an event that the policy names, as long as it does", () => {
    const device = deviceForPolicies({});
    const naming = { triggers: ["tampering"] } as const;
    const wanted = wantUpdateAfter(device, "tampering", naming);
    assert.equal(wanted.updateWanted, "tampering");
    assert.equal(dueOf(wanted, naming), "tampering");
    assert.equal(dueOf(wanted, { triggers: ["key-export"] }), undefined);
    assert.equal(wantUpdateAfter(device, "key-export", naming), device);
    assert.equal(wantUpdateAfter(wanted, "tampering", naming), wanted);
  });
});

describe("the next attempt of a policy", () => {
  const waitOf = (failedAttempts: number, minimumPeriodMs: number) =>
    nextPolicyAttemptAt({ failedAttempts }, { minimumPeriodMs }, NOW) - NOW;

  it("is a minimum period after a failure, doubling up to 30 days", () => {
    const days = [1, 2, 3, 4, 5, 6, 7].map((failed) => waitOf(failed, DAY_MS) / DAY_MS);
    assert.deepEqual(days, [1, 2, 4, 8, 16, 30, 30]);
    assert.equal(waitOf(1, 90 * DAY_MS), 90 * DAY_MS);
  });

  it("is a time that a database keeps, whatever a policy says", () => {
    const longest = new Date(NOW + waitOf(3, Number.MAX_SAFE_INTEGER));
    assert.equal(longest.getUTCFullYear(), new Date(NOW).getUTCFullYear() + 100);
  });

  it("never comes at once and never is no number", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat({ max: 2 ** 40 }), (failed, minimumPeriodMs) => {
        const wait = waitOf(failed, minimumPeriodMs);
        assert.ok(wait >= 1_000 && wait <= Math.max(30 * DAY_MS, minimumPeriodMs));
      }),
    );
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { stagesOf } from "../../../web/src/pages/device/update/update-progress.ts";

type Attempt = Parameters<typeof stagesOf>[0];
type StepKind = Attempt["steps"][number]["kind"];

/** Steps a second apart. */
function attemptWith(outcome: Attempt["outcome"], ...kinds: readonly StepKind[]): Attempt {
  const steps = kinds.map((kind, second) => ({
    at: `2026-11-22T09:00:0${second}Z`,
    kind,
    detail: null,
  }));
  return {
    updateId: 1,
    suite: "rabbit",
    isHealing: false,
    carrier: "mac-commands",
    generation: 0,
    requestedBy: "operator:file-token",
    startedAt: "2026-11-22T09:00:00Z",
    endedAt: outcome === "under-way" ? null : (steps.at(-1)?.at ?? null),
    outcome,
    reason: outcome === "failed" ? "busy" : null,
    remedy: null,
    steps,
  };
}

const statesOf = (attempt: Attempt) => stagesOf(attempt).map(({ state }) => state);

describe("how far an update has come", () => {
  it("waits for the device after the request was handed over", () => {
    const attempt = attemptWith("under-way", "started", "request-handed-over");
    assert.deepEqual(statesOf(attempt), ["done", "current", "to-come", "to-come"]);
  });

  it("is past `accepted` when the proof is in, though no answer was heard, and gives it no time", () => {
    const attempt = attemptWith("under-way", "started", "request-handed-over", "ready-received");
    assert.deepEqual(statesOf(attempt), ["done", "done", "done", "current"]);
    assert.deepEqual(
      stagesOf(attempt).map(({ at }) => at),
      ["2026-11-22T09:00:00Z", undefined, "2026-11-22T09:00:02Z", undefined],
    );
  });

  it("is through when it is committed", () => {
    const attempt = attemptWith("committed", "started", "accepted", "ready-received", "committed");
    assert.deepEqual(statesOf(attempt), ["done", "done", "done", "done"]);
    assert.equal(stagesOf(attempt)[3]?.at, "2026-11-22T09:00:03Z");
  });

  it("says at which stage it failed", () => {
    const attempt = attemptWith("failed", "started", "accepted", "failed");
    assert.deepEqual(statesOf(attempt), ["done", "done", "failed", "not-reached"]);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ProcessActivity } from "../../../src/join-server/overview/process-activity.ts";
import type { EventKind } from "../../../src/join-server/ports/events.ts";

const START = Date.parse("2026-01-01T00:00:30Z");
const MINUTE = 60_000;

function activityWith(...events: [EventKind, minute: number, reason?: string][]): ProcessActivity {
  const activity = new ProcessActivity(START);
  for (const [kind, minute, reason] of events) {
    activity.receive({ kind, at: START + minute * MINUTE, reason });
  }
  return activity;
}

describe("ProcessActivity", () => {
  it("counts by the minute from its start on, with the minutes in which nothing was", () => {
    const activity = activityWith(
      ["join-accepted", 0],
      ["join-accepted", 0],
      ["update-committed", 2],
      ["device-changed", 2],
      ["join-refused", 3, "mic-mismatch"],
      ["rejoin-refused", 3, "mic-mismatch"],
      ["app-s-key-refused", 3, "session-unknown"],
    );
    const { since, intervalMs, intervals } = activity.read(180, START + 3 * MINUTE);
    assert.deepEqual([since, intervalMs], [START, MINUTE]);
    assert.deepEqual(
      intervals.map(({ startsAt }) => new Date(startsAt).toISOString().slice(14, 19)),
      ["00:00", "01:00", "02:00", "03:00"],
    );
    const row = (index: number) => Object.values(intervals[index]?.counts ?? {});
    assert.deepEqual(row(0), [2, 0, 0, 0, 0, 0, 0]);
    assert.deepEqual(row(1), [0, 0, 0, 0, 0, 0, 0]);
    assert.deepEqual(row(2), [0, 0, 0, 0, 0, 1, 0]);
    assert.deepEqual(row(3), [0, 1, 0, 1, 0, 0, 0]);
    assert.deepEqual([...(intervals[3]?.refusals ?? [])], [["mic-mismatch", 2]]);
  });

  it("gives what was asked for and no more, by ten minutes when it is long ago", () => {
    const activity = activityWith(["join-accepted", 1], ["join-accepted", 200]);
    const now = START + 200 * MINUTE;
    const sum = (minutes: number) =>
      activity
        .read(minutes, now)
        .intervals.reduce((total, { counts }) => total + counts.joinsAccepted, 0);
    assert.equal(activity.read(5, now).intervals.length, 6);
    assert.equal(sum(5), 1);
    assert.equal(activity.read(180, now).intervals.length, 181);
    assert.equal(sum(180), 1);
    assert.equal(activity.read(181, now).intervalMs, 10 * MINUTE);
    assert.equal(sum(1_440), 2);
  });

  it("keeps a day, however long it runs", () => {
    const activity = new ProcessActivity(START);
    const days = 3 * 24 * 60;
    for (let minute = 0; minute < days; minute++) {
      activity.receive({ kind: "join-accepted", at: START + minute * MINUTE });
    }
    const now = START + (days - 1) * MINUTE;
    const { intervals } = activity.read(1_440, now);
    assert.equal(intervals.length, 145);
    assert.equal(intervals[1]?.counts.joinsAccepted, 10);
    assert.equal(activity.read(180, now).intervals[0]?.counts.joinsAccepted, 1);
  });

  it("goes on counting when the clock was far ahead and is set back", () => {
    const activity = activityWith(["join-accepted", 600_000], ["join-accepted", 2]);
    const { intervals } = activity.read(180, START + 2 * MINUTE);
    assert.equal(intervals.at(-1)?.counts.joinsAccepted, 1);
  });
});

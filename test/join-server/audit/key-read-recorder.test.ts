import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { KeyReadRecorder } from "../../../src/join-server/audit/key-read-recorder.ts";
import type { AuditEvent } from "../../../src/join-server/ports/audit-log.ts";

const eventOf = (at: number): AuditEvent => ({
  at,
  actor: "peer:as",
  action: "app-s-key.read",
  subject: "",
  details: {},
});

/** A log whose writes end when the test says so. */
function slowLog() {
  const writes: { events: number[]; end: (error?: Error) => void }[] = [];
  const appendAudit = (events: readonly AuditEvent[]): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const end = (error?: Error) => (error ? reject(error) : resolve());
    writes.push({ events: events.map(({ at }) => at), end });
    return promise;
  };
  return { writes, appendAudit };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("KeyReadRecorder", () => {
  it("writes what comes during a write all at once, and says when it is on disk", async () => {
    const log = slowLog();
    const recorder = new KeyReadRecorder(log);
    const done: number[] = [];
    const record = (at: number) => recorder.record(eventOf(at)).then(() => done.push(at));
    const first = record(1);
    await turn();
    const others = [record(2), record(3), record(4)];
    await turn();
    assert.deepEqual(
      log.writes.map(({ events }) => events),
      [[1]],
    );
    assert.deepEqual(done, []);
    log.writes[0]?.end();
    await first;
    assert.deepEqual(done, [1]);
    await turn();
    assert.deepEqual(log.writes[1]?.events, [2, 3, 4]);
    log.writes[1]?.end();
    await Promise.all(others);
    assert.equal(log.writes.length, 2);
  });

  it("fails those whose write failed, and goes on with the next", async () => {
    const log = slowLog();
    const recorder = new KeyReadRecorder(log);
    const first = assert.rejects(recorder.record(eventOf(1)), /disk full/);
    await turn();
    const second = recorder.record(eventOf(2));
    log.writes[0]?.end(new Error("disk full"));
    await first;
    await turn();
    log.writes[1]?.end();
    await second;
    assert.deepEqual(log.writes[1]?.events, [2]);
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setImmediate as tick } from "node:timers/promises";
import { EventHub, type NumberedEvent } from "../../src/events/event-hub.ts";
import { eventJson } from "../../src/events/event-json.ts";
import { eventLog } from "../../src/events/event-log.ts";
import type { JoinServerEvent } from "../../src/join-server/ports/events.ts";
import { parseEui64 } from "../../src/lorawan/identifiers.ts";
import { captureLog } from "../support/log-capture.ts";

const STARTED_AT = Date.parse("2026-01-01T00:00:00Z");

function joinAccepted(devNonce: number): JoinServerEvent {
  return { kind: "join-accepted", at: STARTED_AT, devNonce, senderId: "000013" };
}

function hubWithLog() {
  const log = captureLog();
  return { hub: new EventHub(log.logger, STARTED_AT), log };
}

describe("the hub of events", () => {
  test("tells subscribers later, in order, with ids that grow", async () => {
    const { hub } = hubWithLog();
    const told: NumberedEvent[] = [];
    hub.subscribe((event) => told.push(event));
    hub.publish(joinAccepted(1));
    hub.publish(joinAccepted(2));
    assert.equal(told.length, 0, "whoever publishes does not wait for anybody");
    await tick();
    assert.deepEqual(
      told.map(({ event }) => event.devNonce),
      [1, 2],
    );
    const [first, second] = told;
    assert.ok(first && second && first.id > STARTED_AT && second.id > first.id);
  });

  test("keeps the newest thousand, for whoever has missed some", () => {
    const { hub } = hubWithLog();
    for (let devNonce = 1; devNonce <= 2_500; devNonce++) hub.publish(joinAccepted(devNonce));
    hub.flush();
    const kept = hub.eventsAfter(0);
    assert.deepEqual(
      [kept.length, kept[0]?.event.devNonce, kept.at(-1)?.event.devNonce],
      [1_000, 1_501, 2_500],
    );
    const ids = kept.map(({ id }) => id);
    assert.deepEqual(ids, [...ids].sort());
    assert.deepEqual(hub.eventsAfter(kept[997]?.id ?? 0), kept.slice(998));
    assert.deepEqual(hub.eventsAfter(Number.MAX_SAFE_INTEGER), []);
  });

  test("goes on when a subscriber fails, and forgets those that have gone", () => {
    const { hub, log } = hubWithLog();
    const told: number[] = [];
    hub.subscribe(() => {
      throw new TypeError("broken");
    });
    const stop = hub.subscribe(({ event }) => told.push(event.devNonce ?? 0));
    hub.publish(joinAccepted(1));
    hub.flush();
    stop();
    hub.publish(joinAccepted(2));
    hub.flush();
    assert.deepEqual(told, [1]);
    assert.match(log.lines[0] ?? "", /"event":"defect".*broken/);
  });
});

test("the log has what peers caused, as a warning where it was refused", () => {
  const { hub, log } = hubWithLog();
  hub.subscribe(eventLog(log.logger));
  const devEui = parseEui64("0102030405060708");
  hub.publish({ ...joinAccepted(1), devEui });
  hub.publish({
    kind: "join-refused",
    at: STARTED_AT,
    senderId: "000013",
    reason: "mic-mismatch",
    remedy: "compare the root keys",
  });
  // What an operator does is logged where it is done.
  hub.publish({ kind: "device-created", at: STARTED_AT, devEui });
  hub.flush();
  const lines = log.lines.map((line) => JSON.parse(line));
  assert.deepEqual(
    lines.map(({ level, event, reason, remedy }) => [level, event, reason, remedy]),
    [
      [30, "join-accepted", undefined, undefined],
      [40, "join-refused", "mic-mismatch", "compare the root keys"],
    ],
  );
  assert.equal(lines[0].devEui, devEui);
});

test("an event is shown with its time and without what it does not say", () => {
  const shown = eventJson({ id: 7, event: { ...joinAccepted(3), reason: undefined } });
  assert.equal(
    JSON.stringify(shown),
    '{"id":7,"kind":"join-accepted","at":"2026-01-01T00:00:00.000Z","devNonce":3,"senderId":"000013"}',
  );
});

import assert from "node:assert/strict";
import { describe, it, test } from "node:test";
import fc from "fast-check";
import {
  afterOpenTime,
  formatTimeWindow,
  isOpen,
  nextOpening,
  parseTimeWindow,
} from "../../../src/join-server/campaigns/timing/time-window.ts";
import { warrenError } from "../../support/warren-error.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const at = (text: string) => Date.parse(`${text}:00Z`);
const windows = (...texts: string[]) => texts.map(parseTimeWindow);

const window = fc
  .record(
    {
      fromMinute: fc.integer({ min: 0, max: 1_439 }),
      toMinute: fc.integer({ min: 0, max: 1_440 }),
      weekdays: fc.uniqueArray(fc.integer({ min: 0, max: 6 })).map((days) => days.toSorted()),
    },
    { noNullPrototype: true },
  )
  .filter(({ fromMinute, toMinute }) => fromMinute !== toMinute);

describe("time windows", () => {
  // 2026-01-05 is a Monday.
  for (const [text, time, isInside] of [
    ["Mon-Fri 22:00-05:00", "2026-01-05T21:59", false],
    ["Mon-Fri 22:00-05:00", "2026-01-05T22:00", true],
    ["Mon-Fri 22:00-05:00", "2026-01-06T04:59", true],
    ["Mon-Fri 22:00-05:00", "2026-01-06T05:00", false],
    ["Mon-Fri 22:00-05:00", "2026-01-10T04:59", true],
    ["Mon-Fri 22:00-05:00", "2026-01-10T22:00", false],
    ["Mon-Fri 22:00-05:00", "2026-01-05T04:00", false],
    ["sat,sun 00:00-24:00", "2026-01-11T23:59", true],
    ["sat,sun 00:00-24:00", "2026-01-12T00:00", false],
    ["01:00-04:30", "2026-01-07T04:29", true],
    ["Fri-Mon 10:00-11:00", "2026-01-04T10:30", true],
    ["Fri-Mon 10:00-11:00", "2026-01-06T10:30", false],
  ] as const) {
    it(`${text} ${isInside ? "has" : "has not"} ${time}`, () => {
      assert.equal(isOpen(windows(text), at(time)), isInside);
    });
  }

  it("open next when they say", () => {
    const nights = windows("Mon-Fri 22:00-05:00");
    assert.equal(nextOpening(nights, at("2026-01-10T05:00")), at("2026-01-12T22:00"));
    assert.equal(nextOpening(nights, at("2026-01-05T23:00")), at("2026-01-05T23:00"));
    assert.equal(nextOpening([], 7), 7);
  });

  it("count only the time within them", () => {
    const hour = windows("12:00-13:00");
    const noon = at("2026-01-05T12:00");
    assert.equal(afterOpenTime(hour, noon, 30 * MINUTE), noon + 30 * MINUTE);
    assert.equal(afterOpenTime(hour, noon, 90 * MINUTE), noon + DAY + 30 * MINUTE);
    assert.equal(afterOpenTime(hour, noon, 100 * 60 * MINUTE), noon + 99 * DAY + 60 * MINUTE);
    assert.equal(afterOpenTime([], 5, 10), 15);
  });

  it("are read as they are written", () => {
    fc.assert(
      fc.property(window, (one) => {
        assert.deepEqual(parseTimeWindow(formatTimeWindow(one)), one);
      }),
    );
  });

  it("agree with a walk from minute to minute", () => {
    const case_ = fc.record({
      given: fc.array(window, { minLength: 1, maxLength: 3 }),
      from: fc.integer({ min: 0, max: 14 * 1_440 }),
      openMinutes: fc.integer({ min: 1, max: 300 }),
    });
    fc.assert(
      fc.property(case_, ({ given, from, openMinutes }) => {
        let minute = from;
        for (let open = 0; open < openMinutes; minute++) {
          if (isOpen(given, minute * MINUTE)) open += 1;
        }
        const end = afterOpenTime(given, from * MINUTE, openMinutes * MINUTE);
        assert.equal(end, minute * MINUTE);
      }),
      { numRuns: 30 },
    );
  });

  for (const text of [
    "",
    "22:00",
    "22:00-22:00",
    "24:00-05:00",
    "22:60-23:00",
    "Mun 1:00-2:00",
    "Mon-Tue-Wed 01:00-02:00",
    "01:00-24:01",
  ]) {
    it(`are not "${text}"`, () => {
      assert.throws(() => parseTimeWindow(text), warrenError("text-malformed"));
    });
  }
});

test("the time after so much open time is a date, however far it lies ahead", () => {
  const now = Date.parse("2026-01-05T12:00:00Z");
  // 200,000 devices, one in a hundred minutes, in one minute of the week.
  const openMs = 200_000 * 100 * 60_000;
  for (const windows of [[], [parseTimeWindow("Mon 00:00-00:01")]]) {
    const time = afterOpenTime(windows, now, windows.length === 0 ? 1e18 : openMs);
    assert.equal(new Date(time).getTime(), 8.64e15);
  }
});

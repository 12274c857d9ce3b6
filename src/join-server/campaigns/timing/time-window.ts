import { WarrenError } from "../../../errors.ts";
import type { TimeWindow } from "../campaign.ts";

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
const DAY_MS = DAY_MINUTES * MINUTE_MS;
const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;

/** The latest time that a date can be of, in epoch milliseconds. */
const LAST_DATE = 8.64e15;

/** The windows as they lie on the days around `now`, each from and to in epoch milliseconds. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** Whether updates may be started at `now` (epoch milliseconds); always without windows. */
export function isOpen(windows: readonly TimeWindow[], now: number): boolean {
  return (
    windows.length === 0 || spans(windows, now).some(({ from, to }) => from <= now && now < to)
  );
}

/** When the windows open next, or `now` while they are open; epoch milliseconds. */
export function nextOpening(windows: readonly TimeWindow[], now: number): number {
  if (isOpen(windows, now)) return now;
  return Math.min(...spans(windows, now).flatMap(({ from }) => (from > now ? [from] : [])));
}

/**
 * When so much open time has gone by since `now`; epoch milliseconds, at most the last date there is.
 *
 * @param openMs time within the windows
 */
export function afterOpenTime(windows: readonly TimeWindow[], now: number, openMs: number): number {
  if (windows.length === 0) return Math.min(now + openMs, LAST_DATE);
  const perWeekMs = weeklyOpenMs(windows);
  const weeks = Math.max(0, Math.floor(openMs / perWeekMs) - 1);
  let time = now + weeks * 7 * DAY_MS;
  if (time > LAST_DATE) return LAST_DATE;
  let left = openMs - weeks * perWeekMs;
  while (left > 0) {
    time = nextOpening(windows, time);
    const closes = closing(windows, time);
    const step = Math.min(left, closes - time);
    time += step;
    left -= step;
  }
  return Math.min(time, LAST_DATE);
}

/**
 * A window as `Mon-Fri 22:00-05:00`, `Sat,Sun 00:00-24:00` or `22:00-05:00` (every day); times are UTC, and the
 * days are those on which it begins.
 *
 * @throws WarrenError `text-malformed`
 */
export function parseTimeWindow(text: string): TimeWindow {
  const match = /^(?:([A-Za-z,-]+) +)?(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(text.trim());
  if (match === null) throw malformed(text);
  const [, days, fromHour, fromRest, toHour, toRest] = match;
  const fromMinute = Number(fromHour) * 60 + Number(fromRest);
  const toMinute = Number(toHour) * 60 + Number(toRest);
  const isOfDay = fromMinute < DAY_MINUTES && toMinute <= DAY_MINUTES && fromMinute !== toMinute;
  if (!isOfDay || Number(fromRest) > 59 || Number(toRest) > 59) throw malformed(text);
  return { fromMinute, toMinute, weekdays: days === undefined ? [] : parseDays(days, text) };
}

/** The inverse of `parseTimeWindow`. */
export function formatTimeWindow({ fromMinute, toMinute, weekdays }: TimeWindow): string {
  const times = `${formatMinute(fromMinute)}-${formatMinute(toMinute)}`;
  return weekdays.length === 0
    ? times
    : `${weekdays.map((day) => WEEKDAYS[day]).join(",")} ${times}`;
}

/** Two weeks: a window that begins on one day of the week begins again within eight days. */
function spans(windows: readonly TimeWindow[], now: number): Span[] {
  const today = Math.floor(now / DAY_MS);
  return windows.flatMap(({ fromMinute, toMinute, weekdays }) => {
    const lengthMinutes = lengthOf({ fromMinute, toMinute, weekdays });
    return Array.from({ length: 10 }, (_, index) => today - 1 + index)
      .filter((day) => weekdays.length === 0 || weekdays.includes(weekdayOf(day)))
      .map((day) => {
        const from = day * DAY_MS + fromMinute * MINUTE_MS;
        return { from, to: from + lengthMinutes * MINUTE_MS };
      });
  });
}

/** The end of the longest window that is open at `time`. */
function closing(windows: readonly TimeWindow[], time: number): number {
  const open = spans(windows, time).filter(({ from, to }) => from <= time && time < to);
  return Math.max(...open.map(({ to }) => to));
}

/** Windows that overlap count once. */
function weeklyOpenMs(windows: readonly TimeWindow[]): number {
  // 1970-01-04 was a Sunday; any week is like another.
  const start = 3 * DAY_MS;
  const end = start + 7 * DAY_MS;
  let openMs = 0;
  for (let time = nextOpening(windows, start); time < end; time = nextOpening(windows, time)) {
    const closes = Math.min(end, closing(windows, time));
    openMs += closes - time;
    time = closes;
  }
  return openMs;
}

function lengthOf({ fromMinute, toMinute }: TimeWindow): number {
  return toMinute > fromMinute ? toMinute - fromMinute : toMinute + DAY_MINUTES - fromMinute;
}

/** 1970-01-01, day 0, was a Thursday. */
function weekdayOf(day: number): number {
  return (day + 4) % 7;
}

function parseDays(days: string, text: string): number[] {
  const found = days.split(",").flatMap((part) => {
    const [first, last = first, ...rest] = part.split("-").map(weekdayOfName);
    if (
      first === undefined ||
      first === -1 ||
      last === undefined ||
      last === -1 ||
      rest.length > 0
    ) {
      throw malformed(text);
    }
    const count = ((last - first + 7) % 7) + 1;
    return Array.from({ length: count }, (_, index) => (first + index) % 7);
  });
  return [...new Set(found)].toSorted((a, b) => a - b);
}

function weekdayOfName(name: string): number {
  return WEEKDAYS.findIndex((day) => day.toLowerCase() === name.toLowerCase());
}

function formatMinute(minute: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

function malformed(text: string): WarrenError {
  return new WarrenError(
    "text-malformed",
    `"${text}" is no time window; write Mon-Fri 22:00-05:00 or 01:00-04:30 (UTC)`,
  );
}

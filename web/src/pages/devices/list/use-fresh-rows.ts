import { useCallback, useEffect, useRef } from "react";
import { type ServerEvent, useEvents } from "../../../api/events.ts";
import type { DeviceRow } from "./device-list.ts";

/** However fast events come, the rows on the screen are asked for again at most this often. */
const AT_MOST_EVERY_MS = 1_000;
/** And this often without any event: for roles that get none, and for rows loaded long ago. */
const AT_LEAST_EVERY_MS = 15_000;
/** Rows that are scrolled past are not asked for. */
const REST_MS = 500;

interface Shown {
  readonly rows: readonly DeviceRow[];
  readonly first: number;
  readonly last: number;
  /** Nobody scrolls. */
  readonly isAtRest: boolean;
}

/** Keeps the rows on the screen up to date, and only those. */
export function useFreshRows(shown: Shown, refresh: (first: number, last: number) => void): void {
  const latest = useRef({ shown, refresh });
  latest.current = { shown, refresh };
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const refreshSoon = useCallback((delayMs: number) => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      const { shown, refresh } = latest.current;
      if (!document.hidden) refresh(shown.first, shown.last);
    }, delayMs);
  }, []);
  useEvents(
    useCallback(
      (event: ServerEvent) => {
        if (concerns(event, latest.current.shown)) refreshSoon(AT_MOST_EVERY_MS);
      },
      [refreshSoon],
    ),
  );
  useEffect(() => {
    const interval = setInterval(() => refreshSoon(0), AT_LEAST_EVERY_MS);
    return () => {
      clearInterval(interval);
      clearTimeout(timer.current);
      timer.current = undefined;
    };
  }, [refreshSoon]);
  const { isAtRest } = shown;
  useEffect(() => {
    if (!isAtRest) return;
    const rest = setTimeout(() => refreshSoon(0), REST_MS);
    return () => clearTimeout(rest);
  }, [isAtRest, refreshSoon]);
}

/** Whether an event changes what is on the screen, or what stands between the devices there. */
function concerns({ kind, devEui }: ServerEvent, { rows, first, last }: Shown): boolean {
  if (kind === "devices-imported") return true;
  if (devEui === undefined || kind.endsWith("-refused")) return false;
  const [top, bottom] = [rows[first]?.devEui, rows[last]?.devEui];
  const isBelowTop = first === 0 || top === undefined || devEui >= top;
  return isBelowTop && (last >= rows.length - 1 || bottom === undefined || devEui <= bottom);
}

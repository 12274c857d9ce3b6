import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { type ServerEvent, useEvents } from "../../../api/events.ts";

const SHOWN = 20;
/** Thousands of events a second are drawn no more often. */
const DRAW_EVERY_MS = 500;
/** Beside the answers of the server, so that it goes with them when somebody signs out. */
const KEY = ["recent-events"] as const;

export interface NumberedEvent {
  /** Grows with each event that came to this window. */
  readonly number: number;
  readonly event: ServerEvent;
}

export interface RecentEvents {
  /** Newest first. */
  readonly events: readonly NumberedEvent[];
  readonly isPaused: boolean;
  /** How many came since the pause. */
  readonly missed: number;
  readonly togglePause: () => void;
}

/** The newest events since the overview was first opened in this window. */
export function useRecentEvents(): RecentEvents {
  const client = useQueryClient();
  const kept = () => client.getQueryData<readonly NumberedEvent[]>(KEY) ?? [];
  const newest = useRef(kept());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [shown, setShown] = useState(newest.current);
  const [pausedAt, setPausedAt] = useState<number>();
  const [latest, setLatest] = useState(numberOf(newest.current));

  const onEvent = useCallback(
    (event: ServerEvent) => {
      const number = numberOf(newest.current) + 1;
      newest.current = [{ number, event }, ...newest.current].slice(0, SHOWN);
      timer.current ??= setTimeout(() => {
        timer.current = undefined;
        client.setQueryData(KEY, newest.current);
        setLatest(numberOf(newest.current));
        setShown(newest.current);
      }, DRAW_EVERY_MS);
    },
    [client],
  );
  useEvents(onEvent);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );

  const [held, setHeld] = useState<readonly NumberedEvent[]>([]);
  const togglePause = () => {
    setHeld(shown);
    setPausedAt(pausedAt === undefined ? latest : undefined);
  };
  const isPaused = pausedAt !== undefined;
  return {
    events: isPaused ? held : shown,
    isPaused,
    missed: isPaused ? latest - pausedAt : 0,
    togglePause,
  };
}

function numberOf(events: readonly NumberedEvent[]): number {
  return events[0]?.number ?? 0;
}

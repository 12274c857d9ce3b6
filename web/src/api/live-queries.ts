import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef } from "react";
import { type ServerEvent, useEvents } from "./events.ts";

/** However fast events come, a query is asked again at most this often. */
const AT_MOST_EVERY_MS = 1_000;

/**
 * Asks a query again when an event concerns it. Queries of a device begin with ["devices", devEui], of a
 * campaign with ["campaigns", campaignId], lists with ["devices"], ["campaigns"], ...
 *
 * @param concerns stays the same from one rendering to the next (useCallback, or outside the component)
 */
export function useLiveQuery(
  queryKey: readonly unknown[],
  concerns: (event: ServerEvent) => boolean,
): void {
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const key = JSON.stringify(queryKey);
  const onEvent = useCallback(
    (event: ServerEvent) => {
      if (timer.current !== undefined || !concerns(event)) return;
      timer.current = setTimeout(() => {
        timer.current = undefined;
        void client.invalidateQueries({ queryKey: JSON.parse(key) as unknown[] });
      }, AT_MOST_EVERY_MS);
    },
    [client, key, concerns],
  );
  useEvents(onEvent);
  useEffect(() => () => clearTimeout(timer.current), []);
}

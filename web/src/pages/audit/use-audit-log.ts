import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import type { ServerEvent } from "../../api/events.ts";
import { useLiveQuery } from "../../api/live-queries.ts";
import { type AuditFilter, entriesQuery, headQuery } from "./audit-queries.ts";

/** Of more pages than these, what is new is told and not shown unasked: each would be read again. */
const FOLLOWED_PAGES = 3;

/** Entries that fit a filter, newest first; they follow the log while few pages are shown. */
export function useAuditLog(filter: AuditFilter) {
  const client = useQueryClient();
  const options = entriesQuery(filter);
  const query = useInfiniteQuery(options);
  const { data, hasNextPage, isFetching, fetchNextPage, error } = query;
  const head = useQuery(headQuery).data;
  useLiveQuery(headQuery.queryKey, isWritten);

  const pages = data?.pages ?? [];
  const seen = pages[0]?.head?.seq ?? 0;
  const newEntries = data === undefined ? 0 : Math.max(0, (head?.seq ?? 0) - seen);
  const follows = pages.length <= FOLLOWED_PAGES;
  const key = JSON.stringify(options.queryKey);
  useEffect(() => {
    if (newEntries > 0 && follows) {
      void client.invalidateQueries({ queryKey: JSON.parse(key) as unknown[] });
    }
  }, [client, key, newEntries, follows]);

  // A page of a search may be empty and still go on: the server looks at so many entries at a time.
  const isSearching = hasNextPage && pages.at(-1)?.entries.length === 0;
  useEffect(() => {
    if (isSearching && !isFetching && error === null) void fetchNextPage();
  }, [isSearching, isFetching, error, fetchNextPage]);

  const showNewest = useCallback(
    () => void client.resetQueries({ queryKey: JSON.parse(key) as unknown[] }),
    [client, key],
  );
  return {
    query,
    entries: pages.flatMap((page) => page.entries),
    searchedTo: isSearching ? pages.at(-1)?.next : undefined,
    untold: follows ? 0 : newEntries,
    showNewest,
  };
}

/** Joins are no entries of the log, and there may be many of them. */
function isWritten({ kind }: ServerEvent): boolean {
  return !kind.startsWith("join-") && !kind.startsWith("rejoin-");
}

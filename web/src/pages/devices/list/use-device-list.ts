import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useRef, useState } from "react";
import { getDeviceSummaries } from "../../../api/generated/warren-api.ts";
import { type DeviceFilters, queryOf } from "../filters/device-filters.ts";
import { type DeviceList, mergePage, rowOf } from "./device-list.ts";

/** The most that the server gives at a time. */
const PAGE_SIZE = 1_000;
/** Asked for around the rows on the screen, so that devices that are new among them fit in. */
const MARGIN = 20;

export interface DeviceListState {
  readonly list: DeviceList | undefined;
  /** Null when the last request was answered. */
  readonly error: unknown;
  readonly isLoading: boolean;
  /** Asks for the next page, unless one is on its way or there is none. */
  readonly loadMore: () => void;
  /** Brings rows up to date, by index. */
  readonly refresh: (first: number, last: number) => void;
  readonly retry: () => void;
}

/** The devices that match, page by page, kept while another page is looked at. */
export function useDeviceList(filters: DeviceFilters): DeviceListState {
  const client = useQueryClient();
  const asked = useMemo(() => queryOf(filters), [filters]);
  const key = useMemo(() => ["devices", "list", asked] as const, [asked]);
  const [moreError, setMoreError] = useState<unknown>();
  const [isLoadingMore, setLoadingMore] = useState(false);
  const underWay = useRef(new Set<string>());

  const fetchPage = useCallback(
    async (after: string | undefined, limit: number) => {
      const { devices, next } = await getDeviceSummaries({ ...asked, after, limit });
      return { rows: devices.map(rowOf), next };
    },
    [asked],
  );
  const query = useQuery({
    queryKey: key,
    // Asked again it changes the first page and keeps the rest, and with it the place that is looked at.
    queryFn: async () => {
      const page = await fetchPage(undefined, PAGE_SIZE);
      return mergePage(client.getQueryData<DeviceList>(key), undefined, page);
    },
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  });
  const merge = useCallback(
    async (after: string | undefined, limit: number) => {
      const name = JSON.stringify([key, after, limit]);
      if (underWay.current.has(name)) return;
      underWay.current.add(name);
      try {
        const page = await fetchPage(after, limit);
        client.setQueryData<DeviceList>(key, (list) => mergePage(list, after, page));
      } finally {
        underWay.current.delete(name);
      }
    },
    [client, key, fetchPage],
  );
  const next = query.data?.next;
  const loadMore = useCallback(() => {
    if (typeof next !== "string") return;
    setLoadingMore(true);
    setMoreError(undefined);
    void merge(next, PAGE_SIZE)
      .catch(setMoreError)
      .finally(() => setLoadingMore(false));
  }, [merge, next]);
  const refresh = useCallback(
    (first: number, last: number) => {
      const rows = client.getQueryData<DeviceList>(key)?.rows;
      if (rows === undefined) return;
      const from = Math.max(0, first - MARGIN);
      const limit = Math.min(PAGE_SIZE, last - from + 1 + MARGIN);
      // What could not be brought up to date now will be the next time; the rows stay as they were.
      void merge(from === 0 ? undefined : rows[from - 1]?.devEui, limit).catch(() => undefined);
    },
    [client, key, merge],
  );
  return {
    list: query.data,
    error: query.error ?? moreError ?? null,
    isLoading: query.isPending || isLoadingMore,
    loadMore,
    refresh,
    retry: query.data === undefined ? () => void query.refetch() : loadMore,
  };
}

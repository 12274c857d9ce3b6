import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getAudit, getReportsAuditChain } from "../../api/generated/warren-api.ts";

/** Empty for any. An action that ends with a dot is the beginning of several. */
export interface AuditFilter {
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
}

const PAGE_ENTRIES = 100;

/** Entries, newest first, a page at a time. */
export function entriesQuery({ actor, action, subject }: AuditFilter) {
  return infiniteQueryOptions({
    queryKey: ["audit", "entries", { actor, action, subject }],
    queryFn: ({ pageParam, signal }) =>
      getAudit(
        {
          order: "newest",
          limit: PAGE_ENTRIES,
          before: pageParam,
          ...(actor !== "" && { actor }),
          ...(action !== "" && { action }),
          ...(subject !== "" && { subject }),
        },
        { signal },
      ),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** The newest entry. Not everything that is written into the log is an event, so it is asked for. */
export const headQuery = queryOptions({
  queryKey: ["audit", "head"],
  queryFn: async ({ signal }) => (await getAudit({ order: "newest", limit: 1 }, { signal })).head,
  refetchInterval: 5_000,
});

/** The newest check of the chain, with its progress while it runs. */
export const chainQuery = queryOptions({
  queryKey: ["audit", "chain"],
  queryFn: ({ signal }) => getReportsAuditChain({ signal }),
  refetchInterval: ({ state }) => (state.data?.status === "running" ? 500 : 30_000),
});

import { Button, Group, Skeleton, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { AuditEntry } from "../../api/generated/warren-api.ts";
import { ErrorPanel } from "../../components/error-panel.tsx";
import type { AuditFilter } from "./audit-queries.ts";
import { AuditTable } from "./audit-table.tsx";
import { EntryModal } from "./entry/entry-modal.tsx";
import { useAuditLog } from "./use-audit-log.ts";

/** Entries that fit a filter, newest first, as far back as one wants to look. */
export function AuditEntries({ filter }: { readonly filter: AuditFilter }) {
  const { query, entries, searchedTo, untold, showNewest } = useAuditLog(filter);
  const [opened, setOpened] = useState<AuditEntry>();
  const { isPending, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = query;
  if (isPending) return <Skeleton height={400} aria-busy role="img" aria-label="Loading" />;
  return (
    <Stack>
      {error !== null && <ErrorPanel error={error} onRetry={() => void refetch()} />}
      {untold > 0 && (
        <Group>
          <Button variant="light" onClick={showNewest}>
            {untold === 1 ? "1 new entry" : `${untold.toLocaleString("en")} new entries`}: show the
            newest
          </Button>
        </Group>
      )}
      {entries.length > 0 && <AuditTable entries={entries} onOpen={setOpened} />}
      <Group>
        {hasNextPage && searchedTo === undefined && (
          <Button
            variant="default"
            loading={isFetchingNextPage}
            onClick={() => void fetchNextPage()}
          >
            Show older entries
          </Button>
        )}
        <Text size="sm" c="dimmed" role="status">
          {endOf({ count: entries.length, searchedTo, hasMore: hasNextPage })}
        </Text>
      </Group>
      {opened !== undefined && <EntryModal entry={opened} onClose={() => setOpened(undefined)} />}
    </Stack>
  );
}

interface End {
  readonly count: number;
  /** While a search goes on. */
  readonly searchedTo: number | null | undefined;
  readonly hasMore: boolean;
}

function endOf({ count, searchedTo, hasMore }: End): string {
  if (typeof searchedTo === "number") {
    return `Searching: looked back to entry ${searchedTo.toLocaleString("en")}…`;
  }
  const shown = `${count.toLocaleString("en")} ${count === 1 ? "entry" : "entries"}`;
  if (hasMore) return `${shown} shown`;
  return count === 0 ? "No entry fits." : `${shown}, back to the first of the log.`;
}

import { Stack } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useSearchParams } from "react-router";
import { Page } from "../../components/page.tsx";
import { AuditEntries } from "./audit-entries.tsx";
import { AuditFilters } from "./audit-filters.tsx";
import type { AuditFilter } from "./audit-queries.ts";
import { ChainCheck } from "./chain/chain-check.tsx";

const TYPING_MS = 300;

export function AuditPage() {
  const [search, setSearch] = useSearchParams();
  const filter = filterOf(search);
  // By its text: an object of its own at each rendering would never come to rest.
  const [settled] = useDebouncedValue(search.toString(), TYPING_MS);
  const onChange = (changed: AuditFilter) =>
    setSearch(
      Object.entries(changed).filter(([, value]) => value !== ""),
      { replace: true },
    );
  return (
    <Page
      title="Audit log"
      about="Who changed what, and every read of a key. It can only be appended to, and each entry holds the hash of the one before, so that a change shows."
    >
      <Stack>
        <ChainCheck />
        <AuditFilters filter={filter} onChange={onChange} />
        <AuditEntries filter={filterOf(new URLSearchParams(settled))} />
      </Stack>
    </Page>
  );
}

function filterOf(search: URLSearchParams): AuditFilter {
  return {
    actor: search.get("actor") ?? "",
    action: search.get("action") ?? "",
    subject: search.get("subject") ?? "",
  };
}

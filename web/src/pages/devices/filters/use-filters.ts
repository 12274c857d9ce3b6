import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";
import { type DeviceFilters, readFilters, withFilters } from "./device-filters.ts";

/** The filters of the list, which are kept in the address: a link shows what its sender saw. */
export function useFilters() {
  const [search, setSearch] = useSearchParams();
  const text = search.toString();
  // The same object as long as the address says the same: what depends on it is not asked for anew.
  const filters = useMemo(() => readFilters(new URLSearchParams(text)), [text]);
  const change = useCallback(
    (changes: DeviceFilters) =>
      setSearch((current) => withFilters(current, changes), { replace: true }),
    [setSearch],
  );
  return { filters, change };
}

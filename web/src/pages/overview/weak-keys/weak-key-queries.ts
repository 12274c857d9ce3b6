import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  getReportsWeakKeys,
  postReportsWeakKeys,
  type WeakKeyReport,
} from "../../../api/generated/warren-api.ts";
import { useRights } from "../../../api/use-rights.ts";
import { notifyFailed } from "../../../components/notify.ts";

const KEY = ["reports", "weak-keys"] as const;
export const FINDINGS_SHOWN = 100;

/** The newest report; asked for every two seconds while one is made. */
export function useWeakKeyReport() {
  const hasRight = useRights();
  return useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => getReportsWeakKeys({ limit: FINDINGS_SHOWN }, { signal }),
    enabled: hasRight("report:read"),
    refetchInterval: ({ state }) => (state.data?.status === "running" ? 2_000 : 60_000),
  });
}

export function useStartWeakKeyReport() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => postReportsWeakKeys(),
    onSuccess: (report) => client.setQueryData(KEY, report),
    onError: (error) => notifyFailed("The keys could not be checked", error),
  });
}

/** Findings of the newest report that came to its end; 0 without one. */
export function useWeakKeyCount(): number {
  const { data } = useWeakKeyReport();
  return data === undefined || data.status !== "done" ? 0 : findingsOf(data);
}

export function findingsOf({ counts }: WeakKeyReport): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

import { useQuery } from "@tanstack/react-query";
import { ApiError } from "../../api/api-error.ts";
import { getSettings, getVault } from "../../api/generated/warren-api.ts";
import { request } from "../../api/request.ts";

export type SettingsData = Awaited<ReturnType<typeof getSettings>>;
export type VaultData = Awaited<ReturnType<typeof getVault>>;

/** Nothing of this is an event; counts of webhooks and certificates still change. */
const ASK_AGAIN_MS = 15_000;

export function useSettings() {
  return useQuery({
    queryKey: ["settings"],
    queryFn: ({ signal }) => getSettings({ signal }),
    refetchInterval: ASK_AGAIN_MS,
  });
}

/** Asked for more often while a rotation is under way. */
export function useVault() {
  return useQuery({
    queryKey: ["vault"],
    queryFn: ({ signal }) => getVault({ signal }),
    refetchInterval: ({ state }) => ((state.data?.dataKeys.length ?? 1) > 1 ? 2_000 : ASK_AGAIN_MS),
  });
}

/** What `GET /readyz` says: true, or why the server is not ready. */
export function useReadiness() {
  return useQuery({
    queryKey: ["readiness"],
    queryFn: async ({ signal }): Promise<true | string> => {
      try {
        await request("/readyz", { signal });
        return true;
      } catch (error) {
        if (error instanceof ApiError && error.status === 503) return error.message;
        throw error;
      }
    },
    refetchInterval: ASK_AGAIN_MS,
  });
}

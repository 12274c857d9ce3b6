import { queryOptions, useQueryClient } from "@tanstack/react-query";
import { forgetDeleted } from "../../api/forget-deleted.ts";
import {
  getDeviceProfiles,
  getDeviceProfilesByName,
  getUpdatePolicy,
} from "../../api/generated/warren-api.ts";
import { PAGE_LIMIT, readAllPages } from "../../api/read-all-pages.ts";

/** All queries of the page begin so. */
export const POLICIES_KEY = ["policies"] as const;
/** No event tells of a policy that somebody else has changed. */
const REFETCH_MS = 30_000;

/** The policy of all devices, with its cost. */
export const allDevicesQuery = queryOptions({
  queryKey: [...POLICIES_KEY, "all-devices"],
  queryFn: () => getUpdatePolicy(),
  refetchInterval: REFETCH_MS,
});

/** The device profiles in the order of their names. */
export const profilesQuery = queryOptions({
  queryKey: [...POLICIES_KEY, "profiles"],
  queryFn: ({ signal }) =>
    readAllPages(
      (after) => getDeviceProfiles({ limit: PAGE_LIMIT, after }, { signal }),
      ({ deviceProfiles }) => deviceProfiles,
    ),
  refetchInterval: REFETCH_MS,
});

/** One device profile, with what holds for its devices and what that costs. */
export function profileQuery(name: string) {
  return queryOptions({
    queryKey: [...POLICIES_KEY, "profiles", name],
    queryFn: () => getDeviceProfilesByName({ name }),
  });
}

/** To be called when a policy was changed: all that is shown of policies is asked for again. */
export function usePoliciesChanged(): () => void {
  const client = useQueryClient();
  return () => {
    void client.invalidateQueries({ queryKey: POLICIES_KEY });
    // What holds for single devices may be another now.
    void client.invalidateQueries({ queryKey: ["devices"] });
  };
}

/** To be called when a profile was deleted: nobody asks for it again, its row goes at once. */
export function useProfileDeleted(): (name: string) => void {
  const client = useQueryClient();
  return (name) => {
    client.setQueryData(profilesQuery.queryKey, (profiles) =>
      profiles?.filter((profile) => profile.name !== name),
    );
    forgetDeleted(client, profileQuery(name).queryKey);
    void client.invalidateQueries({ queryKey: ["devices"] });
  };
}

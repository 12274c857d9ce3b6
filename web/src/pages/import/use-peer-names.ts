import { useQuery } from "@tanstack/react-query";
import { getApplicationServers, getNetworkServers } from "../../api/generated/warren-api.ts";
import { useRights } from "../../api/use-rights.ts";

/** Names to choose from; empty until they are known, and for roles that may not see them. */
export interface PeerNames {
  readonly netIds: readonly string[];
  readonly asIds: readonly string[];
}

const NONE: PeerNames = { netIds: [], asIds: [] };

/** The NetIDs and AS-IDs of the servers on record. */
export function usePeerNames(): PeerNames {
  const mayRead = useRights()("peer:read");
  const { data = NONE } = useQuery({
    queryKey: ["peers", "names"],
    queryFn: async ({ signal }): Promise<PeerNames> => {
      const [{ networkServers }, { applicationServers }] = await Promise.all([
        getNetworkServers({}, { signal }),
        getApplicationServers({}, { signal }),
      ]);
      return {
        netIds: networkServers.map(({ netId }) => netId),
        asIds: applicationServers.map(({ asId }) => asId),
      };
    },
    enabled: mayRead,
  });
  return data;
}

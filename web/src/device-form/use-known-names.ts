import { useQuery } from "@tanstack/react-query";
import {
  getApplicationServers,
  getDeviceProfiles,
  getNetworkServers,
} from "../api/generated/warren-api.ts";
import { useRights } from "../api/use-rights.ts";

/** Names on record that a device may name, to choose from; empty for who may not read them. */
export function useKnownNames(isWanted: boolean) {
  const mayReadPeers = useRights()("peer:read");
  const networkServers = useQuery({
    queryKey: ["peers", "net-ids"],
    queryFn: async () =>
      (await getNetworkServers({ limit: 1_000 })).networkServers.map(({ netId }) => netId),
    enabled: isWanted && mayReadPeers,
  });
  const applicationServers = useQuery({
    queryKey: ["peers", "as-ids"],
    queryFn: async () =>
      (await getApplicationServers({ limit: 1_000 })).applicationServers.map(({ asId }) => asId),
    enabled: isWanted && mayReadPeers,
  });
  const profiles = useQuery({
    queryKey: ["device-profiles", "names"],
    queryFn: async () =>
      (await getDeviceProfiles({ limit: 1_000 })).deviceProfiles.map(({ name }) => name),
    enabled: isWanted,
  });
  return {
    netIds: networkServers.data ?? [],
    asIds: applicationServers.data ?? [],
    deviceProfiles: profiles.data ?? [],
  };
}

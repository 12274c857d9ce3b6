import { queryOptions } from "@tanstack/react-query";
import {
  type ApplicationServer,
  getApplicationServers,
  getJoinEuiRanges,
  getNetworkServers,
  type NetworkServer,
} from "../../api/generated/warren-api.ts";
import { PAGE_LIMIT, readAllPages } from "../../api/read-all-pages.ts";

export type PeerKind = "network-server" | "application-server";
/** `id` is the NetID or the AS-ID. */
export type Peer =
  | (NetworkServer & { readonly kind: "network-server"; readonly id: string })
  | (ApplicationServer & { readonly kind: "application-server"; readonly id: string });

/** All queries of the page begin so. */
export const PEERS_KEY = ["peers"] as const;
/** No event tells of a peer or of its last contact. */
const REFETCH_MS = 10_000;

/** The servers of a kind, in the order of their names. */
export function peersQuery(kind: PeerKind) {
  return queryOptions({
    queryKey: [...PEERS_KEY, kind],
    queryFn: ({ signal }) => (kind === "network-server" ? networkServers : asServers)(signal),
    refetchInterval: REFETCH_MS,
  });
}

/** The JoinEUIs that are served; every one while there is no range. */
export const rangesQuery = queryOptions({
  queryKey: [...PEERS_KEY, "join-eui-ranges"],
  queryFn: ({ signal }) =>
    readAllPages(
      (after) => getJoinEuiRanges({ limit: PAGE_LIMIT, after }, { signal }),
      (page) => page.joinEuiRanges,
    ),
  refetchInterval: REFETCH_MS,
});

async function networkServers(signal: AbortSignal): Promise<Peer[]> {
  const all = await readAllPages(
    (after) => getNetworkServers({ limit: PAGE_LIMIT, after }, { signal }),
    (page) => page.networkServers,
  );
  return all.map((peer) => ({ ...peer, kind: "network-server", id: peer.netId }));
}

async function asServers(signal: AbortSignal): Promise<Peer[]> {
  const all = await readAllPages(
    (after) => getApplicationServers({ limit: PAGE_LIMIT, after }, { signal }),
    (page) => page.applicationServers,
  );
  return all.map((peer) => ({ ...peer, kind: "application-server", id: peer.asId }));
}

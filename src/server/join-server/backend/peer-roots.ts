import type { PeerSettings } from "../../../join-server/peers.ts";
import type { PeerStore } from "../../../join-server/ports/peer-store.ts";
import { certificatesOf } from "./certificates-of.ts";

/**
 * The roots that the certificates of all peers may come from, each once, PEM. Whose a certificate is, is
 * another question: `ClientCertificate`.
 */
export async function rootsOfPeers(
  store: Pick<PeerStore, "listNetworkServers" | "listApplicationServers">,
): Promise<string[]> {
  const peers: readonly PeerSettings[] = [
    ...(await store.listNetworkServers()),
    ...(await store.listApplicationServers()),
  ];
  const given = new Set(
    peers.flatMap(({ authentication }) =>
      authentication.kind === "mutual-tls" && authentication.ca !== undefined
        ? [authentication.ca]
        : [],
    ),
  );
  const roots = [...given].flatMap((pem) => certificatesOf(pem).map((root) => root.toString()));
  return [...new Set(roots)].sort();
}

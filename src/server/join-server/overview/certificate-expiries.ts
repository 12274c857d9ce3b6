import type { PeerSettings } from "../../../join-server/peers.ts";
import type { PeerStore } from "../../../join-server/ports/peer-store.ts";
import { readCertificates } from "../admin/read/certificates.ts";

/** When each CA in the records of peers expires, in epoch milliseconds; one that several have counts once. */
export async function expiriesOfPeers(
  store: Pick<PeerStore, "listNetworkServers" | "listApplicationServers">,
): Promise<number[]> {
  const peers = [...(await store.listNetworkServers()), ...(await store.listApplicationServers())];
  const texts = new Set(peers.flatMap(certificatesOf));
  const certificates = [...texts].flatMap(readCertificates);
  return [...new Map(certificates.map(({ sha256, validTo }) => [sha256, validTo])).values()].map(
    (validTo) => Date.parse(validTo),
  );
}

function certificatesOf({ authentication, route }: PeerSettings): string[] {
  const ofPeer = authentication.kind === "mutual-tls" ? authentication.ca : undefined;
  return [ofPeer, route?.ca].filter((pem) => pem !== undefined);
}

import type { RandomBytes } from "../../crypto/random.ts";
import type { NetworkServerLink } from "../../join-server/ports/network-server-link.ts";
import { PeerConnections } from "./backend/peer-connections.ts";
import { postUpdateRequest } from "./update-request.ts";

/** Hands RootKeyUpdateReq to Network Servers over HTTP. */
export function createNetworkServerLink(
  randomBytes: RandomBytes,
  connections = new PeerConnections(),
): NetworkServerLink {
  return {
    sendRootKeyUpdateReq: (peer, { devEui, joinEui }, macCommand) =>
      postUpdateRequest({ randomBytes, connections }, peer, joinEui, { devEui, macCommand }),
  };
}

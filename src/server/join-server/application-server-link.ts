import type { RandomBytes } from "../../crypto/random.ts";
import type { ApplicationServerLink } from "../../join-server/ports/application-server-link.ts";
import { PeerConnections } from "./backend/peer-connections.ts";
import { postUpdateRequest } from "./update-request.ts";

/** Hands RootKeyUpdateReq to Application Servers over HTTP, with the port it is to go down on. */
export function createApplicationServerLink(
  randomBytes: RandomBytes,
  connections = new PeerConnections(),
): ApplicationServerLink {
  return {
    sendRootKeyUpdateReq: (peer, { devEui, joinEui }, macCommand) =>
      postUpdateRequest({ randomBytes, connections }, peer, joinEui, {
        devEui,
        macCommand,
        fPort: peer.rootKeyFPort,
      }),
  };
}

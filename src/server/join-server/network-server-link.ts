import { BackendClient, type ClientProtocol } from "../../backend/client.ts";
import type { RandomBytes } from "../../crypto/random.ts";
import { WarrenError } from "../../errors.ts";
import type { PeerRoute } from "../../join-server/peers.ts";
import type { NetworkServerLink } from "../../join-server/ports/network-server-link.ts";
import { PeerConnections } from "./backend/peer-connections.ts";

/** Hands RootKeyUpdateReq to Network Servers over HTTP. */
export function createNetworkServerLink(
  randomBytes: RandomBytes,
  connections = new PeerConnections(),
): NetworkServerLink {
  return {
    async sendRootKeyUpdateReq(peer, device, macCommand) {
      const { route } = peer;
      if (route === undefined) {
        throw new WarrenError("peer-unreachable", "the Network Server has no URL");
      }
      const client = new BackendClient({
        url: route.url,
        senderId: device.joinEui,
        randomBytes,
        protocol: protocolOf(route),
        connection: connections.to(route),
      });
      const { result } = await client.rootKeyUpdateStart(peer.netId, {
        devEui: device.devEui,
        macCommand,
      });
      if (result.resultCode !== "Success") {
        throw new WarrenError("peer-refused", `the Network Server answered ${result.resultCode}`);
      }
    },
  };
}

/** Without an NSID of ours there is nothing to say under 1.1. */
function protocolOf({ protocolVersion, senderNsId }: PeerRoute): ClientProtocol {
  return protocolVersion === "1.1" && senderNsId !== undefined
    ? { version: "1.1", senderNsId }
    : { version: "1.0" };
}

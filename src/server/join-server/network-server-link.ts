import { BackendClient } from "../../backend/client.ts";
import type { RandomBytes } from "../../crypto/random.ts";
import { WarrenError } from "../../errors.ts";
import type { NetworkServerLink } from "../../join-server/ports/network-server-link.ts";

/** Hands RootKeyUpdateReq to Network Servers over HTTP. */
export function createNetworkServerLink(randomBytes: RandomBytes): NetworkServerLink {
  return {
    async sendRootKeyUpdateReq(peer, device, macCommand) {
      if (peer.route === undefined) {
        throw new WarrenError("peer-unreachable", "the Network Server has no URL");
      }
      const client = new BackendClient({
        url: peer.route.url,
        senderId: device.joinEui,
        randomBytes,
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

import { BackendClient, type ClientProtocol } from "../../backend/client.ts";
import type { RootKeyCommand } from "../../backend/root-key-messages.ts";
import type { RandomBytes } from "../../crypto/random.ts";
import { WarrenError } from "../../errors.ts";
import { isNetworkServer, type PeerRoute, type UpdatePeer } from "../../join-server/peers.ts";
import { idOf } from "../../join-server/root-key-updates/carrying-peer.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { PeerConnections } from "./backend/peer-connections.ts";

/** What every RootKeyUpdateReq of ours goes out with. */
export interface UpdateRequestContext {
  readonly randomBytes: RandomBytes;
  readonly connections: PeerConnections;
}

/**
 * Posts a RootKeyUpdateReq to the route of a peer and waits for its answer.
 *
 * @param joinEui in whose name it is said
 * @throws WarrenError `peer-unreachable`, `peer-answer-malformed`, `peer-refused`
 */
export async function postUpdateRequest(
  { randomBytes, connections }: UpdateRequestContext,
  peer: UpdatePeer,
  joinEui: Eui64,
  command: RootKeyCommand,
): Promise<void> {
  const { route } = peer;
  const name = isNetworkServer(peer) ? "the Network Server" : "the Application Server";
  if (route === undefined) throw new WarrenError("peer-unreachable", `${name} has no URL`);
  const client = new BackendClient({
    url: route.url,
    senderId: joinEui,
    randomBytes,
    protocol: protocolOf(route),
    connection: connections.to(route),
  });
  const { result } = await client.rootKeyUpdateStart(idOf(peer), command);
  if (result.resultCode !== "Success") {
    throw new WarrenError("peer-refused", `${name} answered ${result.resultCode}`);
  }
}

/** Without an NSID of ours there is nothing to say under 1.1. */
function protocolOf({ protocolVersion, senderNsId }: PeerRoute): ClientProtocol {
  return protocolVersion === "1.1" && senderNsId !== undefined
    ? { version: "1.1", senderNsId }
    : { version: "1.0" };
}

import type { MessageHeader } from "../../../backend/header.ts";
import { decodeJoinReq } from "../../../backend/join-messages.ts";
import {
  decodeAppSKeyReq,
  decodeHomeNsReq,
  encodeAppSKeyAns,
  encodeHomeNsAns,
} from "../../../backend/key-messages.ts";
import type { Members } from "../../../backend/members.ts";
import {
  decodeRootKeyCommand,
  decodeRootKeyUpdateAsk,
  encodeRootKeyCommandAns,
  encodeRootKeyUpdateAns,
} from "../../../backend/root-key-messages.ts";
import type { JoinServer } from "../../../join-server/join-server.ts";
import type { PeerSettings, UpdatePeer } from "../../../join-server/peers.ts";
import type { SenderProof } from "../../../join-server/senders/sender-proof.ts";

export type JsonMembers = Readonly<Record<string, unknown>>;

/** A message whose sender has shown who it is. */
export interface AdmittedRequest {
  readonly peer: PeerSettings;
  /** The members of the answer after its header. @throws WarrenError */
  readonly answer: () => Promise<JsonMembers>;
}

/** Finds the sender of a message and what is to be done for it. @throws WarrenError `sender-unknown`, … */
export type Handler = (
  header: MessageHeader,
  members: Members,
  proof: SenderProof,
) => Promise<AdmittedRequest>;

/**
 * By MessageType. SenderID is an AS-ID in AppSKeyReq, a NetID or an AS-ID in messages of root key updates, and
 * a NetID in all others.
 */
export function handlersOf(joinServer: JoinServer): ReadonlyMap<string, Handler> {
  const ofNetworkServer =
    (handle: NetworkServerHandler): Handler =>
    async (header, members, proof) => {
      const peer = await joinServer.networkServer(header, proof);
      return { peer, answer: () => handle(peer, header, members) };
    };
  const appSKeyReq: Handler = async (header, members, proof) => {
    const peer = await joinServer.applicationServer(header, proof);
    const answer = async () =>
      encodeAppSKeyAns(await joinServer.appSKeyReq(peer, header, decodeAppSKeyReq(members)));
    return { peer, answer };
  };
  const forNetworkServers: Record<string, NetworkServerHandler> = {
    JoinReq: async (p, h, m) => joinServer.joinReq(p, h, decodeJoinReq(m)),
    RejoinReq: async (p, h, m) => joinServer.rejoinReq(p, h, decodeJoinReq(m)),
    HomeNSReq: async (p, h, m) =>
      encodeHomeNsAns(await joinServer.homeNsReq(p, h, decodeHomeNsReq(m))),
  };
  const ofUpdatePeer =
    (handle: UpdatePeerHandler): Handler =>
    async (header, members, proof) => {
      const peer = await joinServer.updatePeer(header, proof);
      return { peer, answer: () => handle(peer, header, members) };
    };
  return new Map([
    ["AppSKeyReq", appSKeyReq],
    [
      "RootKeyUpdateReq",
      ofUpdatePeer(async (p, h, m) =>
        encodeRootKeyUpdateAns(await joinServer.rootKeyUpdateReq(p, h, decodeRootKeyUpdateAsk(m))),
      ),
    ],
    [
      "RootKeyCommandReq",
      ofUpdatePeer(async (p, h, m) =>
        encodeRootKeyCommandAns(await joinServer.rootKeyCommandReq(p, h, decodeRootKeyCommand(m))),
      ),
    ],
    ...Object.entries(forNetworkServers).map(
      ([type, handle]) => [type, ofNetworkServer(handle)] as const,
    ),
  ]);
}

type NetworkServerHandler = (
  peer: Awaited<ReturnType<JoinServer["networkServer"]>>,
  header: MessageHeader,
  members: Members,
) => Promise<JsonMembers>;

type UpdatePeerHandler = (
  peer: UpdatePeer,
  header: MessageHeader,
  members: Members,
) => Promise<JsonMembers>;

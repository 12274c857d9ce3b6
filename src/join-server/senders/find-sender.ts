import type { MessageHeader } from "../../backend/header.ts";
import { stripHexPrefix } from "../../backend/members.ts";
import { WarrenError } from "../../errors.ts";
import { type NetId, parseNetId } from "../../lorawan/identifiers.ts";
import type {
  ApplicationServerPeer,
  NetworkServerPeer,
  PeerSettings,
  UpdatePeer,
} from "../peers.ts";
import type { PeerStore } from "../ports/peer-store.ts";
import type { SenderProof } from "./sender-proof.ts";

/** The Network Server that SenderID names. @throws WarrenError `sender-unknown`, `peer-not-allowed` */
export async function findNetworkServer(
  store: Pick<PeerStore, "loadNetworkServer">,
  header: MessageHeader,
  proof: SenderProof,
): Promise<NetworkServerPeer> {
  const netId = senderNetId(header.senderId);
  return checked(netId && (await store.loadNetworkServer(netId)), proof);
}

/** The Application Server that SenderID names. @throws WarrenError `sender-unknown`, `peer-not-allowed` */
export async function findApplicationServer(
  store: Pick<PeerStore, "loadApplicationServer">,
  header: MessageHeader,
  proof: SenderProof,
): Promise<ApplicationServerPeer> {
  return checked(await store.loadApplicationServer(header.senderId), proof);
}

/**
 * The server that SenderID names, in a message that Network Servers and Application Servers may send: 6 hex
 * digits are a NetID, anything else an AS-ID. Which of the two it is does not depend on who is on record.
 *
 * @throws WarrenError `sender-unknown`, `peer-not-allowed`
 */
export function findUpdatePeer(
  store: Pick<PeerStore, "loadNetworkServer" | "loadApplicationServer">,
  header: MessageHeader,
  proof: SenderProof,
): Promise<UpdatePeer> {
  return senderNetId(header.senderId) === undefined
    ? findApplicationServer(store, header, proof)
    : findNetworkServer(store, header, proof);
}

/** A record that is not there and a proof that does not hold look the same to whoever asks. */
function checked<P extends PeerSettings>(peer: P | undefined, proof: SenderProof): P {
  if (peer === undefined) {
    throw new WarrenError("sender-unknown", "no peer of this SenderID is on record");
  }
  if (!proof.fulfils(peer.authentication)) {
    throw new WarrenError(
      "sender-unknown",
      `the sender did not authenticate itself as its record asks for (${peer.authentication.kind})`,
    );
  }
  if (!peer.isAllowed) throw new WarrenError("peer-not-allowed", "the peer is not allowed to ask");
  return peer;
}

/** The NetID that a SenderID reads as: 6 hex digits, perhaps after `0x`. */
export function senderNetId(senderId: string): NetId | undefined {
  try {
    return parseNetId(stripHexPrefix(senderId));
  } catch {
    return undefined;
  }
}

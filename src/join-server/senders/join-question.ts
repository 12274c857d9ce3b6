import type { MessageHeader } from "../../backend/header.ts";
import type { JoinReq } from "../../backend/join-messages.ts";
import { formatHex } from "../../lorawan/hex.ts";
import type { NetId } from "../../lorawan/identifiers.ts";

/** All that the answer to a JoinReq or RejoinReq depends on, as one text; TransactionID is not of it. */
export function joinQuestion(netId: NetId, header: MessageHeader, request: JoinReq): string {
  const { cfList } = request;
  return [
    netId,
    header.messageType,
    header.receiverId,
    request.macVersion,
    formatHex(request.phyPayload),
    request.devEui,
    request.devAddr,
    request.dlSettings,
    request.rxDelay,
    cfList === undefined ? "" : formatHex(cfList),
  ].join();
}

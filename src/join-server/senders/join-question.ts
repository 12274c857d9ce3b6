import { formatHex } from "../../lorawan/hex.ts";
import type { JoinTask } from "../joins/joins.ts";

/** All that the answer to a JoinReq or RejoinReq depends on, as one text; TransactionID is not of it. */
export function joinQuestion({ netId, header, request }: JoinTask): string {
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

import type { MessageHeader } from "../../backend/header.ts";
import type { Members } from "../../backend/members.ts";
import type { WarrenError } from "../../errors.ts";
import { decodeJoinRequest } from "../../lorawan/join/join-request.ts";
import { decodeRejoinRequest } from "../../lorawan/join/rejoin-request.ts";
import type { EventKind, JoinServerEvent } from "../ports/events.ts";
import { remedyOf } from "./remedies.ts";

const KIND_OF_REFUSED: Readonly<Record<string, EventKind | undefined>> = {
  JoinReq: "join-refused",
  RejoinReq: "rejoin-refused",
  AppSKeyReq: "app-s-key-refused",
};

/** How much of the name a peer gives itself is told. */
const MAX_SENDER_ID = 64;

/**
 * What is told of a refused message: who asked for which device, and why not. Names as much as can be
 * read of a message that may be malformed.
 *
 * @returns undefined for messages of which refusals are no event
 */
export function refusalEvent(
  header: MessageHeader,
  members: Members,
  error: WarrenError,
  at: number,
): JoinServerEvent | undefined {
  const kind = Object.hasOwn(KIND_OF_REFUSED, header.messageType)
    ? KIND_OF_REFUSED[header.messageType]
    : undefined;
  if (kind === undefined) return undefined;
  return {
    kind,
    at,
    devEui: readable(() => members.eui64("DevEUI")),
    senderId: header.senderId.slice(0, MAX_SENDER_ID),
    devAddr: readable(() => members.devAddr("DevAddr")),
    ...readable(() => factsOfFrame(kind, members.bytes("PHYPayload"))),
    reason: error.code,
    remedy: remedyOf(error.code, error.message),
  };
}

function factsOfFrame(
  kind: EventKind,
  phyPayload: Uint8Array,
): Pick<JoinServerEvent, "joinEui" | "devNonce"> {
  if (kind === "join-refused") {
    const { joinEui, devNonce } = decodeJoinRequest(phyPayload);
    return { joinEui, devNonce };
  }
  const rejoin = decodeRejoinRequest(phyPayload);
  return rejoin.rejoinType === 1 ? { joinEui: rejoin.joinEui } : {};
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

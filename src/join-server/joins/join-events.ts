import type { NetId } from "../../lorawan/identifiers.ts";
import type { Device } from "../device.ts";
import type { EventKind, JoinServerEvent } from "../ports/events.ts";
import type { AcceptedJoin } from "./accepted-join.ts";

/** What is told of a join or rejoin once it is stored: itself, and what became of an update by it. */
export function eventsOfJoin(
  accepted: AcceptedJoin,
  netId: NetId,
  at: number,
): readonly JoinServerEvent[] {
  const { device, session } = accepted;
  const isJoin = session.origin === "join";
  const joined: JoinServerEvent = {
    kind: isJoin ? "join-accepted" : "rejoin-accepted",
    at,
    devEui: device.devEui,
    joinEui: device.joinEui,
    senderId: netId,
    devAddr: device.lastDevAddr,
    devNonce: isJoin ? device.lastDevNonce : undefined,
    joinNonce: session.joinNonce,
    generation: device.rootKeys.generation,
  };
  if (accepted.committedUpdate) return [joined, updateEvent("update-committed", device, netId, at)];
  if (accepted.failedUpdate) return [joined, updateEvent("update-failed", device, netId, at)];
  return [joined];
}

/** A step of the root key update in the record of a device. */
export function updateEvent(
  kind: EventKind,
  device: Device,
  senderId: string,
  at: number,
): JoinServerEvent {
  const { update, generation } = device.rootKeys;
  return {
    kind,
    at,
    devEui: device.devEui,
    joinEui: device.joinEui,
    senderId,
    generation,
    updateId: update?.updateId,
    reason: update?.reason,
  };
}

import type { Device, DeviceChange, RootKeyUsage } from "./device.ts";
import { downlinkEvent } from "./downlink-events.ts";
import type { Session } from "./session.ts";

/** What a Join Server's accept says beside the session. */
export interface AcceptedActivation {
  /** Only from a Join Server that takes part in root key updates. */
  readonly rootKeyGeneration: number | undefined;
  /** Likewise, and only from one that limits the frames of a generation. */
  readonly rootKeyMaxFrames: number | undefined;
  /** Epoch ms. */
  readonly now: number;
}

/**
 * A Join Server's accept: the new context waits beside the old one until the end-device uses it
 * (LoRaWAN 1.1 §6.2.4, note). A join ends what answers the device in an update of the root keys, since it has left the
 * session in which it asked. A request goes on waiting: it is bound to no session, and the Join Server goes on waiting for it.
 */
export function addPendingSession(
  device: Device,
  session: Session,
  activation: AcceptedActivation,
): Device {
  const isJoin = session.origin === "join";
  const maxFrames = activation.rootKeyMaxFrames;
  const isCompleted = completesUpdate(device.rootKeyUsage, activation, isJoin);
  const usage = isCompleted
    ? freshUsage(activation)
    : usageGoingOn(device.rootKeyUsage, activation, isJoin);
  const changed = { ...device, pending: session, rootKeyUsage: { ...usage, maxFrames } };
  const isOver = isCompleted || device.rootKeyCommand?.isAnswer === true;
  return isJoin && isOver ? { ...changed, rootKeyCommand: undefined } : changed;
}

/**
 * The end-device has used its pending session: it replaces the old one, whose keys and queue are dropped.
 * Commands of the network start over, since the device has asked for nothing under the new keys.
 */
export function activatePendingSession(
  device: Device,
  session: Session,
  now: number,
): DeviceChange {
  const usage = device.rootKeyUsage;
  const lost = device.downlinks.map(({ downlinkId, fCntDown }) =>
    downlinkEvent(device, {
      downlinkId,
      event: "failed",
      fCntDown,
      at: now,
      reason: "new-session",
    }),
  );
  const awaited = device.current?.awaitedAck;
  const unanswered =
    awaited === undefined
      ? []
      : [downlinkEvent(device, { ...awaited, event: "not-acknowledged", at: now })];
  return {
    device: {
      ...device,
      current: session,
      pending: undefined,
      downlinks: [],
      macRequests: [],
      sessionUpdateAskedAt: undefined,
      rootKeyUsage: {
        ...usage,
        since: usage.since ?? now,
        sessions: usage.sessions + 1,
      },
    },
    messages: [...unanswered, ...lost],
  };
}

/**
 * A generation that has grown proves that an update was completed. Where none is known to compare with, a
 * join after the new keys were relayed has to do as a sign: it may also follow an update that failed.
 */
function completesUpdate(
  usage: RootKeyUsage,
  { rootKeyGeneration }: AcceptedActivation,
  isJoin: boolean,
): boolean {
  const isLikely = isJoin && usage.newKeysRelayedAt !== undefined;
  const isComparable = rootKeyGeneration !== undefined && usage.generation !== undefined;
  return isComparable ? rootKeyGeneration > usage.generation : isLikely;
}

function usageGoingOn(
  usage: RootKeyUsage,
  { rootKeyGeneration }: AcceptedActivation,
  isJoin: boolean,
): Omit<RootKeyUsage, "maxFrames"> {
  if (rootKeyGeneration === undefined) return usage;
  return {
    ...usage,
    generation: rootKeyGeneration,
    newKeysRelayedAt: isJoin ? undefined : usage.newKeysRelayedAt,
  };
}

function freshUsage({
  rootKeyGeneration: generation,
  now,
}: AcceptedActivation): Omit<RootKeyUsage, "maxFrames"> {
  return {
    since: now,
    frames: 0,
    sessions: 0,
    newKeysRelayedAt: undefined,
    generation,
    askNotBefore: 0,
  };
}

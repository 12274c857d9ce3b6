import type { Device, DeviceChange, RootKeyUsage } from "./device.ts";
import { downlinkEvent } from "./downlink-events.ts";
import type { Session } from "./session.ts";

/**
 * A Join Server's accept: the new context waits beside the old one until the end-device uses it
 * (LoRaWAN 1.1 §6.2.4, note). A join under new root keys completes their update, and any join ends what
 * was being sent about it.
 */
export function addPendingSession(
  device: Device,
  session: Session,
  activation: { readonly isJoin: boolean; readonly now: number },
): Device {
  if (!activation.isJoin) return { ...device, pending: session };
  const usage = device.rootKeyUsage;
  return {
    ...device,
    pending: session,
    rootKeyCommand: undefined,
    rootKeyUsage: usage.newKeysRelayedAt === undefined ? usage : freshUsage(activation.now),
  };
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

function freshUsage(now: number): RootKeyUsage {
  return { since: now, frames: 0, sessions: 0, newKeysRelayedAt: undefined, askNotBefore: 0 };
}

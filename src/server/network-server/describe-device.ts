import { keyFingerprint } from "../../crypto/key-fingerprint.ts";
import { formatCid } from "../../lorawan/mac-commands/mac-commands.ts";
import type { Device } from "../../network-server/session/device.ts";
import type { Session } from "../../network-server/session/session.ts";
import { formatTime } from "../format-time.ts";

/** A device for the operator: never a key, only fingerprints. Times are ISO 8601. */
export function describeDevice(device: Device): Record<string, unknown> {
  const { rootKeyCommand, rootKeyUsage, status } = device;
  return {
    devEui: device.devEui,
    joinEui: device.joinEui,
    macVersion: device.macVersion,
    asId: device.asId,
    activation: device.abpDevAddr === undefined ? "otaa" : "abp",
    lastSeenAt: formatTime(device.lastSeenAt),
    session: describeSession(device.current),
    pendingSession: describeSession(device.pending),
    queuedDownlinks: device.downlinks.length,
    macRequests: device.macRequests.map(({ cid, attemptsLeft }) => ({
      cid: formatCid(cid),
      attemptsLeft,
    })),
    rootKeyCommand:
      rootKeyCommand === undefined
        ? null
        : {
            cid: formatCid(rootKeyCommand.octets[0] as number),
            updateId: rootKeyCommand.updateId,
            repeatsLeft: rootKeyCommand.repeatsLeft,
            nextFragment: rootKeyCommand.nextFragment,
          },
    rootKeyUsage: {
      since: formatTime(rootKeyUsage.since),
      frames: rootKeyUsage.frames,
      sessions: rootKeyUsage.sessions,
      newKeysRelayedAt: formatTime(rootKeyUsage.newKeysRelayedAt),
      generation: rootKeyUsage.generation ?? null,
      maxFrames: rootKeyUsage.maxFrames ?? null,
    },
    status:
      status === undefined
        ? null
        : {
            battery: status.battery,
            marginDb: status.marginDb,
            receivedAt: formatTime(status.receivedAt),
          },
  };
}

function describeSession(session: Session | undefined): Record<string, unknown> | null {
  if (session === undefined) return null;
  const { keys } = session;
  return {
    sessionKeyId: session.sessionKeyId,
    devAddr: session.devAddr,
    version: session.version,
    createdAt: formatTime(session.createdAt),
    fCntUp: session.fCntUp ?? null,
    nextFCntDown: session.nextFCntDown,
    rjCount0: session.rjCount0 ?? null,
    frameCount: session.frameCount,
    keyFingerprints: {
      fNwkSIntKey: keyFingerprint(keys.fNwkSIntKey),
      sNwkSIntKey: keyFingerprint(keys.sNwkSIntKey),
      nwkSEncKey: keyFingerprint(keys.nwkSEncKey),
    },
  };
}

import { keyFingerprint } from "../../crypto/key-fingerprint.ts";
import type { Device } from "../../join-server/device.ts";
import type { Session } from "../../join-server/session.ts";
import type { RootKeys } from "../../root-key/root-keys.ts";
import { formatSuite } from "../../root-key/suite.ts";
import { formatTime } from "../format-time.ts";

/** A device as the administration API shows it: fingerprints where the keys would be. */
export function describeDevice(device: Device): object {
  const { rootKeys } = device;
  return {
    devEui: device.devEui,
    joinEui: device.joinEui,
    macVersion: device.macVersion,
    homeNetId: device.homeNetId,
    asId: device.asId,
    suite: formatSuite(device.suite),
    minimumUpdatePeriodMs: device.minimumUpdatePeriodMs,
    createdAt: formatTime(device.createdAt),
    joinNonce: device.joinNonce,
    lastDevNonce: device.lastDevNonce ?? null,
    rjCount1: device.rjCount1 ?? null,
    devAddr: device.lastDevAddr ?? null,
    generation: rootKeys.generation,
    rootKeys: fingerprints(rootKeys.currentKeys),
    candidateRootKeys: rootKeys.candidateKeys ? fingerprints(rootKeys.candidateKeys) : null,
    lastUpdateId: rootKeys.lastUpdateId,
    update: describeUpdate(device),
    updateCommittedAt: formatTime(device.updateCommittedAt),
    sessions: device.sessions.map(describeSession),
  };
}

/** The last root key update of a device, null before the first. */
export function describeUpdate(device: Device): object | null {
  const { update } = device.rootKeys;
  return update === undefined
    ? null
    : {
        updateId: update.updateId,
        suite: formatSuite(update.suite),
        status: update.status,
        reason: update.reason ?? null,
        startedAt: formatTime(device.updateStartedAt),
      };
}

function describeSession(session: Session): object {
  return {
    sessionKeyId: session.sessionKeyId,
    joinNonce: session.joinNonce,
    isProvenInUse: session.isProvenInUse,
    createdAt: formatTime(session.createdAt),
    fNwkSIntKey: keyFingerprint(session.keys.fNwkSIntKey),
    sNwkSIntKey: keyFingerprint(session.keys.sNwkSIntKey),
    nwkSEncKey: keyFingerprint(session.keys.nwkSEncKey),
    appSKey: keyFingerprint(session.keys.appSKey),
  };
}

function fingerprints(keys: RootKeys): object {
  return { nwkKey: keyFingerprint(keys.nwkKey), appKey: keyFingerprint(keys.appKey) };
}

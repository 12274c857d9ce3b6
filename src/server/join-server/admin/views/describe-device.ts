import { keyFingerprint } from "../../../../crypto/key-fingerprint.ts";
import type { SettingsDoubts } from "../../../../join-server/administration/device-draft.ts";
import { type Device, generationSince, lastJoinAt } from "../../../../join-server/device.ts";
import type { Session } from "../../../../join-server/session.ts";
import {
  findKeyWeaknesses,
  type KeyFinding,
  type KeyWeakness,
} from "../../../../join-server/weak-keys/find-key-weaknesses.ts";
import type { RootKeys } from "../../../../root-key/root-keys.ts";
import { formatSuite } from "../../../../root-key/suite.ts";
import { formatTime } from "../../../format-time.ts";
import type { DeviceView } from "../schemas/device-answers.ts";
import type { Warning } from "../schemas/device-schemas.ts";
import type { UpdatePolicyBody } from "../schemas/update-policy-schema.ts";

/** A device as the administration API shows it: fingerprints where the keys would be. */
export function describeDevice(device: Device): DeviceView {
  const { rootKeys } = device;
  return {
    devEui: device.devEui,
    joinEui: device.joinEui,
    macVersion: device.macVersion,
    homeNetId: device.homeNetId,
    asId: device.asId,
    suite: formatSuite(device.suite),
    deviceProfile: device.deviceProfile,
    updatePolicy: device.updatePolicy as UpdatePolicyBody,
    carrier: device.carrier,
    name: device.name,
    description: device.description,
    tags: { ...device.tags },
    isDisabled: device.isDisabled,
    allowsForeignJoinEui: device.allowsForeignJoinEui,
    createdAt: formatTime(device.createdAt),
    version: device.version,
    joinNonce: device.joinNonce,
    lastDevNonce: device.lastDevNonce ?? null,
    rjCount1: device.rjCount1 ?? null,
    devAddr: device.lastDevAddr ?? null,
    lastJoinAt: formatTime(lastJoinAt(device)),
    generation: rootKeys.generation,
    generationSince: formatTime(generationSince(device)),
    generationSessions: device.generationSessions,
    failedAttempts: device.failedAttempts,
    rootKeys: fingerprints(rootKeys.currentKeys),
    candidateRootKeys: rootKeys.candidateKeys ? fingerprints(rootKeys.candidateKeys) : null,
    nwkKeyReplacedAt: formatTime(device.nwkKeyReplacedAt),
    lastUpdateId: rootKeys.lastUpdateId,
    update: describeUpdate(device),
    updateCommittedAt: formatTime(device.updateCommittedAt),
    sessions: device.sessions.map(describeSession),
  };
}

/** The device with what may be a mistake in it, for an answer to who has just given it. */
export function describeGivenDevice(device: Device, doubts: SettingsDoubts): DeviceView {
  const weaknesses = findKeyWeaknesses(device, device.rootKeys.currentKeys);
  const warnings = describeFindings({ weaknesses, ...doubts });
  return warnings.length === 0 ? describeDevice(device) : { ...describeDevice(device), warnings };
}

/** The last root key update of a device, null before the first. */
export function describeUpdate(device: Device): DeviceView["update"] {
  const { update } = device.rootKeys;
  const attempt = device.attempt?.updateId === update?.updateId ? device.attempt : undefined;
  return update === undefined
    ? null
    : {
        updateId: update.updateId,
        suite: formatSuite(update.suite),
        isHealing: update.isHealing,
        status: update.status,
        reason: update.reason ?? null,
        startedAt: formatTime(device.updateStartedAt),
        carrier: attempt?.carrier ?? null,
        requestedBy: attempt?.requestedBy ?? null,
      };
}

const WHAT_IS_WEAK: Readonly<Record<KeyWeakness, string>> = {
  "equal-octets": "all octets are equal",
  pattern: "it is a pattern that counts or repeats",
  published: "it stands in public documents or source code",
  "derived-from-eui": "it is made of the DevEUI or the JoinEUI, which are sent in the clear",
  "same-root-keys": "NwkKey and AppKey are the same",
  duplicate: "another device has it too",
};

const JOIN_EUI_NOT_SERVED =
  "its JoinEUI is not served here, so its joins are refused (receiver-unknown): correct it, or add its range";

const DEVICE_PROFILE_UNKNOWN =
  "its device profile is not on record, so the policy of all devices holds: correct it, or add the profile";

/** What is said of a device that was taken. */
export function describeFindings(
  findings: SettingsDoubts & { readonly weaknesses: readonly KeyFinding[] },
): Warning[] {
  return [
    ...findings.weaknesses.map(describeWeakness),
    ...describeDoubts(findings).map((message) => ({ message })),
  ];
}

/** In words, what may well be a mistake. */
export function describeDoubts({ hasServedJoinEui, hasUnknownProfile }: SettingsDoubts): string[] {
  return [
    ...(hasServedJoinEui ? [] : [JOIN_EUI_NOT_SERVED]),
    ...(hasUnknownProfile ? [DEVICE_PROFILE_UNKNOWN] : []),
  ];
}

function describeWeakness({ key, weakness }: KeyFinding): Warning {
  const message = `weak ${key}: ${WHAT_IS_WEAK[weakness]}; give the device a random one`;
  return { key, weakness, message };
}

function describeSession(session: Session): DeviceView["sessions"][number] {
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

function fingerprints(keys: RootKeys): DeviceView["rootKeys"] {
  return { nwkKey: keyFingerprint(keys.nwkKey), appKey: keyFingerprint(keys.appKey) };
}

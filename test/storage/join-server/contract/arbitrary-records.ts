import assert from "node:assert/strict";
import type { KeyObject } from "node:crypto";
import fc from "fast-check";
import type { LabelledKek } from "../../../../src/backend/key-envelope.ts";
import { type Aes128Key, exportAes128Key, isAes128Key } from "../../../../src/crypto/aes128.ts";
import { importKek } from "../../../../src/crypto/key-wrap.ts";
import { exportX25519PrivateKey, importX25519PrivateKey } from "../../../../src/crypto/x25519.ts";
import { type Device, joinEuiOfEndDevice } from "../../../../src/join-server/device.ts";
import type {
  ApplicationServerPeer,
  NetworkServerPeer,
  PeerAuthentication,
  PeerRoute,
} from "../../../../src/join-server/peers.ts";
import { UPDATE_TRIGGERS } from "../../../../src/join-server/policies/update-policy-settings.ts";
import type { AuditEvent } from "../../../../src/join-server/ports/audit-log.ts";
import {
  ATTEMPT_STEPS,
  type UpdateAttempt,
} from "../../../../src/join-server/root-key-updates/update-attempt.ts";
import type { Session } from "../../../../src/join-server/session.ts";
import { formatHex } from "../../../../src/lorawan/hex.ts";
import type { SessionKeys } from "../../../../src/lorawan/keys/session-keys.ts";
import { ALL_SUITES } from "../../../../src/root-key/suite.ts";
import {
  bytes,
  devAddr,
  eui64,
  key,
  netId,
  record,
  uint16,
  uint24,
} from "../../../support/lorawan-arbitraries.ts";

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const hex = (lengthBytes: number) => bytes(lengthBytes).map(formatHex);
const epochMs = fc.integer({ min: 0, max: 4e12 });
const rootKeys = record({ nwkKey: key, appKey: key });
/** Text of any script, but for U+0000, which PostgreSQL does not store. */
const text = fc.string({ unit: "grapheme" }).map((value) => value.replaceAll("\0", ""));
const nonEmpty = text.filter((value) => value !== "");

const sessionFields = record({
  sessionKeyId: hex(16),
  joinNonce: uint24,
  origin: fc.constantFrom("join", "rejoin"),
  optNeg: fc.boolean(),
  rjCount0: optional(uint16),
  isProvenInUse: fc.boolean(),
  foreignJoinEui: optional(eui64),
  createdAt: epochMs,
});
export const session: fc.Arbitrary<Session> = fc
  .tuple(sessionFields, key, key, key, key)
  .map(([fields, fNwkSIntKey, sNwkSIntKey, nwkSEncKey, appSKey]) => ({
    ...fields,
    keys: fields.optNeg
      ? { fNwkSIntKey, sNwkSIntKey, nwkSEncKey, appSKey }
      : { fNwkSIntKey, sNwkSIntKey: fNwkSIntKey, nwkSEncKey: fNwkSIntKey, appSKey },
  }));

export const update = record({
  updateId: uint16,
  suite: fc.constantFrom(...ALL_SUITES),
  isHealing: fc.boolean(),
  jsNonce: hex(3),
  jsPublicKey: optional(hex(32)),
  status: fc.constantFrom("prepared", "accepted", "confirmed", "committed", "failed"),
  reason: optional(
    fc.constantFrom("suite-not-supported", "busy", "wrong-mics", "aborted", "expired"),
  ),
  wrongMics: fc.integer({ min: 0, max: 3 }),
  fragments: optional(
    record({
      updateIdBits: fc.nat(7),
      parts: fc.array(fc.option(hex(9)), { minLength: 5, maxLength: 5 }),
    }),
  ),
});

export const attempt: fc.Arbitrary<UpdateAttempt> = record({
  updateId: uint16,
  suite: fc.constantFrom(...ALL_SUITES),
  isHealing: fc.boolean(),
  carrier: fc.constantFrom("mac-commands" as const, "application-port" as const),
  generation: fc.nat(),
  requestedBy: nonEmpty.map((name) => `operator:${name}` as const),
  startedAt: epochMs,
  steps: fc.array(
    fc.oneof(
      record({ at: epochMs, kind: fc.constantFrom(...ATTEMPT_STEPS) }),
      record({ at: epochMs, kind: fc.constantFrom(...ATTEMPT_STEPS), detail: text }),
    ),
    { maxLength: 4 },
  ),
  outcome: fc.constantFrom("under-way" as const, "committed" as const, "failed" as const),
  reason: optional(fc.constantFrom("busy" as const, "expired" as const)),
  endedAt: optional(epochMs),
});

/** A device with anything in every field; its version is what the store will say. */
export const device: fc.Arbitrary<Device> = fc
  .tuple(
    record({
      devEui: eui64,
      joinEui: eui64,
      macVersion: fc.constantFrom("1.0.0", "1.0.1", "1.0.2", "1.0.3", "1.0.4", "1.1.0"),
      homeNetId: netId,
      asId: nonEmpty,
      suite: fc.constantFrom(...ALL_SUITES),
      deviceProfile: fc.constantFrom("", "meters"),
      updatePolicy: fc.constantFrom({}, { minimumPeriodMs: 0 }, { maxAgeMs: null, triggers: [] }),
      carrier: fc.constantFrom("automatic" as const, "application-port" as const),
      name: text,
      description: text,
      tags: fc.dictionary(
        nonEmpty.filter((name) => name !== "__proto__"),
        text,
        { noNullPrototype: true },
      ),
      isDisabled: fc.boolean(),
      allowsForeignJoinEui: fc.boolean(),
    }),
    record({
      createdAt: epochMs,
      joinNonce: uint24,
      initialJoinNonce: uint24,
      lastDevNonce: optional(uint16),
      rjCount1: optional(uint16),
      // A foreign JoinEUI of theirs would be that of the root keys as well: `contract/devices.ts` has a device with one.
      sessions: fc.array(
        session.map((each) => ({ ...each, foreignJoinEui: undefined })),
        { maxLength: 9 },
      ),
      updateStartedAt: optional(epochMs),
      updateCommittedAt: optional(epochMs),
      lastDevAddr: optional(devAddr),
      nwkKeyReplacedAt: optional(epochMs),
      generationSessions: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
      updateWanted: optional(fc.constantFrom(...UPDATE_TRIGGERS)),
      updateNotBefore: optional(epochMs),
      failedAttempts: uint16,
      attempt: optional(attempt),
      lastGatewayId: optional(eui64),
    }),
    record({
      currentKeys: rootKeys,
      generation: fc.nat(),
      // Never both.
      secrets: fc.oneof(
        record({ candidateKeys: optional(rootKeys), x25519PrivateKey: fc.constant(undefined) }),
        record({
          candidateKeys: fc.constant(undefined),
          x25519PrivateKey: bytes(32).map(importX25519PrivateKey),
        }),
      ),
      lastUpdateId: uint16,
      update: optional(update),
    }),
  )
  .map(([settings, state, { secrets, ...keys }]) => {
    const { devEui } = settings;
    const { joinEui } = settings;
    const rootKeys = { devEui, joinEui, ...keys, ...secrets };
    return { ...settings, ...state, version: 1, rootKeys };
  });

const kek = fc
  .constantFrom(16, 24, 32)
  .chain((length) => bytes(length))
  .map(importKek);
const labelledKek: fc.Arbitrary<LabelledKek> = record({ label: nonEmpty, kek });
const authentication: fc.Arbitrary<PeerAuthentication> = fc.oneof(
  record({ kind: fc.constant("loopback" as const) }),
  record({ kind: fc.constant("bearer" as const), tokenHash: hex(32) }),
  record({
    kind: fc.constant("mutual-tls" as const),
    ca: optional(text),
    certificateSha256: fc.array(hex(32)),
    names: fc.array(nonEmpty),
  }),
);
const route: fc.Arbitrary<PeerRoute> = record({
  url: fc.webUrl(),
  ca: optional(text),
  authorization: optional(nonEmpty),
  protocolVersion: fc.constantFrom("1.0", "1.1"),
  senderNsId: optional(eui64),
});
const peerSettings = {
  isAllowed: fc.boolean(),
  authentication,
  rateLimit: optional(record({ perSecond: fc.nat(), burst: fc.nat() })),
  answers: fc.constantFrom("sync" as const, "async" as const),
  route: optional(route),
  kek: labelledKek,
};
export const networkServer: fc.Arbitrary<NetworkServerPeer> = record({
  netId,
  relaysRootKeyUpdates: fc.boolean(),
  ...peerSettings,
});
export const applicationServer: fc.Arbitrary<ApplicationServerPeer> = record({
  asId: nonEmpty,
  appSKeyDelivery: fc.constantFrom("envelope", "session-key-id", "both"),
  relaysRootKeyUpdates: fc.boolean(),
  rootKeyFPort: fc.integer({ min: 1, max: 223 }),
  ...peerSettings,
});

export function sampleOf<T>(arbitrary: fc.Arbitrary<T>): T {
  return (fc.sample(arbitrary, 1) as [T])[0];
}

export function anyDevice(changes: Partial<Device> = {}): Device {
  const made = { ...sampleOf(device), ...changes };
  const joinEui = joinEuiOfEndDevice(made);
  return { ...made, rootKeys: { ...made.rootKeys, devEui: made.devEui, joinEui } };
}

export function auditEvent(changes: Partial<AuditEvent> = {}): AuditEvent {
  return {
    at: 1_767_225_600_000,
    actor: "cli",
    action: "test.change",
    subject: "",
    details: {},
    ...changes,
  };
}

/** Keys as text, since key objects of equal bytes are not deeply equal. */
export function withoutKeyObjects(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_name, member) => {
      if (member === undefined) return "(undefined)";
      if (typeof member !== "object" || member === null) return member;
      if ("appSKey" in member) return keysOf(member as SessionKeys);
      return "export" in member ? hexOfKey(member as Aes128Key | KeyObject) : member;
    }),
  );
}

/** They may be getters of a class, which JSON does not see. */
function keysOf({ fNwkSIntKey, sNwkSIntKey, nwkSEncKey, appSKey }: SessionKeys): string[] {
  return [fNwkSIntKey, sNwkSIntKey, nwkSEncKey, appSKey].map(hexOfKey);
}

function hexOfKey(key: Aes128Key | KeyObject): string {
  if (isAes128Key(key)) return formatHex(exportAes128Key(key));
  return formatHex(key.type === "secret" ? key.export() : exportX25519PrivateKey(key));
}

export function assertSame(actual: unknown, expected: unknown): void {
  assert.deepEqual(withoutKeyObjects(actual), withoutKeyObjects(expected));
}

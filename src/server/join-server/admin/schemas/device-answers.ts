import { type Static, Type } from "typebox";
import { Carrier, Fingerprint, Next, orNull, Time } from "./common.ts";
import { Warning } from "./device-schemas.ts";
import { UpdatePolicyBody } from "./update-policy-schema.ts";

const count = (description: string) => Type.Integer({ minimum: 0, description });

const RootKeyFingerprints = Type.Object({ nwkKey: Fingerprint, appKey: Fingerprint });

const SessionView = Type.Object(
  {
    sessionKeyId: Type.String(),
    joinNonce: count("of its Join-accept"),
    isProvenInUse: Type.Boolean({ description: "a frame of the device has shown that it has it" }),
    createdAt: Time,
    fNwkSIntKey: Fingerprint,
    sNwkSIntKey: Fingerprint,
    nwkSEncKey: Fingerprint,
    appSKey: Fingerprint,
  },
  { title: "Session" },
);

export const UpdateView = Type.Object(
  {
    updateId: count("1 to 65,535"),
    suite: Type.String(),
    status: Type.Enum(["prepared", "accepted", "confirmed", "committed", "failed"]),
    isHealing: Type.Boolean({ description: "with an X25519 exchange" }),
    reason: orNull(Type.String({ description: "of a failed update" })),
    startedAt: orNull(Time),
    carrier: orNull(Type.Enum(["mac-commands", "application-port"])),
    requestedBy: orNull(Type.String({ description: "operator:<token>, policy:<reason>, ..." })),
  },
  { title: "RootKeyUpdate" },
);

export const DeviceView = Type.Object(
  {
    devEui: Type.String(),
    joinEui: Type.String(),
    macVersion: Type.String(),
    homeNetId: Type.String(),
    asId: Type.String(),
    suite: Type.String(),
    deviceProfile: Type.String({ description: "empty for none" }),
    updatePolicy: UpdatePolicyBody,
    carrier: Carrier,
    name: Type.String(),
    description: Type.String(),
    tags: Type.Record(Type.String(), Type.String()),
    isDisabled: Type.Boolean(),
    allowsForeignJoinEui: Type.Boolean(),
    createdAt: Time,
    version: count("grows with every change, joins included; also the ETag"),
    joinNonce: count("the last one issued"),
    lastDevNonce: orNull(count("the last one accepted, where it is a counter")),
    rjCount1: orNull(count("the last one accepted")),
    devAddr: orNull(Type.String()),
    lastJoinAt: orNull(
      Type.String({
        format: "date-time",
        description: "start of the newest session, by a join or a rejoin; null: it has none",
      }),
    ),
    generation: count("root key updates committed"),
    generationSince: Time,
    generationSessions: count("sessions made from the current root keys"),
    failedAttempts: count("updates that failed since the last one that was committed"),
    rootKeys: RootKeyFingerprints,
    candidateRootKeys: orNull(RootKeyFingerprints),
    nwkKeyReplacedAt: orNull(Time),
    lastUpdateId: count("0 before the first"),
    update: orNull(UpdateView),
    updateCommittedAt: orNull(Time),
    sessions: Type.Array(SessionView, { description: "newest first" }),
    warnings: Type.Optional(
      Type.Array(Warning, {
        description: "weak root keys, or a JoinEUI that is not served, when they are given",
      }),
    ),
  },
  { title: "Device" },
);
export type DeviceView = Static<typeof DeviceView>;

export const DevicePageView = Type.Object({
  devices: Type.Array(DeviceView),
  next: Next,
  total: orNull(
    count("devices on record in all, some seconds old at most; null when only some are asked for"),
  ),
});

export const StartedUpdateView = Type.Object({
  ...UpdateView.properties,
  isNew: Type.Boolean({ description: "false: it was under way already" }),
  isDelivered: Type.Boolean({
    description: "false: the server that carries it could not be reached; it gets it later",
  }),
});
export type StartedUpdateView = Static<typeof StartedUpdateView>;

export const CreateOutcomeView = Type.Object(
  {
    devEui: Type.String(),
    outcome: Type.Enum(["created", "known", "refused"]),
    code: Type.Optional(Type.String({ description: "of a refused one, see docs/errors.md" })),
    message: Type.Optional(Type.String()),
    warnings: Type.Optional(Type.Array(Warning)),
  },
  { title: "CreateOutcome" },
);

export const BatchCreatedView = Type.Object({
  isDryRun: Type.Boolean(),
  counts: Type.Object({
    created: count("or would be, in a dry run"),
    known: count("on record just so"),
    refused: count("for their own reason each"),
  }),
  outcomes: Type.Array(CreateOutcomeView, { description: "in the order of the request" }),
});

export const BatchDeletedView = Type.Object({
  counts: Type.Object({ deleted: count(""), unknown: count("") }),
  outcomes: Type.Array(
    Type.Object({ devEui: Type.String(), outcome: Type.Enum(["deleted", "unknown"]) }),
  ),
});

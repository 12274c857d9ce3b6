import { type Static, Type } from "typebox";
import { POLICY_LEVELS } from "../../../join-server/policies/policy-levels.ts";
import { UPDATE_TRIGGERS } from "../../../join-server/policies/update-policy-settings.ts";
import {
  Carrier,
  Limit,
  line,
  MacVersionText,
  Next,
  orNull,
  Time,
} from "../admin/schemas/common.ts";
import { UpdatePolicyBody } from "../admin/schemas/update-policy-schema.ts";

const STRICT = { additionalProperties: false } as const;
const number = (description: string) => Type.Number({ minimum: 0, description });

const ProfileName = line(64, "name of the device profile", 1);
export const ProfileParams = Type.Object({ name: ProfileName });
export const ProfileListQuery = Type.Object(
  { limit: Type.Optional(Limit), after: Type.Optional(ProfileName) },
  STRICT,
);

export const DeviceProfileBody = Type.Object(
  {
    description: Type.Optional(line(500, "for people")),
    updatePolicy: UpdatePolicyBody,
  },
  {
    ...STRICT,
    examples: [{ updatePolicy: { maxAgeMs: 31_536_000_000, triggers: ["tampering"] } }],
  },
);

const EffectivePolicy = Type.Object(
  {
    maxAgeMs: orNull(Type.Integer()),
    maxSessions: orNull(Type.Integer()),
    maxFrames: orNull(Type.Integer()),
    triggers: Type.Array(Type.Enum([...UPDATE_TRIGGERS])),
    minimumPeriodMs: Type.Integer(),
    isHealing: Type.Boolean(),
  },
  { title: "EffectiveUpdatePolicy", description: "with what weaker levels say of the rest" },
);

const CostMembers = {
  uplinks: number("frames sent by the device"),
  downlinks: number("frames sent to it"),
  uplinkAirtimeMs: number(""),
  downlinkAirtimeMs: number(""),
  energyMj: number("of the radio, in mJ, at 3.3 V, 45 mA sending and 4.6 mA receiving"),
};

export const PolicyCostView = Type.Object(
  {
    updatesPerYear: number("as far as they can be foreseen: without events and orders"),
    dataRates: Type.Array(
      Type.Object({
        dataRate: Type.Integer({ description: "index in the region" }),
        name: Type.String({ description: "such as SF12BW125" }),
        perUpdate: Type.Object(CostMembers),
        perYear: Type.Object({
          ...CostMembers,
          batteryShare: number("of 2,400 mAh at 3.3 V; 1 is all of it"),
          dutyCycleShare: number("of a duty cycle of 1 %; 1 is all of it"),
        }),
      }),
    ),
  },
  { title: "UpdatePolicyCost", description: "expected, for one device" },
);
export type PolicyCostView = Static<typeof PolicyCostView>;

export const PolicyView = Type.Object({
  policy: UpdatePolicyBody,
  effective: EffectivePolicy,
  cost: PolicyCostView,
});
export type PolicyView = Static<typeof PolicyView>;

const ProfileMembers = {
  name: Type.String(),
  description: Type.String(),
  updatePolicy: UpdatePolicyBody,
};
export const DeviceProfilePageView = Type.Object({
  deviceProfiles: Type.Array(Type.Object(ProfileMembers, { title: "DeviceProfile" })),
  next: Next,
});
export const DeviceProfileView = Type.Object({
  ...ProfileMembers,
  effective: EffectivePolicy,
  cost: PolicyCostView,
});
export type DeviceProfileView = Static<typeof DeviceProfileView>;

/** Devices that the cost of a policy is asked for. */
export const CostBody = Type.Object(
  {
    policy: UpdatePolicyBody,
    level: Type.Optional(
      Type.Enum(["all-devices", "device-profile"], {
        default: "all-devices",
        description: "device-profile: with what the policy of all devices says of the rest",
      }),
    ),
    region: Type.Optional(Type.String({ maxLength: 16, default: "EU868" })),
    dataRate: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 15, description: "of uplinks; all when left out" }),
    ),
    macVersion: Type.Optional(MacVersionText),
    carrier: Type.Optional(Carrier),
    uplinksPerDay: Type.Optional(Type.Number({ minimum: 0, maximum: 1_000_000, default: 24 })),
    sessionsPerYear: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1_000_000_000,
        default: 12,
        description: "joins and rejoins besides those of updates",
      }),
    ),
    loss: Type.Optional(
      Type.Number({ minimum: 0, maximum: 0.9, default: 0, description: "of frames, each way" }),
    ),
  },
  { ...STRICT, examples: [{ policy: { maxAgeMs: 2_592_000_000 }, region: "EU868", dataRate: 0 }] },
);
export type CostBody = Static<typeof CostBody>;

export const DevicePolicyView = Type.Object({
  deviceProfile: Type.String({ description: "empty for none" }),
  isProfileKnown: Type.Boolean({ description: "false: it is not on record, and counts as none" }),
  effective: EffectivePolicy,
  origins: Type.Record(Type.String(), Type.Enum([...POLICY_LEVELS]), {
    description: "which level each member comes from",
  }),
  due: orNull(Type.String({ description: "why an update is wanted: age, sessions or an event" })),
  notBefore: orNull(Time),
  cost: PolicyCostView,
});

export const SecurityEventBody = Type.Object(
  {
    kind: Type.Enum(["tampering"]),
    note: Type.Optional(line(500, "what was seen, for the audit log")),
  },
  { ...STRICT, examples: [{ kind: "tampering", note: "seal broken, ticket 4711" }] },
);
export const SecurityEventView = Type.Object({
  isUpdateWanted: Type.Boolean({
    description: "false: the policy of the device does not name such events",
  }),
});

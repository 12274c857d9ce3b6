import { type Static, Type } from "typebox";
import { KEY_WEAKNESSES } from "../../../../join-server/weak-keys/find-key-weaknesses.ts";
import {
  AsId,
  Carrier,
  DevEui,
  DeviceProfileName,
  hex,
  JoinEui,
  Limit,
  line,
  MacVersionText,
  NetId,
  SuiteName,
} from "./common.ts";
import { UpdatePolicyBody } from "./update-policy-schema.ts";

/** Settings that have a default, and can be changed later. */
const OptionalSettings = {
  suite: Type.Optional(SuiteName),
  deviceProfile: Type.Optional(DeviceProfileName),
  updatePolicy: Type.Optional(UpdatePolicyBody),
  carrier: Type.Optional(Carrier),
  name: Type.Optional(line(128, "for people")),
  description: Type.Optional(
    Type.String({
      maxLength: 2_000,
      pattern: "^([^\\p{Cc}\\p{Cs}]|[\\t\\n\\r])*$",
      description: "for people",
    }),
  ),
  tags: Type.Optional(
    Type.Record(
      Type.String({ pattern: "^[^\\p{Cc}\\p{Cs}]{1,64}$" }),
      line(256, "value of the tag"),
      { additionalProperties: false, maxProperties: 32, description: "free names and values" },
    ),
  ),
  isDisabled: Type.Optional(
    Type.Boolean({ description: "true: every request for the device is refused" }),
  ),
  allowsForeignJoinEui: Type.Optional(
    Type.Boolean({ description: "1.0.x only: an AppEUI that is not `joinEui` is accepted" }),
  ),
};

const RootKeyMembers = {
  nwkKey: hex(32, "NwkKey; for 1.0.x the AppKey. Write-only"),
  appKey: Type.Optional(hex(32, "AppKey; for 1.0.x the GenAppKey, if there is one. Write-only")),
};

const HomeNetId = hex(6, "NetID of the Network Server that may ask for the device");

const DeviceMembers = {
  joinEui: JoinEui,
  macVersion: MacVersionText,
  ...RootKeyMembers,
  homeNetId: HomeNetId,
  asId: AsId,
  ...OptionalSettings,
};

const STRICT = { additionalProperties: false } as const;

export const DeviceBody = Type.Object(DeviceMembers, {
  ...STRICT,
  examples: [
    {
      joinEui: "70b3d57ed0000001",
      macVersion: "1.0.3",
      nwkKey: "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
      homeNetId: "000013",
      asId: "example-as",
      name: "water meter 17",
    },
  ],
});
export type DeviceBody = Static<typeof DeviceBody>;

export const DevicePatch = Type.Object(
  { homeNetId: Type.Optional(HomeNetId), asId: Type.Optional(AsId), ...OptionalSettings },
  { ...STRICT, examples: [{ name: "water meter 17", tags: { serial: "A-17" } }] },
);
export type DevicePatch = Static<typeof DevicePatch>;

export const RootKeysBody = Type.Object(
  {
    ...RootKeyMembers,
    resetsDevNonces: Type.Optional(
      Type.Boolean({
        default: false,
        description: "also forget its DevNonces and RJcount1; needs another NwkKey",
      }),
    ),
  },
  STRICT,
);

export const NonceResetBody = Type.Object(
  {
    reason: line(500, "why, for the audit log", 1),
    force: Type.Optional(
      Type.Boolean({
        default: false,
        description: "although old Join-requests could then be replayed",
      }),
    ),
  },
  { ...STRICT, examples: [{ reason: "board replaced, keys are new" }] },
);

export const StartUpdateBody = Type.Object(
  {
    suite: Type.Optional(SuiteName),
    isHealing: Type.Optional(
      Type.Boolean({ description: "with an X25519 exchange; default: as the policy has it" }),
    ),
  },
  STRICT,
);

const counter = (maximum: number, description: string) =>
  Type.Optional(Type.Integer({ minimum: 0, maximum, description }));

/** Where the nonces of a device stood at the server that had it before. */
const Nonces = Type.Object(
  {
    joinNonce: counter(0xff_ffff, "the last JoinNonce (AppNonce) issued"),
    lastDevNonce: counter(0xffff, "the last DevNonce seen"),
    usedDevNonces: Type.Optional(
      Type.Array(Type.Integer({ minimum: 0, maximum: 0xffff }), { maxItems: 65_536 }),
    ),
    rjCount1: counter(0xffff, "the last RJcount1 seen"),
  },
  STRICT,
);

/** Devices of one batch: what one transaction takes without making joins wait. */
export const BATCH_MAX = 1_000;

export const DeviceBatchBody = Type.Object(
  {
    devices: Type.Array(
      Type.Object({ devEui: DevEui, ...DeviceMembers, nonces: Type.Optional(Nonces) }, STRICT),
      { minItems: 1, maxItems: BATCH_MAX },
    ),
    isDryRun: Type.Optional(
      Type.Boolean({ default: false, description: "say what would happen, store nothing" }),
    ),
  },
  STRICT,
);
export type DeviceBatchItem = Static<typeof DeviceBatchBody>["devices"][number];

export const DeleteBatchBody = Type.Object(
  { devEuis: Type.Array(DevEui, { minItems: 1, maxItems: BATCH_MAX }) },
  STRICT,
);

export const DeviceListQuery = Type.Object(
  {
    limit: Type.Optional(Limit),
    after: Type.Optional(DevEui),
    devEuiPrefix: Type.Optional(
      Type.String({ pattern: "^[0-9a-fA-F]{1,16}$", description: "first digits of the DevEUI" }),
    ),
    joinEui: Type.Optional(JoinEui),
    homeNetId: Type.Optional(NetId),
    asId: Type.Optional(AsId),
    macVersion: Type.Optional(MacVersionText),
    generation: Type.Optional(Type.Integer({ minimum: 0, maximum: 0xffff })),
    updateStatus: Type.Optional(
      Type.Enum(["prepared", "accepted", "confirmed", "committed", "failed"]),
    ),
    isDisabled: Type.Optional(Type.Boolean()),
    deviceProfile: Type.Optional(line(64, "the device profile they name; empty for none")),
    text: Type.Optional(
      line(128, "part of the name, the description or the value of a tag; case does not matter", 1),
    ),
  },
  STRICT,
);
export type DeviceListQuery = Static<typeof DeviceListQuery>;

/** What is taken, and may well be a mistake. */
export const Warning = Type.Object(
  {
    key: Type.Optional(Type.Enum(["nwkKey", "appKey"], { description: "the one that is weak" })),
    weakness: Type.Optional(Type.Enum([...KEY_WEAKNESSES])),
    message: Type.String(),
  },
  { title: "Warning" },
);
export type Warning = Static<typeof Warning>;

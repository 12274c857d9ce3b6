import { Type } from "typebox";
import { hexOf, hexUpTo } from "../hex-schemas.ts";

const Key = hexOf(16);
const Share = Type.Number({ minimum: 0, maximum: 1 });

/** An application port. */
const FPort = Type.Integer({ minimum: 1, maximum: 223 });

/** A year; the shortest leaves time for both receive windows. */
const IntervalMs = Type.Integer({ minimum: 3_000, maximum: 31_536_000_000 });

/** Session keys from the factory: four of LoRaWAN 1.1, or NwkSKey and AppSKey of 1.0.x. */
export const AbpBody = Type.Object(
  {
    devAddr: hexOf(4),
    appSKey: Key,
    nwkSKey: Type.Optional(Key),
    fNwkSIntKey: Type.Optional(Key),
    sNwkSIntKey: Type.Optional(Key),
    nwkSEncKey: Type.Optional(Key),
  },
  { additionalProperties: false },
);

const deviceMembers = {
  macVersion: Type.String({ maxLength: 16 }),
  joinEui: hexOf(8),
  nwkKey: Type.Optional(Key),
  appKey: Type.Optional(Key),
  abp: Type.Optional(AbpBody),
  uplinkIntervalMs: Type.Optional(IntervalMs),
  confirmedUplinks: Type.Optional(Type.Boolean()),
  longestJoinPauseMs: Type.Optional(IntervalMs),
  rootKeyFPort: Type.Optional(FPort),
  supportsHealing: Type.Optional(Type.Boolean()),
};

export const DeviceBody = Type.Object(deviceMembers, { additionalProperties: false });

/** Up to a thousand devices, made or changed together or not at all. */
export const DeviceBatchBody = Type.Object(
  {
    devices: Type.Array(
      Type.Object({ devEui: hexOf(8), ...deviceMembers }, { additionalProperties: false }),
      { minItems: 1, maxItems: 1_000 },
    ),
  },
  { additionalProperties: false },
);

export const UplinkBody = Type.Object(
  {
    fPort: FPort,
    payload: hexUpTo(242),
    confirmed: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);

export const RejoinBody = Type.Object(
  { type: Type.Union([Type.Literal(0), Type.Literal(1), Type.Literal(2)]) },
  { additionalProperties: false },
);

export const AirBody = Type.Object(
  {
    lossUp: Type.Optional(Share),
    lossDown: Type.Optional(Share),
    delayMs: Type.Optional(Type.Number({ minimum: 0, maximum: 600_000 })),
    duplicate: Type.Optional(Share),
    gatewaysInRange: Type.Optional(Type.Integer({ minimum: 1, maximum: 64 })),
  },
  { additionalProperties: false },
);

import Type from "typebox";

const hex = (digits: number, description: string) =>
  Type.String({ pattern: `^[0-9a-fA-F]{${digits}}$`, description });

export const NetIdParams = Type.Object({ netId: hex(6, "NetID, most significant byte first") });
const AsId = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: "^[!-~]+$",
  description: "AS-ID",
});
export const AsIdParams = Type.Object({ asId: AsId });

const KekMembers = {
  kekLabel: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  kek: Type.String({
    pattern: "^([0-9a-fA-F]{32}|[0-9a-fA-F]{48}|[0-9a-fA-F]{64})$",
    description: "key encryption key of 128, 192 or 256 bits; write-only",
  }),
};

export const NetworkServerBody = Type.Object(
  { url: Type.Optional(Type.String({ pattern: "^https?://", maxLength: 2048 })), ...KekMembers },
  { additionalProperties: false },
);

export const ApplicationServerBody = Type.Object(
  {
    ...KekMembers,
    appSKeyDelivery: Type.Optional(
      Type.Union([Type.Literal("envelope"), Type.Literal("session-key-id"), Type.Literal("both")]),
    ),
  },
  { additionalProperties: false },
);

const SuiteName = Type.String({ maxLength: 32, description: "rabbit, aes-cmac or hkdf-sha256" });

export const DeviceBody = Type.Object(
  {
    joinEui: hex(16, "JoinEUI (AppEUI before 1.0.4)"),
    macVersion: Type.String({ maxLength: 8, description: "1.0.0 to 1.0.4, or 1.1.0" }),
    nwkKey: hex(32, "NwkKey; for 1.0.x the AppKey. Write-only"),
    appKey: Type.Optional(hex(32, "AppKey; for 1.0.x the GenAppKey, if there is one. Write-only")),
    homeNetId: hex(6, "NetID of the Network Server that may ask for the device"),
    asId: AsId,
    suite: Type.Optional(SuiteName),
    minimumUpdatePeriodMs: Type.Optional(
      Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    ),
  },
  { additionalProperties: false },
);

export const StartUpdateBody = Type.Object(
  { suite: Type.Optional(SuiteName) },
  { additionalProperties: false },
);

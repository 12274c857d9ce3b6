import { type Static, Type } from "typebox";

/** Hex text of so many digits, either case. */
export const hex = (digits: number, description: string) =>
  Type.String({ pattern: `^[0-9a-fA-F]{${digits}}$`, description });

/** Text for people: no control characters, and nothing that is no Unicode. */
export const line = (maxLength: number, description: string, minLength = 0) =>
  Type.String({ minLength, maxLength, pattern: "^[^\\p{Cc}\\p{Cs}]*$", description });

export const DevEui = hex(16, "DevEUI, most significant byte first");
export const JoinEui = hex(16, "JoinEUI (AppEUI before 1.0.4), most significant byte first");
export const NetId = hex(6, "NetID, most significant byte first");
export const AsId = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: "^[!-~]+$",
  description: "AS-ID",
});
export const DeviceProfileName = line(64, "the device profile whose update policy holds");
export const MacVersionText = Type.String({
  maxLength: 8,
  description: "1.0.0 to 1.0.4, or 1.1.0",
});
export const SuiteName = Type.String({
  maxLength: 32,
  description: "rabbit, aes-cmac or hkdf-sha256",
});
export const RootKeyHex = hex(32, "16 bytes; write-only");

/** The way the updates of a device take. */
export const Carrier = Type.Union(
  [Type.Literal("automatic"), Type.Literal("mac-commands"), Type.Literal("application-port")],
  { description: "automatic: MAC commands where the Network Server relays them" },
);

/** A time in an answer. */
export const Time = Type.String({ format: "date-time", description: "ISO 8601 in UTC" });
/** What an answer has where there may be nothing. */
export const orNull = <T extends Parameters<typeof Type.Optional>[0]>(schema: T) =>
  Type.Union([schema, Type.Null()]);

/** First bytes of a hash of a key: tells keys apart and says nothing else. */
export const Fingerprint = Type.String({ description: "8 hex digits that tell keys apart" });

export const DevEuiParams = Type.Object({ devEui: DevEui });
export const NetIdParams = Type.Object({ netId: NetId });
export const AsIdParams = Type.Object({ asId: AsId });

export const Limit = Type.Integer({
  minimum: 1,
  maximum: 1_000,
  default: 100,
  description: "most items of a page; a page may have fewer and still have a next one",
});
export const Next = orNull(
  Type.String({ description: "send as `after` for the next page; null at the end" }),
);

/** RFC 9457. */
export const Problem = Type.Object(
  {
    type: Type.String({ description: "urn:warren:error:<title>" }),
    title: Type.String({ description: "the error code, see docs/errors.md" }),
    status: Type.Integer(),
    detail: Type.String({ description: "for people: what is wrong and what to do" }),
  },
  { title: "Problem" },
);

/** What was sent is all there is to say. */
export const Empty = Type.Object({}, { additionalProperties: false });

export type Nullable<T extends Parameters<typeof Type.Optional>[0]> = Static<T> | null;

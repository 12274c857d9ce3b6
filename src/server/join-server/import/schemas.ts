import { type Static, Type } from "typebox";
import { DEVICE_FORMATS } from "../../../device-files/formats.ts";
import { line } from "../admin/schemas/common.ts";

const STRICT = { additionalProperties: false } as const;
const hex = (digits: number, description: string) =>
  Type.String({ pattern: `^[0-9a-fA-F]{${digits}}$`, description });
const AsId = Type.String({ pattern: "^[!-~]{1,64}$", description: "AS-ID" });
const count = (description: string) => Type.Integer({ minimum: 0, description });
const Flag = Type.Enum(["true", "false"]);

const DeviceFormatName = Type.Enum([...DEVICE_FORMATS], {
  description: "docs/import-export.md says what each is",
});

export const ImportQuery = Type.Object(
  {
    format: Type.Optional(Type.Enum([...DEVICE_FORMATS, "jwe"])),
    dryRun: Type.Optional(Flag),
    skipErrors: Type.Optional(Flag),
    only: Type.Optional(
      Type.Enum(["problems"], {
        description: "leave out records of which there is nothing to say",
      }),
    ),
    joinEui: Type.Optional(hex(16, "for devices that do not name one")),
    homeNetId: Type.Optional(hex(6, "for devices that do not name one")),
    asId: Type.Optional(AsId),
    macVersion: Type.Optional(Type.String({ maxLength: 16 })),
  },
  STRICT,
);

const ImportedRecord = Type.Object(
  {
    record: count("which of the body, from 1"),
    line: count("where it starts, from 1; of a sealed one that of its JWE"),
    devEui: Type.Optional(Type.String()),
    outcome: Type.Enum(["created", "unchanged", "different", "error"]),
    code: Type.Optional(Type.String({ description: "see docs/errors.md" })),
    detail: Type.Optional(Type.String()),
    warnings: Type.Optional(Type.Array(Type.String())),
  },
  { title: "ImportedRecord" },
);
export type ImportedRecord = Static<typeof ImportedRecord>;

export const ImportAnswer = Type.Object({
  isDryRun: Type.Boolean(),
  isWritten: Type.Boolean({ description: "false: nothing was created" }),
  counts: Type.Object({
    created: count("or would be"),
    unchanged: count("on record just so"),
    different: count("on record with other settings or keys, which were left as they are"),
    error: count("cannot be imported"),
  }),
  records: Type.Array(ImportedRecord, { description: "in the order of the body" }),
});
export type ImportAnswer = Static<typeof ImportAnswer>;

export const TextImportAnswer = Type.Object({
  format: Type.Enum([...DEVICE_FORMATS, "jwe"], { description: "as which the text was read" }),
  ...ImportAnswer.properties,
});

export const PublicJwk = Type.Object(
  {
    kty: Type.String(),
    crv: Type.String(),
    x: Type.String(),
    y: Type.String(),
    use: Type.String(),
    alg: Type.String(),
    kid: Type.String({ description: "RFC 7638 thumbprint" }),
  },
  { title: "PublicJwk" },
);
export type PublicJwk = Static<typeof PublicJwk>;

const Filter = {
  devEuiPrefix: Type.Optional(Type.String({ pattern: "^[0-9a-fA-F]{1,16}$" })),
  joinEui: Type.Optional(hex(16, "JoinEUI")),
  homeNetId: Type.Optional(hex(6, "NetID")),
  asId: Type.Optional(AsId),
  text: Type.Optional(line(128, "part of name, description or a tag", 1)),
};

export const ExportQuery = Type.Object(
  { format: Type.Optional(DeviceFormatName), ...Filter },
  STRICT,
);
export type ExportQuery = Static<typeof ExportQuery>;

/** Keys wrapped one by one, or the whole file sealed. */
export const KeyExportBody = Type.Object(
  {
    format: Type.Optional(DeviceFormatName),
    ...Filter,
    kek: Type.Optional(
      Type.Object(
        {
          label: line(64, "what the recipient knows the KEK by", 1),
          key: Type.String({
            pattern: "^([0-9a-fA-F]{32}|[0-9a-fA-F]{48}|[0-9a-fA-F]{64})$",
            description: "KEK of 128, 192 or 256 bits (RFC 3394)",
          }),
        },
        STRICT,
      ),
    ),
    jwk: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: "public JWK: each line of the answer is a JWE sealed to it",
      }),
    ),
  },
  STRICT,
);

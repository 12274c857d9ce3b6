import { type Static, Type } from "typebox";
import { RIGHTS } from "../../../../join-server/access/rights.ts";
import { ROLES } from "../../../../join-server/ports/token-store.ts";
import { KEY_WEAKNESSES } from "../../../../join-server/weak-keys/find-key-weaknesses.ts";
import { hex, JoinEui, Limit, line, orNull, Time } from "./common.ts";

const STRICT = { additionalProperties: false } as const;

export const ListQuery = Type.Object(
  {
    limit: Type.Optional(Limit),
    after: Type.Optional(Type.String({ minLength: 1, maxLength: 64, pattern: "^[!-~]+$" })),
  },
  STRICT,
);

export const RangeParams = Type.Object({
  first: JoinEui,
  bits: Type.Integer({ minimum: 0, maximum: 64, description: "length of the prefix" }),
});
export const RangeView = Type.Object(
  { first: Type.String(), prefixLengthBits: Type.Integer() },
  { title: "JoinEuiRange" },
);

const RoleName = Type.Enum([...ROLES]);

export const TokenBody = Type.Object(
  {
    name: line(128, "whose it is, or what for", 1),
    role: RoleName,
    expiresAt: Type.Optional(
      Type.String({
        pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,3})?(Z|[+-]\\d\\d:\\d\\d)$",
        description: "ISO 8601 with a zone; never when left out",
      }),
    ),
  },
  { ...STRICT, examples: [{ name: "provisioning", role: "operator" }] },
);
export const TokenParams = Type.Object({ tokenId: hex(16, "id of the token") });
export const TokenView = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    role: RoleName,
    createdAt: Time,
    expiresAt: orNull(Time),
  },
  { title: "Token" },
);
export const NewTokenView = Type.Object({
  ...TokenView.properties,
  token: Type.String({ description: "shown once; nobody can show it again" }),
});

export const WhoAmIView = Type.Object({
  actor: Type.String({ description: "as the audit log calls it" }),
  name: Type.String(),
  role: RoleName,
  rights: Type.Array(Type.Enum([...RIGHTS])),
  expiresAt: orNull(Time),
});

const seq = (description: string) =>
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description });

export const AuditQuery = Type.Object(
  {
    limit: Type.Optional(Limit),
    order: Type.Optional(Type.Enum(["oldest", "newest"], { description: "first; default oldest" })),
    after: Type.Optional(seq("a seq: entries after it, the oldest of them first")),
    before: Type.Optional(seq("a seq: entries before it, with order=newest")),
    actor: Type.Optional(
      line(256, "who: token:<id>, file-token, cli, peer:<SenderID> or system", 1),
    ),
    action: Type.Optional(
      Type.String({
        pattern: "^[a-z0-9.-]{1,64}$",
        description: "such as device.create; with a dot at its end all that begin so: device.",
      }),
    ),
    subject: Type.Optional(line(256, "a DevEUI, a NetID, an AS-ID, a token's id", 1)),
  },
  STRICT,
);
export type AuditQuery = Static<typeof AuditQuery>;
export const AuditEntryView = Type.Object(
  {
    seq: Type.Integer({ description: "1 for the first, without gaps" }),
    at: Type.Integer({ description: "epoch milliseconds, as it is hashed" }),
    actor: Type.String(),
    action: Type.String(),
    subject: Type.String(),
    details: Type.Record(Type.String(), Type.Unknown()),
    previousHash: Type.String(),
    hash: Type.String({
      description:
        "SHA-256 in hex of JSON.stringify([seq, previousHash, at, actor, action, subject, details]), " +
        "the members of details in the order of their names",
    }),
  },
  { title: "AuditEntry" },
);
export const AuditPageView = Type.Object({
  entries: Type.Array(AuditEntryView),
  next: orNull(
    Type.Integer({
      description: "send as `after`, or as `before` with order=newest; null at the end",
    }),
  ),
  head: orNull(Type.Object({ seq: Type.Integer(), hash: Type.String() })),
});

export const VaultView = Type.Object({
  leastSealingVersion: Type.Integer({ description: "nothing new is sealed under an older one" }),
  dataKeys: Type.Array(
    Type.Object({
      version: Type.Integer(),
      vault: Type.String({ description: "which kind of vault has its master key" }),
      createdAt: Time,
    }),
  ),
});

export const ReportQuery = Type.Object(
  {
    limit: Type.Optional(Limit),
    after: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 1_000_000, description: "how many findings to skip" }),
    ),
  },
  STRICT,
);
const count = Type.Integer({ minimum: 0 });
export const WeakKeyReportView = Type.Object(
  {
    status: Type.Enum(["none", "running", "done", "failed"]),
    startedAt: orNull(Time),
    endedAt: orNull(Time),
    progress: Type.Number({ minimum: 0, maximum: 1 }),
    counts: Type.Record(Type.String(), count, {
      description: `findings by weakness: ${KEY_WEAKNESSES.join(", ")}`,
    }),
    findings: Type.Array(
      Type.Object({
        devEui: Type.String(),
        key: Type.Enum(["nwkKey", "appKey"]),
        weakness: Type.Enum([...KEY_WEAKNESSES]),
        group: Type.Optional(
          Type.Integer({ description: "of duplicates: devices of one group have the same key" }),
        ),
      }),
    ),
    next: orNull(Type.Integer({ description: "send as `after`; null at the end" })),
  },
  { title: "WeakKeyReport" },
);

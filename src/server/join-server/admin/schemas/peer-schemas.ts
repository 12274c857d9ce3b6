import { type Static, Type } from "typebox";
import { APP_S_KEY_DELIVERIES } from "../../../../join-server/peers.ts";
import { Fingerprint, hex, line, orNull, Time } from "./common.ts";

const STRICT = { additionalProperties: false } as const;

const Pem = Type.String({
  maxLength: 32_768,
  pattern: "^[\\t\\n\\r -~]*$",
  description: "PEM of one or more certificates",
});
const Url = Type.String({ pattern: "^https?://[!-~]+$", maxLength: 2_048 });

const Authentication = Type.Union(
  [
    Type.Object({ kind: Type.Literal("loopback") }, STRICT),
    Type.Object(
      {
        kind: Type.Literal("bearer"),
        token: Type.String({
          minLength: 16,
          maxLength: 512,
          pattern: "^[!-~]+$",
          description: "what the peer sends as Authorization: Bearer; write-only, kept as a hash",
        }),
      },
      STRICT,
    ),
    Type.Object(
      {
        kind: Type.Literal("mutual-tls"),
        ca: Type.Optional(Pem),
        certificateSha256: Type.Optional(
          Type.Array(Type.String({ pattern: "^([0-9a-fA-F]{2}:?){31}[0-9a-fA-F]{2}$" }), {
            maxItems: 16,
            description: "certificates it may show; without, any that `ca` issued",
          }),
        ),
        names: Type.Optional(
          Type.Array(line(253, "SAN DNS name or common name", 1), {
            maxItems: 16,
            description: "its certificate must have one of these; without, any",
          }),
        ),
      },
      STRICT,
    ),
  ],
  { description: "how it shows that it is who its SenderID says; loopback when left out" },
);

const Route = Type.Object(
  {
    url: Url,
    ca: Type.Optional(Pem),
    authorization: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 4_096,
        pattern: "^[ -~]+$",
        description: "whole value of an Authorization header; write-only",
      }),
    ),
    protocolVersion: Type.Optional(Type.Enum(["1.0", "1.1"])),
    senderNsId: Type.Optional(hex(16, "SenderNSID, sent under 1.1 only")),
  },
  { ...STRICT, description: "where it takes messages of ours" },
);

const Kek = Type.String({
  pattern: "^([0-9a-fA-F]{32}|[0-9a-fA-F]{48}|[0-9a-fA-F]{64})$",
  description: "key encryption key of 128, 192 or 256 bits; write-only",
});

/** Everything but the KEK, which only a new peer must have. */
const PeerMembers = {
  kekLabel: Type.Optional(
    line(64, "name of the KEK at both ends; the peer's own name when left out", 1),
  ),
  isAllowed: Type.Optional(Type.Boolean({ description: "false: every request is refused" })),
  authentication: Type.Optional(Authentication),
  rateLimit: Type.Optional(
    orNull(
      Type.Object(
        {
          perSecond: Type.Number({ exclusiveMinimum: 0, maximum: 1_000_000 }),
          burst: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
        },
        STRICT,
      ),
    ),
  ),
  answers: Type.Optional(
    Type.Enum(["sync", "async"], { description: "async: as POST to the route; sync by default" }),
  ),
  route: Type.Optional(orNull(Route)),
};

const NetworkServerMembers = {
  ...PeerMembers,
  url: Type.Optional(
    Type.String({
      pattern: "^https?://[!-~]+$",
      maxLength: 2_048,
      description: "short for a route of no more than this, and relaysRootKeyUpdates",
    }),
  ),
  relaysRootKeyUpdates: Type.Optional(
    Type.Boolean({ description: "it is told RootKeyGeneration and sent RootKeyUpdateReq" }),
  ),
};
const ApplicationServerMembers = {
  ...PeerMembers,
  appSKeyDelivery: Type.Optional(Type.Enum([...APP_S_KEY_DELIVERIES])),
  relaysRootKeyUpdates: Type.Optional(
    Type.Boolean({
      description: "it carries root key updates on an application port; false by default",
    }),
  ),
  rootKeyFPort: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 223, description: "that port; 199 by default" }),
  ),
};

export const NetworkServerBody = Type.Object(
  { ...NetworkServerMembers, kek: Kek },
  {
    ...STRICT,
    examples: [
      {
        kekLabel: "ns:000013",
        kek: "000102030405060708090a0b0c0d0e0f",
        authentication: { kind: "mutual-tls", names: ["ns.example.com"], ca: "-----BEGIN ..." },
      },
    ],
  },
);
export const NetworkServerPatch = Type.Object(
  { ...NetworkServerMembers, kek: Type.Optional(Kek) },
  STRICT,
);
export type NetworkServerPatch = Static<typeof NetworkServerPatch>;

export const ApplicationServerBody = Type.Object({ ...ApplicationServerMembers, kek: Kek }, STRICT);
export const ApplicationServerPatch = Type.Object(
  { ...ApplicationServerMembers, kek: Type.Optional(Kek) },
  STRICT,
);
export type ApplicationServerPatch = Static<typeof ApplicationServerPatch>;

const CertificateView = Type.Object(
  {
    subject: Type.String(),
    validTo: Time,
    sha256: Type.String({ description: "of the certificate, in hex" }),
  },
  { title: "Certificate" },
);
export type CertificateView = Static<typeof CertificateView>;

const PeerViewMembers = {
  isAllowed: Type.Boolean(),
  authentication: Type.Object({
    kind: Type.Enum(["loopback", "bearer", "mutual-tls"]),
    ca: Type.Optional(Type.Array(CertificateView)),
    certificateSha256: Type.Optional(Type.Array(Type.String())),
    names: Type.Optional(Type.Array(Type.String())),
  }),
  rateLimit: orNull(Type.Object({ perSecond: Type.Number(), burst: Type.Integer() })),
  answers: Type.Enum(["sync", "async"]),
  route: orNull(
    Type.Object({
      url: Type.String(),
      ca: Type.Array(CertificateView),
      hasAuthorization: Type.Boolean(),
      protocolVersion: Type.Enum(["1.0", "1.1"]),
      senderNsId: orNull(Type.String()),
    }),
  ),
  kekLabel: Type.String(),
  kekFingerprint: Fingerprint,
  lastContactAt: orNull(
    Type.String({
      format: "date-time",
      description:
        "when it last asked this process and showed who it is; null: not since the start",
    }),
  ),
  lastContactAddress: orNull(
    Type.String({ description: "IP address it asked from, perhaps that of a proxy" }),
  ),
};

export const NetworkServerView = Type.Object(
  { netId: Type.String(), ...PeerViewMembers, relaysRootKeyUpdates: Type.Boolean() },
  { title: "NetworkServer" },
);
export type NetworkServerView = Static<typeof NetworkServerView>;

export const ApplicationServerView = Type.Object(
  {
    asId: Type.String(),
    ...PeerViewMembers,
    appSKeyDelivery: Type.Enum([...APP_S_KEY_DELIVERIES]),
    relaysRootKeyUpdates: Type.Boolean(),
    rootKeyFPort: Type.Integer(),
  },
  { title: "ApplicationServer" },
);
export type ApplicationServerView = Static<typeof ApplicationServerView>;

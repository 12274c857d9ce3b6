import { type Static, Type } from "typebox";
import { hex, line } from "./common.ts";

const STRICT = { additionalProperties: false } as const;
const Base64Url = Type.String({ pattern: "^[A-Za-z0-9_-]+$", maxLength: 2_048 });

/** A public key (RFC 7517): members of a private one are refused. */
const PublicKey = Type.Object(
  {
    kty: Type.Enum(["EC", "OKP", "RSA"]),
    crv: Type.Optional(Type.Enum(["P-256", "P-384", "P-521", "X25519"])),
    x: Type.Optional(Base64Url),
    y: Type.Optional(Base64Url),
    n: Type.Optional(Base64Url),
    e: Type.Optional(Base64Url),
    kid: Type.Optional(line(256, "goes into the header of the JWE", 1)),
    use: Type.Optional(Type.Literal("enc")),
    alg: Type.Optional(Type.Enum(["ECDH-ES+A256KW", "RSA-OAEP-256"])),
    key_ops: Type.Optional(Type.Array(Type.String({ maxLength: 32 }), { maxItems: 8 })),
  },
  { ...STRICT, description: "JWK of P-256, P-384, P-521, X25519, or RSA of 2,048 bits or more" },
);
export type PublicKey = Static<typeof PublicKey>;

export const KeyExportBody = Type.Union(
  [
    Type.Object(
      {
        kek: Type.String({
          pattern: "^([0-9a-fA-F]{32}|[0-9a-fA-F]{48}|[0-9a-fA-F]{64})$",
          description: "AES key of 128, 192 or 256 bits that the receiver has",
        }),
        kekLabel: Type.Optional(line(64, "name of the KEK", 1)),
      },
      STRICT,
    ),
    Type.Object({ publicKey: PublicKey }, STRICT),
  ],
  {
    examples: [
      {
        publicKey: { kty: "OKP", crv: "X25519", x: "3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08" },
      },
    ],
  },
);
export type KeyExportBody = Static<typeof KeyExportBody>;

const identity = {
  devEui: Type.String(),
  joinEui: Type.String(),
  macVersion: Type.String(),
  generation: Type.Integer({ description: "of the root keys" }),
};
const Envelope = Type.Object(
  { kekLabel: Type.String(), aesKey: hex(48, "16 bytes wrapped by RFC 3394") },
  { title: "KeyEnvelope" },
);
const Envelopes = Type.Object({
  nwkKey: Envelope,
  appKey: Type.Optional(Envelope),
});

export const KeyExportView = Type.Union([
  Type.Object({
    ...identity,
    rootKeys: Envelopes,
    candidateRootKeys: Type.Optional(Envelopes),
  }),
  Type.Object({
    ...identity,
    jwe: Type.String({
      description:
        "compact JWE of JSON: {devEui, joinEui, macVersion, generation, rootKeys: {nwkKey, appKey?}, " +
        "candidateRootKeys?}, keys in hex",
    }),
  }),
]);
export type KeyExportView = Static<typeof KeyExportView>;

import { type Static, Type } from "typebox";
import { EVENT_KINDS } from "../../../join-server/ports/events.ts";
import type { HttpApp } from "../../http-app.ts";
import { orNull, Time } from "../admin/schemas/common.ts";

const count = (description: string) => Type.Integer({ minimum: 0, description });
const RateLimit = orNull(
  Type.Object({
    perSecond: Type.Number({ minimum: 0 }),
    burst: Type.Integer({ minimum: 1 }),
  }),
);

export const SettingsView = Type.Object(
  {
    version: Type.String({ description: "of Warren" }),
    nodeVersion: Type.String(),
    startedAt: Time,
    logLevel: Type.String(),
    database: Type.Object({
      kind: Type.Enum(["sqlite", "postgresql"]),
      file: orNull(Type.String({ description: "name of the SQLite file, without its folder" })),
      cachedDevices: count("devices kept in memory"),
    }),
    vault: Type.Object({
      kind: Type.Enum(["file", "pkcs11"]),
      isUnlocked: Type.Boolean({ description: "a value sealed just now could be opened again" }),
      sealingVersion: count("of the data key that new values are sealed under"),
    }),
    listeners: Type.Array(
      Type.Object({
        name: Type.Enum(["backend", "admin"]),
        host: Type.String(),
        port: Type.Integer(),
        hasTls: Type.Boolean(),
        certificateExpiresAt: orNull(Time),
      }),
    ),
    clientCertificateExpiresAt: orNull(
      Type.String({ format: "date-time", description: "of the one shown to peers" }),
    ),
    updates: Type.Object({
      expirySeconds: Type.Number(),
      attemptPeriodSeconds: Type.Number(),
      shortestPeriodSeconds: Type.Number(),
      allowsRabbitSplit: Type.Boolean(),
      policySweepSeconds: Type.Number(),
      policyStartsPerMinute: count("0: policies start none"),
    }),
    limits: Type.Object({ bodyBytes: Type.Integer(), peer: RateLimit, device: RateLimit }),
    webhooks: Type.Array(
      Type.Object({
        host: Type.String({ description: "with its port; the path may be a secret" }),
        kinds: Type.Array(Type.Enum([...EVENT_KINDS]), { description: "empty: all" }),
        waiting: count("events not yet delivered"),
        delivered: count("since the start"),
        dropped: count("since the start"),
        failedAttempts: count("since the start"),
      }),
    ),
    metrics: Type.Object({ isEnabled: Type.Boolean(), requiresToken: Type.Boolean() }),
  },
  { title: "Settings" },
);
export type SettingsView = Static<typeof SettingsView>;

/** @param settings how the process runs, found out anew with each request; nothing secret */
export function addSettingsRoute(scope: HttpApp, settings: () => SettingsView): void {
  scope.get(
    "/settings",
    {
      config: { right: "vault:read" },
      schema: {
        tags: ["overview"],
        summary:
          "How this process runs: version, database, vault, listeners, limits; nothing secret",
        response: { 200: SettingsView },
      },
    },
    () => settings(),
  );
}

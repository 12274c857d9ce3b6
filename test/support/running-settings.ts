import type { SettingsView } from "../../src/server/join-server/overview/settings-routes.ts";

/** What a process says of itself that was given no configuration. */
export const SETTINGS: SettingsView = {
  version: "0.0.0",
  nodeVersion: process.version,
  startedAt: "2026-01-01T00:00:00.000Z",
  logLevel: "info",
  database: { kind: "sqlite", file: "join-server.db", cachedDevices: 0 },
  vault: { kind: "file", isUnlocked: true, sealingVersion: 1 },
  listeners: [],
  clientCertificateExpiresAt: null,
  updates: {
    expirySeconds: 86_400,
    attemptPeriodSeconds: 0,
    shortestPeriodSeconds: 0,
    allowsRabbitSplit: false,
    policySweepSeconds: 300,
    policyStartsPerMinute: 0,
  },
  limits: { bodyBytes: 65_536, peer: null, device: null },
  webhooks: [],
  metrics: { isEnabled: false, requiresToken: true },
};

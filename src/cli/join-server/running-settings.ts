import { randomBytes } from "node:crypto";
import { basename } from "node:path";
import packageJson from "../../../package.json" with { type: "json" };
import type { Webhook } from "../../events/webhooks/webhook.ts";
import type { Vault } from "../../join-server/ports/vault.ts";
import type { ObservedCertificate } from "../../metrics/state-gauges.ts";
import { formatTime } from "../../server/format-time.ts";
import type { SettingsView } from "../../server/join-server/overview/settings-routes.ts";
import type { ListenerSettings } from "../../server/listener-settings.ts";
import type { JoinServerConfig } from "../config/join-server-config.ts";

/** What runs besides its configuration. */
export interface RunningParts {
  readonly startedAt: number;
  readonly vault: Vault;
  readonly webhooks: readonly Webhook[];
  readonly certificates: readonly ObservedCertificate[];
  /** Base URLs of the listeners, once they listen: the port of the configuration may be 0. */
  readonly addresses: Readonly<Record<string, string>>;
}

/** How this process runs, as an operator may see it: no password, no path but the name of a file, no secret. */
export function describeRunning(config: JoinServerConfig, parts: RunningParts): SettingsView {
  const { storage, updatePolicy, policies, limits, metrics } = config;
  const own = new Map(
    parts.certificates
      .filter(({ owner }) => owner === "own")
      .map(({ name, notAfter }) => [name, notAfter]),
  );
  const listener = (name: "backend" | "admin", { host, port, tls }: ListenerSettings) => ({
    name,
    host,
    port: portOf(parts.addresses[name]) ?? port,
    hasTls: tls !== undefined,
    certificateExpiresAt: formatTime(own.get(name)),
  });
  return {
    version: packageJson.version,
    nodeVersion: process.version,
    startedAt: formatTime(parts.startedAt),
    logLevel: config.logLevel,
    database: {
      kind: storage.kind,
      file: storage.kind === "sqlite" ? basename(storage.path) : null,
      cachedDevices: config.cachedDevices,
    },
    vault: {
      kind: config.vault.kind,
      isUnlocked: isUnlocked(parts.vault),
      sealingVersion: parts.vault.sealingVersion,
    },
    listeners: [listener("backend", config.backend), listener("admin", config.admin)],
    clientCertificateExpiresAt: formatTime(own.get("client")),
    updates: {
      expirySeconds: updatePolicy.expiryMs / 1000,
      attemptPeriodSeconds: updatePolicy.attemptPeriodMs / 1000,
      shortestPeriodSeconds: updatePolicy.shortestPeriodMs / 1000,
      allowsRabbitSplit: updatePolicy.allowRabbitSplit,
      policySweepSeconds: policies.sweepMs / 1000,
      policyStartsPerMinute: policies.startsPerMinute,
    },
    limits: {
      bodyBytes: limits.bodyBytes,
      peer: limits.peer === undefined ? null : { ...limits.peer },
      device: limits.device === undefined ? null : { ...limits.device },
    },
    webhooks: config.webhooks.map(({ url, kinds }, index) => ({
      host: new URL(url).host,
      kinds: [...kinds],
      waiting: parts.webhooks[index]?.waiting ?? 0,
      delivered: parts.webhooks[index]?.counts.delivered ?? 0,
      dropped: parts.webhooks[index]?.counts.dropped ?? 0,
      failedAttempts: parts.webhooks[index]?.counts.failedAttempts ?? 0,
    })),
    metrics: { ...metrics },
  };
}

function portOf(address: string | undefined): number | undefined {
  return Number(address?.match(/:(\d+)$/)?.[1]) || undefined;
}

/** Tried, not remembered. */
function isUnlocked(vault: Vault): boolean {
  const probe = randomBytes(16);
  try {
    const opened = vault.open(vault.seal(probe, "settings/probe"), "settings/probe");
    return probe.equals(opened);
  } catch {
    return false;
  }
}

import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { WarrenError } from "../../errors.ts";
import type { ListenerSettings, TlsFiles } from "../../server/listener-settings.ts";
import type { StorageSettings } from "../../storage/join-server/open-storage.ts";
import type { VaultSettings } from "../../vault/vault-settings.ts";
import { type Environment, processEnvironment } from "./config-environment.ts";
import type { ConfigOptions } from "./config-options.ts";
import type { ConfigTables, WebhookTable } from "./config-schema.ts";
import { contradictions } from "./contradictions.ts";
import type { JoinServerConfig, WebhookConfig } from "./join-server-config.ts";
import { mergeSettings, refuse } from "./merge-settings.ts";
import type { Settings } from "./setting.ts";

/** A configuration, and where each value of it comes from. */
export interface LoadedConfig {
  readonly config: JoinServerConfig;
  readonly settings: Settings;
}

/**
 * The configuration from the options of the command line, the environment and the file they name.
 *
 * @throws WarrenError `configuration-invalid` naming every problem, one a line, with file and line
 */
export function loadJoinServerConfig(
  options: ConfigOptions,
  environment: Environment = processEnvironment(),
): JoinServerConfig {
  return explainJoinServerConfig(options, environment).config;
}

/** As `loadJoinServerConfig`, with the origin of every value. */
export function explainJoinServerConfig(
  options: ConfigOptions,
  environment: Environment = processEnvironment(),
): LoadedConfig {
  const settings = mergeSettings(options, environment);
  const tables = tablesOf(settings);
  refuse(contradictions(tables, settings));
  return { config: Object.freeze(configOf(tables, settings)), settings };
}

/** `a.b` and `a.c` become one table `a`; `webhook.0.url` a list of tables. */
function tablesOf(settings: Settings): ConfigTables {
  const root: Record<string, unknown> = { webhook: [], client_tls: {}, console: {}, joins: {} };
  for (const { name, value } of settings.values()) {
    const parts = name.split(".");
    const last = parts.pop() ?? "";
    let table = root;
    for (const part of parts) {
      table[part] ??= {};
      table = table[part] as Record<string, unknown>;
    }
    table[last] = value;
  }
  return root as ConfigTables;
}

function configOf(tables: ConfigTables, settings: Settings): JoinServerConfig {
  const { data_folder, updates, limits, metrics } = tables;
  return {
    dataFolder: data_folder,
    logLevel: tables.log_level,
    backend: listenerOf(tables.backend),
    admin: listenerOf(tables.admin),
    evaluationReportFolder: tables.console.evaluation_report_folder,
    clientTls: certificateOf(tables.client_tls),
    storage: storageOf(tables, settings),
    cachedDevices: tables.storage.cached_devices,
    joinThreads: tables.joins.threads ?? usualJoinThreads(tables),
    vault: vaultOf(tables),
    updatePolicy: {
      expiryMs: updates.expiry_seconds * 1000,
      attemptPeriodMs: updates.attempt_period_seconds * 1000,
      allowRabbitSplit: updates.allow_rabbit_split,
      shortestPeriodMs: updates.shortest_period_seconds * 1000,
    },
    policies: {
      sweepMs: updates.policy_sweep_seconds * 1000,
      startsPerMinute: updates.policy_starts_per_minute,
    },
    limits: {
      bodyBytes: limits.body_bytes,
      peer: rateLimitOf(limits.peer),
      device: rateLimitOf(limits.device),
      backend: admissionOf(limits.backend),
    },
    metrics: { isEnabled: metrics.enabled, requiresToken: metrics.requires_token },
    webhooks: tables.webhook.map(webhookOf),
  };
}

/** On SQLite one makes a sixth more joins of two cores; on PostgreSQL the other core has the database. */
function usualJoinThreads({ storage }: ConfigTables): number {
  return storage.kind === "sqlite" && availableParallelism() > 1 ? 1 : 0;
}

function listenerOf(table: ConfigTables["backend"]): ListenerSettings {
  const { host, port, tls, allow_plain_http } = table;
  return { host, port, tls: certificateOf(tls), allowsPlainHttp: allow_plain_http };
}

function certificateOf(tls: ConfigTables["client_tls"]): TlsFiles | undefined {
  if (tls?.cert === undefined || tls.key === undefined) return undefined;
  return { certificateFile: tls.cert, keyFile: tls.key };
}

function storageOf({ storage, data_folder }: ConfigTables, settings: Settings): StorageSettings {
  if (storage.kind === "sqlite") {
    return { kind: "sqlite", path: storage.path ?? join(data_folder, "join-server.db") };
  }
  const { url, url_file, max_connections } = storage;
  const where = settings.get("storage.url_file")?.where ?? "";
  const text = url_file === undefined ? url : readSecret(url_file, where);
  return { kind: "postgresql", url: text ?? "", maxConnections: max_connections };
}

/** Members of the other kind say where the master keys were before. */
function vaultOf({ vault, data_folder }: ConfigTables): VaultSettings {
  const path =
    vault.kind === "file" ? (vault.path ?? join(data_folder, "master-keys")) : vault.path;
  const file = path === undefined ? undefined : ({ kind: "file", path } as const);
  const token =
    vault.module === undefined
      ? undefined
      : ({
          kind: "pkcs11",
          modulePath: vault.module,
          tokenLabel: vault.token_label ?? "",
          pin: vault.pin,
          pinFile: vault.pin_file ?? "",
          keyLabel: vault.key_label ?? "warren-master-key",
        } as const);
  const [current, previous] = vault.kind === "file" ? [file, token] : [token, file];
  if (current === undefined) throw new Error("contradictions() has let an incomplete vault pass");
  return { ...current, previous };
}

function rateLimitOf(limit: ConfigTables["limits"]["peer"]): JoinServerConfig["limits"]["peer"] {
  if (limit.per_second === 0) return undefined;
  return { perSecond: limit.per_second, burst: limit.burst };
}

function admissionOf(
  limit: ConfigTables["limits"]["backend"],
): JoinServerConfig["limits"]["backend"] {
  if (limit.queue_ms === 0) return undefined;
  return { waitMs: limit.queue_ms, length: limit.queue_length };
}

function webhookOf(table: WebhookTable): WebhookConfig {
  return {
    url: table.url,
    secretFile: table.secret_file,
    kinds: table.events,
    caFile: table.ca_file,
    timeoutMs: table.timeout_seconds * 1000,
    queueLength: table.queue,
  };
}

function readSecret(file: string, where: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "unreadable";
    throw new WarrenError("configuration-invalid", `${where}: cannot read ${file} (${reason})`);
  }
}

import { WarrenError } from "../../../errors.ts";
import { readTlsFiles } from "../../../server/tls/tls-files.ts";
import { readWebhookFiles } from "../../join-server/webhook-files.ts";
import type { JoinServerConfig } from "../join-server-config.ts";
import { refuse } from "../merge-settings.ts";

/**
 * Reads the certificates and secrets that a configuration names, as the start does.
 *
 * @throws WarrenError `configuration-invalid` naming every problem, one a line
 */
export function checkConfigFiles(config: JoinServerConfig): void {
  const certificates = [config.backend.tls, config.admin.tls, config.clientTls];
  const checks = [
    ...certificates.flatMap((files) => (files ? [() => void readTlsFiles(files)] : [])),
    ...config.webhooks.map((webhook) => () => void readWebhookFiles(webhook)),
  ];
  refuse(checks.flatMap(problemOf));
}

function problemOf(check: () => void): string[] {
  try {
    check();
    return [];
  } catch (error) {
    if (!(error instanceof WarrenError)) throw error;
    return [error.message];
  }
}

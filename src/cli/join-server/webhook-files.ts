import { readFileSync } from "node:fs";
import { WarrenError } from "../../errors.ts";
import { parseWebhookSecret } from "../../events/webhooks/webhook-signature.ts";
import type { WebhookConfig } from "../config/join-server-config.ts";

/**
 * The secret and the CA of a webhook.
 *
 * @throws WarrenError `configuration-invalid` naming the file that cannot be used
 */
export function readWebhookFiles({ secretFile, caFile }: WebhookConfig): {
  readonly secret: Uint8Array;
  readonly ca: string | undefined;
} {
  return {
    secret: readSecret(secretFile),
    ca: caFile === undefined ? undefined : readText(caFile),
  };
}

function readSecret(file: string): Uint8Array {
  const text = readText(file).trim();
  try {
    return parseWebhookSecret(text);
  } catch (error) {
    if (!(error instanceof WarrenError)) throw error;
    throw new WarrenError(error.code, `${file}: ${error.message}`);
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "unreadable";
    throw new WarrenError("configuration-invalid", `webhook: cannot read ${file} (${reason})`);
  }
}

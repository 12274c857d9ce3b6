import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { systemClock } from "../../clock.ts";
import { WarrenError } from "../../errors.ts";
import type { EventHub } from "../../events/event-hub.ts";
import { Webhook } from "../../events/webhooks/webhook.ts";
import { createWebhookClient } from "../../events/webhooks/webhook-client.ts";
import { parseWebhookSecret } from "../../events/webhooks/webhook-signature.ts";
import type { Logger } from "../../logger.ts";
import type { WebhookConfig } from "../config/join-server-config.ts";

/**
 * The webhooks of the configuration, subscribed to the hub.
 *
 * @throws WarrenError `configuration-invalid` naming the file of a secret or CA that cannot be used
 */
export function createWebhooks(
  configs: readonly WebhookConfig[],
  hub: EventHub,
  logger: Logger,
): Webhook[] {
  const senderName = randomBytes(4).toString("hex");
  return configs.map((config, index) => {
    const { url, caFile, timeoutMs, kinds, queueLength } = config;
    const ca = caFile === undefined ? undefined : readText(caFile);
    const webhook = new Webhook({
      // Two may go to one host, and a path may be a secret.
      name: `${index + 1}:${new URL(url).host}`,
      client: createWebhookClient({ url, ca, timeoutMs }),
      secret: readSecret(config.secretFile),
      kinds,
      queueLength,
      senderName,
      clock: systemClock,
      logger,
    });
    hub.subscribe((event) => webhook.receive(event));
    return webhook;
  });
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

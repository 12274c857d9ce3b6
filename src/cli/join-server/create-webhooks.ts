import { randomBytes } from "node:crypto";
import { systemClock } from "../../clock.ts";
import type { EventHub } from "../../events/event-hub.ts";
import { Webhook } from "../../events/webhooks/webhook.ts";
import { createWebhookClient } from "../../events/webhooks/webhook-client.ts";
import type { Logger } from "../../logger.ts";
import type { WebhookConfig } from "../config/join-server-config.ts";
import { readWebhookFiles } from "./webhook-files.ts";

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
    const { url, timeoutMs, kinds, queueLength } = config;
    const { secret, ca } = readWebhookFiles(config);
    const webhook = new Webhook({
      // Two may go to one host, and a path may be a secret.
      name: `${index + 1}:${new URL(url).host}`,
      client: createWebhookClient({ url, ca, timeoutMs }),
      secret,
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

import { createHmac } from "node:crypto";
import { WarrenError } from "../../errors.ts";

const PREFIX = "whsec_";
const SECRET_MIN_BYTES = 16;

/** What a receiver needs to be sure of a request; see standardwebhooks.com. */
export interface SignatureHeaders {
  /** The same for every attempt at the same request. */
  readonly "webhook-id": string;
  /** Seconds since 1970-01-01T00:00:00Z. */
  readonly "webhook-timestamp": string;
  /** `v1,` and HMAC-SHA256 in base64 over `<id>.<timestamp>.<body>`. */
  readonly "webhook-signature": string;
}

/**
 * The secret of a webhook: `whsec_` and base64, or any other text, whose UTF-8 it then is.
 *
 * @throws WarrenError `configuration-invalid` when it is too short
 */
export function parseWebhookSecret(text: string): Uint8Array {
  const isBase64 = text.startsWith(PREFIX);
  const secret = isBase64 ? Buffer.from(text.slice(PREFIX.length), "base64") : Buffer.from(text);
  if (secret.length < SECRET_MIN_BYTES) {
    throw new WarrenError(
      "configuration-invalid",
      `a webhook's secret needs at least ${SECRET_MIN_BYTES} bytes`,
    );
  }
  return secret;
}

/** @param sentAt epoch milliseconds */
export function signWebhook(
  secret: Uint8Array,
  id: string,
  sentAt: number,
  body: string,
): SignatureHeaders {
  const timestamp = `${Math.floor(sentAt / 1000)}`;
  const signature = createHmac("sha256", secret).update(`${id}.${timestamp}.${body}`);
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${signature.digest("base64")}`,
  };
}

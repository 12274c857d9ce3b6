import { Agent, request } from "../../http-request.ts";
import type { SignatureHeaders } from "./webhook-signature.ts";

/** What became of one attempt: undefined when the receiver has taken it, else why not. */
export type AttemptFailure = string | undefined;

/** Posts to one receiver. */
export interface WebhookClient {
  /** Never throws. */
  post(body: string, headers: SignatureHeaders, signal: AbortSignal): Promise<AttemptFailure>;
  close(): Promise<void>;
}

export interface WebhookTarget {
  readonly url: string;
  /** PEM; undefined: those the system trusts. */
  readonly ca: string | undefined;
  readonly timeoutMs: number;
}

/** Redirects are not followed: the events would go where nobody has configured. */
export function createWebhookClient({ url, ca, timeoutMs }: WebhookTarget): WebhookClient {
  const dispatcher = new Agent({ connections: 1, connect: { ...(ca && { ca }) } });
  return {
    async post(body, headers, signal) {
      try {
        const response = await request(url, {
          dispatcher,
          method: "POST",
          headers: { "content-type": "application/json", "user-agent": "warren", ...headers },
          body,
          // Of the whole attempt; the time-outs of undici itself are for its parts.
          signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        });
        await response.body.dump();
        const isTaken = response.statusCode >= 200 && response.statusCode < 300;
        return isTaken ? undefined : `HTTP ${response.statusCode}`;
      } catch (error) {
        return reasonOf(error);
      }
    },
    close: () => dispatcher.destroy(),
  };
}

/** A code or a name: messages of the system name the URL, which may hold a secret. */
function reasonOf(error: unknown): string {
  const { code, name } = error as NodeJS.ErrnoException;
  return typeof code === "string" ? code : (name ?? "failed");
}

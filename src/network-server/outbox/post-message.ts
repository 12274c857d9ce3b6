import type { ApplicationServerAddress } from "./application-server-address.ts";

/** For one request to an Application Server. */
const REQUEST_TIMEOUT_MS = 5_000;

/** What an Application Server has made of a request. */
export type PostOutcome =
  | { readonly body: string }
  /** In words for people; `status` unless it did not answer. */
  | { readonly problem: string; readonly status?: number };

/** Posts one JSON text. Never rejects. */
export async function postMessage(
  { url, token }: ApplicationServerAddress,
  path: string,
  body: string,
  stop: AbortSignal,
): Promise<PostOutcome> {
  try {
    const response = await fetch(`${url}${path}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body,
      signal: AbortSignal.any([stop, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
    });
    const text = await response.text();
    const { ok, status } = response;
    return ok
      ? { body: text }
      : { problem: `the Application Server answered HTTP ${status}${hintOf(status)}`, status };
  } catch {
    return { problem: "the Application Server does not answer" };
  }
}

function hintOf(status: number): string {
  return status === 401 ? ": it asks for another token than --application-server-token-file" : "";
}

import { ApiError } from "./api-error.ts";
import { defaults } from "./generated/warren-api.ts";

/** Told when the server no longer knows the session. */
let onSignedOut: () => void = () => undefined;
let csrfToken = "";

export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

/** What each request that changes something carries, so that no other site can send one. */
export function setCsrfToken(token: string): void {
  csrfToken = token;
}

/**
 * `fetch` with the session's cookie and CSRF token.
 *
 * @throws ApiError for every answer that is not a success, and when there is none
 */
export async function request(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if (init.method !== undefined && init.method !== "GET") headers.set("x-csrf-token", csrfToken);
  const response = await send(input, { ...init, headers, credentials: "same-origin" });
  if (response.ok) return response;
  const error = await errorOf(response);
  if (error.code === "unauthorized") onSignedOut();
  throw error;
}

async function send(input: RequestInfo | URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(input, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiError(
      0,
      "server-unreachable",
      "The Join Server does not answer. Check that it runs and that you are connected; this page goes on by itself.",
    );
  }
}

async function errorOf(response: Response): Promise<ApiError> {
  const problem = (await response.json().catch(() => ({}))) as { title?: string; detail?: string };
  const code = problem.title ?? `http-${response.status}`;
  return new ApiError(response.status, code, problem.detail ?? response.statusText);
}

defaults.baseUrl = "";
defaults.fetch = request;

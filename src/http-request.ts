import type { Dispatcher } from "undici";
import apiRequest from "undici/lib/api/api-request.js";
import errors from "undici/lib/core/errors.js";
import Agent from "undici/lib/dispatcher/agent.js";

// All of undici has caches, mocks, fetch and WebSockets too, and takes three times as long to load as a role or
// a command needs for HTTP/1.1.
export { Agent, errors };

/** As `request` of undici, which the package itself gives only together with all the rest. */
export function request(
  url: string,
  {
    dispatcher,
    ...options
  }: Omit<Dispatcher.RequestOptions, "origin" | "path"> & { readonly dispatcher: Dispatcher },
): Promise<Dispatcher.ResponseData> {
  const { origin, pathname, search } = new URL(url);
  return apiRequest.call(dispatcher, { ...options, origin, path: `${pathname}${search}` });
}

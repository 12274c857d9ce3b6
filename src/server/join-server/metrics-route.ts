import type { Registry } from "prom-client";
import type { HttpApp } from "../http-app.ts";

/** `GET /metrics` in the text format of Prometheus; `right` is what the caller needs, or `public`. */
export function addMetricsRoute(
  scope: HttpApp,
  registry: Registry,
  right: "report:read" | "public",
): void {
  scope.get("/metrics", { config: { right } }, async (_request, reply) => {
    // Not by returning it: the text is no JSON.
    const text = await registry.metrics();
    return reply.type(registry.contentType).send(text);
  });
}

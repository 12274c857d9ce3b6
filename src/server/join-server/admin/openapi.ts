import swagger from "@fastify/swagger";
import type { FastifySchema, RouteOptions } from "fastify";
import { type Right, rolesWith } from "../../../join-server/access/rights.ts";
import type { HttpApp } from "../../http-app.ts";
import {
  completeAnswers,
  hoistTitledSchemas,
  type JsonObject,
  operationIdOf,
} from "../../openapi/openapi-document.ts";
import { SESSION_COOKIE } from "../console/session-cookie.ts";
import { CSRF_HEADER } from "./authenticate-request.ts";
import type { RouteAccess } from "./route-access.ts";
import { Problem } from "./schemas/common.ts";

/** Where the administration API begins. */
export const API_PREFIX = "/api/v1";

const DESCRIPTION = `
Devices, peers and access of a Warren Join Server. Root keys go in and never come out, but wrapped for
whom a key officer says. Every change and every key read is in the audit log.

Writes can be repeated: PUT names what it makes, so no Idempotency-Key is needed; a batch finds what is
there already. A device has its version as ETag: with If-Match a change is refused (412) when somebody else
was faster. Lists have \`limit\` and \`after\`, and say with \`next\` where they go on.`.trim();

/** Makes the OpenAPI 3.1 document from the routes that are added after this. */
export function describeRoutes(app: HttpApp): void {
  app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "Warren Join Server: administration", version: "1", description: DESCRIPTION },
      servers: [{ url: "/" }],
      components: {
        securitySchemes: {
          bearer: {
            type: "http",
            scheme: "bearer",
            description: "an API token (POST /api/v1/tokens), or the one in the file admin-token",
          },
          session: {
            type: "apiKey",
            in: "cookie",
            name: SESSION_COOKIE,
            description:
              "of a browser that has signed in (POST /api/v1/session); every request but GET and HEAD then has " +
              `the header ${CSRF_HEADER} with the csrfToken of the session`,
          },
        },
      },
    },
    convertConstToEnum: false,
    transform: ({ schema, url, route }) => ({ url, schema: describeRoute(schema, url, route) }),
  });
}

/** `GET /openapi.json`. */
export function addOpenApiRoute(scope: HttpApp, app: HttpApp): void {
  let document: JsonObject | undefined;
  scope.get(
    "/openapi.json",
    {
      config: { right: "public" },
      schema: { tags: ["access"], summary: "This document" },
    },
    (_request, reply) => {
      document ??= finish(app.swagger() as unknown as JsonObject);
      return reply.send(document);
    },
  );
}

function finish(document: JsonObject): JsonObject {
  const problems = completeAnswers(document, "#/components/responses/Problem");
  const components = problems["components"] as JsonObject;
  return hoistTitledSchemas({
    ...problems,
    components: {
      ...components,
      responses: {
        Problem: {
          description: "a refusal, as problem details (RFC 9457)",
          content: {
            "application/problem+json": {
              schema: Problem,
              example: {
                type: "urn:warren:error:device-unknown",
                title: "device-unknown",
                status: 404,
                detail: "no device has the DevEUI 0102030405060708",
              },
            },
          },
        },
      },
    },
  });
}

function describeRoute(
  schema: FastifySchema | undefined,
  url: string,
  route: RouteOptions,
): FastifySchema {
  const right = route.config?.right;
  const method = String(route.method);
  if (right === undefined) return { ...schema, hide: true } as FastifySchema;
  const { description, tags } = (schema ?? {}) as { description?: string; tags?: string[] };
  const roles = rolesOf(right);
  return {
    ...schema,
    tags: tags ?? ["import, export, events"],
    operationId: operationIdOf(method, url.replace(API_PREFIX, "")),
    description: [description, roles.text].filter(Boolean).join("\n\n"),
    security: securityOf(route),
    "x-right": right,
    "x-roles": roles.names,
  } as FastifySchema;
}

function securityOf({ config }: RouteOptions): Record<string, string[]>[] {
  if (config?.right === "public") return [];
  return config?.bearerOnly === true ? [{ bearer: [] }] : [{ bearer: [] }, { session: [] }];
}

function rolesOf(right: RouteAccess): { names: readonly string[]; text: string } {
  if (right === "public") return { names: [], text: "Needs no token." };
  if (right === "any-token") return { names: [], text: "Needs any valid token." };
  const names = rolesWith(right as Right);
  return { names, text: `Roles: ${names.join(", ")} (right ${right}).` };
}

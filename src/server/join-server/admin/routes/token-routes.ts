import { Type } from "typebox";
import { WarrenError } from "../../../../errors.ts";
import { RIGHTS_OF_ROLE } from "../../../../join-server/access/rights.ts";
import type { ApiToken } from "../../../../join-server/ports/token-store.ts";
import { formatTime } from "../../../format-time.ts";
import type { HttpApp } from "../../../http-app.ts";
import type { AdminServices } from "../admin-services.ts";
import { callerOf } from "../route-access.ts";
import { Next } from "../schemas/common.ts";
import {
  ListQuery,
  NewTokenView,
  TokenBody,
  TokenParams,
  TokenView,
  WhoAmIView,
} from "../schemas/other-schemas.ts";
import { pageOf } from "./paging.ts";

const TAGS = ["access"];

export function addTokenRoutes(scope: HttpApp, { tokens }: AdminServices): void {
  scope.get(
    "/whoami",
    {
      config: { right: "any-token" },
      schema: {
        tags: TAGS,
        summary: "Whose token this is and what it may do",
        response: { 200: WhoAmIView },
      },
    },
    (request) => {
      const { actor, name, role, expiresAt } = callerOf(request);
      const rights = [...RIGHTS_OF_ROLE[role]];
      return { actor, name, role, rights, expiresAt: formatTime(expiresAt) };
    },
  );
  scope.get(
    "/tokens",
    {
      config: { right: "token:read" },
      schema: {
        tags: TAGS,
        summary: "API tokens, oldest first; never their text",
        querystring: ListQuery,
        response: { 200: Type.Object({ tokens: Type.Array(TokenView), next: Next }) },
      },
    },
    async (request) => {
      const { items, next } = pageOf(await tokens.list(), ({ id }) => id, request.query);
      return { tokens: items.map(describeToken), next };
    },
  );
  scope.get(
    "/tokens/:tokenId",
    {
      config: { right: "token:read" },
      schema: {
        tags: TAGS,
        summary: "One API token",
        params: TokenParams,
        response: { 200: TokenView },
      },
    },
    async (request) => describeToken(await tokens.get(request.params.tokenId.toLowerCase())),
  );
  scope.post(
    "/tokens",
    {
      config: { right: "token:manage" },
      schema: {
        tags: TAGS,
        summary: "Make an API token",
        description: "The answer is the only one that ever has its text: keep it now.",
        body: TokenBody,
        response: { 201: NewTokenView },
      },
    },
    async (request, reply) => {
      const { name, role, expiresAt } = request.body;
      const { token, text } = await tokens.create(
        { name, role, expiresAt: expiresAt === undefined ? undefined : parseTime(expiresAt) },
        callerOf(request).actor,
      );
      return reply.code(201).send({ ...describeToken(token), token: text });
    },
  );
  scope.delete(
    "/tokens/:tokenId",
    {
      config: { right: "token:manage" },
      schema: {
        tags: TAGS,
        summary: "Revoke an API token; other processes follow within two seconds",
        description: "All may be revoked: the token in the file admin-token stays.",
        params: TokenParams,
        response: { 204: Type.Null({ description: "revoked" }) },
      },
    },
    async (request, reply) => {
      await tokens.revoke(request.params.tokenId.toLowerCase(), callerOf(request).actor);
      return reply.code(204).send(null);
    },
  );
}

function describeToken({ id, name, role, createdAt, expiresAt }: ApiToken) {
  const created = formatTime(createdAt);
  return { id, name, role, createdAt: created, expiresAt: formatTime(expiresAt) };
}

/** @throws WarrenError `request-malformed` for a day or an hour that there is not */
function parseTime(text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) {
    throw new WarrenError("request-malformed", "expiresAt is no time; write 2027-01-31T00:00:00Z");
  }
  return time;
}

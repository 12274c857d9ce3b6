import { Type } from "typebox";
import {
  formatJoinEuiRange,
  type JoinEuiRange,
  parseJoinEuiRange,
} from "../../../../join-server/join-eui-range.ts";
import type { HttpApp } from "../../../http-app.ts";
import type { AdminServices } from "../admin-services.ts";
import { callerOf } from "../route-access.ts";
import { Next } from "../schemas/common.ts";
import { ListQuery, RangeParams, RangeView } from "../schemas/other-schemas.ts";
import { pageOf } from "./paging.ts";

const TAGS = ["JoinEUI ranges"];

export function addJoinEuiRangeRoutes(scope: HttpApp, { peers }: AdminServices): void {
  scope.get(
    "/join-eui-ranges",
    {
      config: { right: "peer:read" },
      schema: {
        tags: TAGS,
        summary: "JoinEUIs that are served here; every one while there is no range",
        querystring: ListQuery,
        response: { 200: Type.Object({ joinEuiRanges: Type.Array(RangeView), next: Next }) },
      },
    },
    async (request) => {
      const all = await peers.listJoinEuiRanges();
      const { items, next } = pageOf(all, formatJoinEuiRange, request.query);
      return { joinEuiRanges: items, next };
    },
  );
  scope.put(
    "/join-eui-ranges/:first/:bits",
    {
      config: { right: "peer:write" },
      schema: {
        tags: TAGS,
        summary: "Serve the JoinEUIs that begin with these bits",
        params: RangeParams,
        response: { 200: RangeView, 201: RangeView },
      },
    },
    async (request, reply) => {
      const range = readRange(request.params);
      const isNew = await peers.putJoinEuiRange(range, callerOf(request).actor);
      if (isNew) return reply.code(201).send(range);
      return reply.code(200).send(range);
    },
  );
  scope.delete(
    "/join-eui-ranges/:first/:bits",
    {
      config: { right: "peer:write" },
      schema: {
        tags: TAGS,
        summary: "Serve these JoinEUIs no longer; without any range left every one is served",
        params: RangeParams,
        response: { 204: Type.Null({ description: "erased" }) },
      },
    },
    async (request, reply) => {
      await peers.deleteJoinEuiRange(readRange(request.params), callerOf(request).actor);
      return reply.code(204).send(null);
    },
  );
}

function readRange({ first, bits }: { first: string; bits: number }): JoinEuiRange {
  return parseJoinEuiRange(`${first}/${bits}`);
}

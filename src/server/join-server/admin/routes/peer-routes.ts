import { Type } from "typebox";
import type { ApplicationServerPeer, NetworkServerPeer } from "../../../../join-server/peers.ts";
import { parseNetId } from "../../../../lorawan/identifiers.ts";
import type { HttpApp } from "../../../http-app.ts";
import type { AdminServices } from "../admin-services.ts";
import { readApplicationServer, readNetworkServer } from "../read/peer-body.ts";
import { callerOf } from "../route-access.ts";
import { AsIdParams, NetIdParams, Next } from "../schemas/common.ts";
import { ListQuery } from "../schemas/other-schemas.ts";
import {
  ApplicationServerBody,
  ApplicationServerPatch,
  ApplicationServerView,
  NetworkServerBody,
  NetworkServerPatch,
  NetworkServerView,
} from "../schemas/peer-schemas.ts";
import { describeApplicationServer, describeNetworkServer } from "../views/describe-peer.ts";
import { pageOf } from "./paging.ts";

const TAGS = ["peers"];
const PUT_DESCRIPTION =
  "What is left out gets its default. KEK, token and authorization go in and never come out.";
const PATCH_DESCRIPTION =
  "What is left out stays, secrets too; `route` and the like change as a whole.";
const Deleted = { 204: Type.Null({ description: "erased" }) };

export function addNetworkServerRoutes(scope: HttpApp, { peers, contacts }: AdminServices): void {
  const describe = (peer: NetworkServerPeer) =>
    describeNetworkServer(peer, contacts.ofNetworkServer(peer.netId));
  scope.get(
    "/network-servers",
    {
      config: { right: "peer:read" },
      schema: {
        tags: TAGS,
        summary: "Network Servers that may ask for their devices",
        querystring: ListQuery,
        response: {
          200: Type.Object({ networkServers: Type.Array(NetworkServerView), next: Next }),
        },
      },
    },
    async (request) => {
      const all = await peers.listNetworkServers();
      const { items, next } = pageOf(all, ({ netId }) => netId, request.query);
      return { networkServers: items.map(describe), next };
    },
  );
  scope.get(
    "/network-servers/:netId",
    {
      config: { right: "peer:read" },
      schema: {
        tags: TAGS,
        summary: "One Network Server",
        params: NetIdParams,
        response: { 200: NetworkServerView },
      },
    },
    async (request) => describe(await peers.getNetworkServer(parseNetId(request.params.netId))),
  );
  scope.put(
    "/network-servers/:netId",
    {
      config: { right: "peer:write" },
      schema: {
        tags: TAGS,
        summary: "Add or replace a Network Server",
        description: PUT_DESCRIPTION,
        params: NetIdParams,
        body: NetworkServerBody,
        response: { 200: NetworkServerView, 201: NetworkServerView },
      },
    },
    async (request, reply) => {
      const netId = parseNetId(request.params.netId);
      const peer = readNetworkServer(netId, request.body, undefined);
      const isNew = await peers.putNetworkServer(peer, callerOf(request).actor);
      if (isNew) return reply.code(201).send(describe(peer));
      return reply.code(200).send(describe(peer));
    },
  );
  scope.patch(
    "/network-servers/:netId",
    {
      config: { right: "peer:write" },
      schema: {
        tags: TAGS,
        summary: "Change some settings of a Network Server",
        description: PATCH_DESCRIPTION,
        params: NetIdParams,
        body: NetworkServerPatch,
        response: { 200: NetworkServerView },
      },
    },
    async (request) => {
      const netId = parseNetId(request.params.netId);
      const peer = readNetworkServer(netId, request.body, await peers.getNetworkServer(netId));
      await peers.putNetworkServer(peer, callerOf(request).actor);
      return describe(peer);
    },
  );
  scope.delete(
    "/network-servers/:netId",
    {
      config: { right: "peer:write" },
      schema: {
        tags: TAGS,
        summary: "Erase a Network Server; its devices stay and nobody may ask for them",
        params: NetIdParams,
        response: Deleted,
      },
    },
    async (request, reply) => {
      const netId = parseNetId(request.params.netId);
      await peers.deleteNetworkServer(netId, callerOf(request).actor);
      return reply.code(204).send(null);
    },
  );
}

export function addApplicationServerRoutes(
  scope: HttpApp,
  { peers, contacts }: AdminServices,
): void {
  const describe = (peer: ApplicationServerPeer) =>
    describeApplicationServer(peer, contacts.ofApplicationServer(peer.asId));
  scope.get(
    "/application-servers",
    {
      config: { right: "peer:read" },
      schema: {
        tags: TAGS,
        summary: "Application Servers that may ask for AppSKeys of their devices",
        querystring: ListQuery,
        response: {
          200: Type.Object({ applicationServers: Type.Array(ApplicationServerView), next: Next }),
        },
      },
    },
    async (request) => {
      const all = await peers.listApplicationServers();
      const { items, next } = pageOf(all, ({ asId }) => asId, request.query);
      return { applicationServers: items.map(describe), next };
    },
  );
  scope.get(
    "/application-servers/:asId",
    {
      config: { right: "peer:read" },
      schema: {
        tags: TAGS,
        summary: "One Application Server",
        params: AsIdParams,
        response: { 200: ApplicationServerView },
      },
    },
    async (request) => describe(await peers.getApplicationServer(request.params.asId)),
  );
  scope.put(
    "/application-servers/:asId",
    {
      config: { right: "peer:write" },
      schema: {
        tags: TAGS,
        summary: "Add or replace an Application Server",
        description: PUT_DESCRIPTION,
        params: AsIdParams,
        body: ApplicationServerBody,
        response: { 200: ApplicationServerView, 201: ApplicationServerView },
      },
    },
    async (request, reply) => {
      const peer = readApplicationServer(request.params.asId, request.body, undefined);
      const isNew = await peers.putApplicationServer(peer, callerOf(request).actor);
      if (isNew) return reply.code(201).send(describe(peer));
      return reply.code(200).send(describe(peer));
    },
  );
  scope.patch(
    "/application-servers/:asId",
    {
      config: { right: "peer:write" },
      schema: {
        tags: TAGS,
        summary: "Change some settings of an Application Server",
        description: PATCH_DESCRIPTION,
        params: AsIdParams,
        body: ApplicationServerPatch,
        response: { 200: ApplicationServerView },
      },
    },
    async (request) => {
      const { asId } = request.params;
      const peer = readApplicationServer(
        asId,
        request.body,
        await peers.getApplicationServer(asId),
      );
      await peers.putApplicationServer(peer, callerOf(request).actor);
      return describe(peer);
    },
  );
  scope.delete(
    "/application-servers/:asId",
    {
      config: { right: "peer:write" },
      schema: {
        tags: TAGS,
        summary: "Erase an Application Server; its devices stay and nobody gets their AppSKeys",
        params: AsIdParams,
        response: Deleted,
      },
    },
    async (request, reply) => {
      await peers.deleteApplicationServer(request.params.asId, callerOf(request).actor);
      return reply.code(204).send(null);
    },
  );
}

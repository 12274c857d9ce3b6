import type { FastifyReply, FastifyRequest } from "fastify";
import { Type } from "typebox";
import { WarrenError } from "../../../../errors.ts";
import type { Device } from "../../../../join-server/device.ts";
import type { DeviceQuery } from "../../../../join-server/ports/device-store.ts";
import { parseEui64 } from "../../../../lorawan/identifiers.ts";
import type { HttpApp } from "../../../http-app.ts";
import type { AdminServices } from "../admin-services.ts";
import { readDeviceQuery, readPatch, readRootKeys, readSettings } from "../read/device-body.ts";
import { callerOf } from "../route-access.ts";
import { DevEuiParams } from "../schemas/common.ts";
import { DevicePageView, DeviceView } from "../schemas/device-answers.ts";
import { DeviceBody, DeviceListQuery, DevicePatch } from "../schemas/device-schemas.ts";
import { DeviceSummaryPageView } from "../schemas/device-summary-schemas.ts";
import { describeDevice, describeGivenDevice } from "../views/describe-device.ts";
import { describeSummary } from "../views/describe-summary.ts";

const PreconditionHeaders = Type.Object({
  "if-match": Type.Optional(
    Type.String({ maxLength: 64, description: "the ETag the change was made from; else 412" }),
  ),
});
const PutHeaders = Type.Object({
  ...PreconditionHeaders.properties,
  "if-none-match": Type.Optional(
    Type.String({ maxLength: 64, description: "* creates only; a known device is a 412" }),
  ),
});
const TAGS = ["devices"];

export function addDeviceRoutes(scope: HttpApp, { administration, overview }: AdminServices): void {
  scope.get(
    "/devices",
    {
      config: { right: "device:read" },
      schema: {
        tags: TAGS,
        summary: "Devices in the order of their DevEUI",
        querystring: DeviceListQuery,
        response: { 200: DevicePageView },
      },
    },
    async (request) => {
      const { query, limit, after } = readList(request.query);
      const page = await administration.findDevices(query, limit, after);
      return {
        devices: page.devices.map(describeDevice),
        next: page.next ?? null,
        total: isOfAll(query) ? await overview.totalDevices() : null,
      };
    },
  );
  scope.get(
    "/device-summaries",
    {
      config: { right: "device:read" },
      schema: {
        tags: TAGS,
        summary: "What a list shows of devices, in the order of their DevEUI",
        description:
          "Finds the same as GET /devices at a small part of the cost, since no key has to be opened for it.",
        querystring: DeviceListQuery,
        response: { 200: DeviceSummaryPageView },
      },
    },
    async (request) => {
      const { query, limit, after } = readList(request.query);
      const page = await administration.findDeviceSummaries(query, limit, after);
      return {
        devices: page.devices.map(describeSummary),
        next: page.next ?? null,
        total: isOfAll(query) ? await overview.totalDevices() : null,
      };
    },
  );
  scope.get(
    "/devices/:devEui",
    {
      config: { right: "device:read" },
      schema: {
        tags: TAGS,
        summary: "One device: settings, nonces, sessions, update; fingerprints for keys",
        params: DevEuiParams,
        response: { 200: DeviceView },
      },
    },
    async (request, reply) => {
      const device = await administration.getDevice(parseEui64(request.params.devEui));
      return withEtag(reply, device).send(describeDevice(device));
    },
  );
  scope.put(
    "/devices/:devEui",
    {
      config: { right: "device:write", takesIfMatch: true },
      schema: {
        tags: TAGS,
        summary: "Create a device, or change all settings of a known one",
        description:
          "What is left out gets its default. The same again changes nothing. Root keys, JoinEUI and " +
          "version of a known device must be those on record, else 409; after a root key update the " +
          "factory keys are gone and are not compared.",
        params: DevEuiParams,
        headers: PutHeaders,
        body: DeviceBody,
        response: { 200: DeviceView, 201: DeviceView },
      },
    },
    async (request, reply) => {
      const settings = readSettings(request.params.devEui, request.body);
      const { device, isNew } = await administration.putDevice(
        settings,
        readRootKeys(request.body),
        { ...changeOf(request), ifAbsent: isForNewOnly(request) },
      );
      withEtag(reply, device);
      // Another status for each, or nobody could tell whether the PUT has made anything.
      const view = describeGivenDevice(device, await administration.doubtsAbout(device));
      if (isNew) return reply.code(201).send(view);
      return reply.code(200).send(view);
    },
  );
  scope.patch(
    "/devices/:devEui",
    {
      config: { right: "device:write", takesIfMatch: true },
      schema: {
        tags: TAGS,
        summary: "Change some settings; what is left out stays",
        params: DevEuiParams,
        headers: PreconditionHeaders,
        body: DevicePatch,
        response: { 200: DeviceView },
      },
    },
    async (request, reply) => {
      const devEui = parseEui64(request.params.devEui);
      const device = await administration.patchDevice(
        devEui,
        readPatch(request.body),
        changeOf(request),
      );
      return withEtag(reply, device).send(describeDevice(device));
    },
  );
  scope.delete(
    "/devices/:devEui",
    {
      config: { right: "device:write" },
      schema: {
        tags: TAGS,
        summary: "Erase a device with its keys",
        description:
          "Its nonces stay, so that no old Join-request is accepted should it come back.",
        params: DevEuiParams,
        response: { 204: Type.Null({ description: "erased" }) },
      },
    },
    async (request, reply) => {
      const { actor } = callerOf(request);
      await administration.deleteDevice(parseEui64(request.params.devEui), actor);
      return reply.code(204).send(null);
    },
  );
}

/** What a list is asked for. @throws WarrenError `request-malformed` */
function readList(given: DeviceListQuery) {
  const { limit = 100, after } = given;
  const query = readDeviceQuery(given);
  return { query, limit, after: after === undefined ? undefined : parseEui64(after) };
}

function isOfAll(query: DeviceQuery): boolean {
  return Object.keys(query).length === 0;
}

/** The version of a device as its ETag (RFC 9110 §8.8.3). */
export function withEtag<R extends FastifyReply | { header(name: string, value: string): unknown }>(
  reply: R,
  device: Device,
): R {
  reply.header("etag", `"${device.version}"`);
  return reply;
}

/** Who changes, and what If-Match says they have seen. @throws WarrenError `request-malformed` */
export function changeOf(request: FastifyRequest): {
  actor: string;
  ifVersion: number | undefined;
} {
  const { actor } = callerOf(request);
  const ifMatch = request.headers["if-match"];
  if (ifMatch === undefined) return { actor, ifVersion: undefined };
  const [, version] = /^"(\d{1,15})"$/.exec(ifMatch) ?? [];
  if (version === undefined) {
    throw new WarrenError("request-malformed", 'If-Match is an ETag of the device, such as "7"');
  }
  return { actor, ifVersion: Number(version) };
}

/** @throws WarrenError `request-malformed` */
function isForNewOnly(request: FastifyRequest): boolean {
  const header = request.headers["if-none-match"];
  if (header === undefined || header === "*") return header === "*";
  throw new WarrenError("request-malformed", "If-None-Match may only be *");
}

import type { FastifyBaseLogger } from "fastify";
import type { LabelledKek } from "../../backend/key-envelope.ts";
import { importKek } from "../../crypto/key-wrap.ts";
import type { Administration } from "../../join-server/administration.ts";
import { DEFAULT_DEVICE_SETTINGS, type DeviceSettings } from "../../join-server/device.ts";
import { DEFAULT_PEER_SETTINGS, plainRoute } from "../../join-server/peers.ts";
import type { JoinServerStore } from "../../join-server/ports/join-server-store.ts";
import { parseHex } from "../../lorawan/hex.ts";
import { parseEui64, parseNetId } from "../../lorawan/identifiers.ts";
import { parseMacVersion } from "../../lorawan/mac-version.ts";
import { parseSuite, type Suite } from "../../root-key/suite.ts";
import { requireAdminToken } from "../admin-token.ts";
import { DevEuiParams, DevicePageQuery } from "../device-params.ts";
import { createHttpApp, type HttpApp } from "../http-app.ts";
import { parseKey } from "../parse-key.ts";
import { describeDevice, describeUpdate } from "./describe-device.ts";
import {
  ApplicationServerBody,
  AsIdParams,
  DeviceBody,
  NetIdParams,
  NetworkServerBody,
  StartUpdateBody,
} from "./schemas.ts";

export interface AdminAppOptions {
  readonly administration: Administration;
  readonly store: JoinServerStore;
  readonly adminToken: string;
  readonly logger: FastifyBaseLogger;
}

/** The administration API under `/api/v1`. Keys go in and never come out: fingerprints do. */
export function createAdminApp(options: AdminAppOptions): HttpApp {
  const app = createHttpApp(options.logger);
  app.register(
    (scope: HttpApp, _options, done) => {
      requireAdminToken(scope, options.adminToken);
      addPeerRoutes(scope, options.store);
      addDeviceRoutes(scope, options.administration);
      addUpdateRoutes(scope, options.administration);
      done();
    },
    { prefix: "/api/v1" },
  );
  return app;
}

function addPeerRoutes(scope: HttpApp, store: JoinServerStore): void {
  scope.put(
    "/network-servers/:netId",
    { schema: { params: NetIdParams, body: NetworkServerBody } },
    async (request, reply) => {
      const netId = parseNetId(request.params.netId);
      const { url, ...given } = request.body;
      const kek = parseKek(given, netId);
      await store.saveNetworkServer({
        ...DEFAULT_PEER_SETTINGS,
        netId,
        kek,
        route: url === undefined ? undefined : plainRoute(url),
        relaysRootKeyUpdates: url !== undefined,
      });
      return reply.code(200).send({ netId, url: url ?? null, kekLabel: kek.label });
    },
  );
  scope.put(
    "/application-servers/:asId",
    { schema: { params: AsIdParams, body: ApplicationServerBody } },
    async (request, reply) => {
      const { asId } = request.params;
      const { appSKeyDelivery = "both", ...given } = request.body;
      const kek = parseKek(given, asId);
      await store.saveApplicationServer({ ...DEFAULT_PEER_SETTINGS, asId, appSKeyDelivery, kek });
      return reply.code(200).send({ asId, appSKeyDelivery, kekLabel: kek.label });
    },
  );
}

function addDeviceRoutes(scope: HttpApp, administration: Administration): void {
  scope.put(
    "/devices/:devEui",
    { schema: { params: DevEuiParams, body: DeviceBody } },
    async (request, reply) => {
      const { nwkKey, appKey, ...given } = request.body;
      const settings: DeviceSettings = {
        ...DEFAULT_DEVICE_SETTINGS,
        devEui: parseEui64(request.params.devEui),
        joinEui: parseEui64(given.joinEui),
        macVersion: parseMacVersion(given.macVersion),
        homeNetId: parseNetId(given.homeNetId),
        asId: given.asId,
        suite: suiteOf(given.suite) ?? DEFAULT_DEVICE_SETTINGS.suite,
        minimumUpdatePeriodMs:
          given.minimumUpdatePeriodMs ?? DEFAULT_DEVICE_SETTINGS.minimumUpdatePeriodMs,
      };
      const keys = { nwkKey: parseKey(nwkKey), appKey: appKey ? parseKey(appKey) : undefined };
      const { device, isNew } = await administration.putDevice(settings, keys, {
        actor: "file-token",
      });
      return reply.code(isNew ? 201 : 200).send(describeDevice(device));
    },
  );
  scope.get("/devices/:devEui", { schema: { params: DevEuiParams } }, async (request) =>
    describeDevice(await administration.getDevice(parseEui64(request.params.devEui))),
  );
  scope.get("/devices", { schema: { querystring: DevicePageQuery } }, async (request) => {
    const { limit = 100, after } = request.query;
    const { devices, next } = await administration.findDevices(
      {},
      limit,
      after ? parseEui64(after) : undefined,
    );
    return { devices: devices.map(describeDevice), next: next ?? null };
  });
}

function addUpdateRoutes(scope: HttpApp, administration: Administration): void {
  acceptEmptyJson(scope);
  scope.post(
    "/devices/:devEui/root-key-update",
    {
      schema: { params: DevEuiParams, body: StartUpdateBody },
      // Every member is optional, so the whole body is.
      preValidation: (request, _reply, done) => {
        request.body ??= {};
        done();
      },
    },
    async (request, reply) => {
      const { device, isDelivered } = await administration.updates.start(
        parseEui64(request.params.devEui),
        suiteOf(request.body.suite),
        "file-token",
      );
      return reply.code(202).send({ ...describeUpdate(device), isDelivered });
    },
  );
  scope.delete(
    "/devices/:devEui/root-key-update",
    { schema: { params: DevEuiParams } },
    async (request) =>
      describeDevice(
        await administration.updates.abort(parseEui64(request.params.devEui), "file-token"),
      ),
  );
}

/** Takes an empty body that calls itself JSON, as HTTP clients send for "no body", as no body. */
function acceptEmptyJson(scope: HttpApp): void {
  const parse = scope.getDefaultJsonParser("error", "error");
  scope.addContentTypeParser<string>(
    "application/json",
    { parseAs: "string" },
    (request, body, done) => {
      if (body === "") done(null, undefined);
      else void parse(request, body, done);
    },
  );
}

function suiteOf(name: string | undefined): Suite | undefined {
  return name === undefined ? undefined : parseSuite(name);
}

/** A KEK without a label is known by the peer's own name, as brocaar/lorawan does it. */
function parseKek(given: { kekLabel?: string; kek: string }, defaultLabel: string): LabelledKek {
  return { label: given.kekLabel ?? defaultLabel, kek: importKek(parseHex(given.kek)) };
}

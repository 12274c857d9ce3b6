import { type Static, Type } from "typebox";
import { type Eui64, parseDevAddr, parseEui64 } from "../../lorawan/identifiers.ts";
import { parseMacVersion } from "../../lorawan/mac-version.ts";
import type { Administration, DeviceRecord } from "../../network-server/administration.ts";
import type { GatewayRegistry } from "../../network-server/gateway/gateway-registry.ts";
import { DevEuiParams, DevicePageQuery } from "../device-params.ts";
import { formatTime } from "../format-time.ts";
import { hexOf } from "../hex-schemas.ts";
import type { HttpApp } from "../http-app.ts";
import { parseKey } from "../parse-key.ts";
import { describeDevice } from "./describe-device.ts";

const deviceMembers = {
  macVersion: Type.String({ maxLength: 16 }),
  joinEui: hexOf(8),
  asId: Type.String({ minLength: 1, maxLength: 128 }),
  abp: Type.Optional(
    Type.Object(
      {
        devAddr: hexOf(4),
        fNwkSIntKey: hexOf(16),
        sNwkSIntKey: Type.Optional(hexOf(16)),
        nwkSEncKey: Type.Optional(hexOf(16)),
      },
      { additionalProperties: false },
    ),
  ),
};

const DeviceBody = Type.Object(deviceMembers, { additionalProperties: false });

const DeviceBatchBody = Type.Object(
  {
    devices: Type.Array(
      Type.Object({ devEui: hexOf(8), ...deviceMembers }, { additionalProperties: false }),
      { minItems: 1, maxItems: 1_000 },
    ),
  },
  { additionalProperties: false },
);
/** Enough for the longest batch. */
const BATCH_BODY_BYTES = 2_000_000;

const ForceRejoinBody = Type.Object(
  { rejoinType: Type.Union([Type.Literal(0), Type.Literal(1), Type.Literal(2)]) },
  { additionalProperties: false },
);

/** Devices and gateways, for the operator. */
export function addAdministrationRoutes(
  api: HttpApp,
  administration: Administration,
  gateways: GatewayRegistry,
): void {
  api.get("/devices", { schema: { querystring: DevicePageQuery } }, (request) => {
    const { after, limit } = request.query;
    const from = after === undefined ? undefined : parseEui64(after);
    return { devices: administration.listDevices(from, limit).map(describeDevice) };
  });

  api.post(
    "/devices/batch",
    { schema: { body: DeviceBatchBody }, bodyLimit: BATCH_BODY_BYTES },
    (request) => {
      const records = request.body.devices.map(({ devEui, ...body }) =>
        readRecord(parseEui64(devEui), body),
      );
      return { count: administration.putDevices(records).length };
    },
  );

  api.get("/devices/:devEui", { schema: { params: DevEuiParams } }, (request) =>
    describeDevice(administration.getDevice(parseEui64(request.params.devEui))),
  );

  api.put("/devices/:devEui", { schema: { params: DevEuiParams, body: DeviceBody } }, (request) => {
    const devEui = parseEui64(request.params.devEui);
    const device = administration.putDevice(readRecord(devEui, request.body));
    return describeDevice(device);
  });

  api.post(
    "/devices/:devEui/force-rejoin",
    { schema: { params: DevEuiParams, body: ForceRejoinBody } },
    (request, reply) => {
      const devEui = parseEui64(request.params.devEui);
      administration.forceRejoin(devEui, request.body.rejoinType);
      return reply.code(202).send({});
    },
  );

  api.post(
    "/devices/:devEui/root-key-update",
    { schema: { params: DevEuiParams } },
    async (request, reply) => {
      const devEui = parseEui64(request.params.devEui);
      const updateId = await administration.askRootKeyUpdate(devEui);
      return reply.code(202).send({ updateId });
    },
  );

  api.get("/gateways", () => ({
    gateways: gateways.list().map((gateway) => ({
      gatewayEui: gateway.gatewayEui,
      lastSeenAt: formatTime(gateway.lastSeenAt),
      canTransmit: gateway.downlinkAddress !== undefined,
      uplinkCount: gateway.uplinkCount,
      downlinkCount: gateway.downlinkCount,
    })),
  }));
}

/** @throws WarrenError `text-malformed` */
function readRecord(devEui: Eui64, body: Static<typeof DeviceBody>): DeviceRecord {
  const { macVersion, joinEui, asId, abp } = body;
  return {
    devEui,
    joinEui: parseEui64(joinEui),
    macVersion: parseMacVersion(macVersion),
    asId,
    ...(abp !== undefined && {
      abp: {
        devAddr: parseDevAddr(abp.devAddr),
        fNwkSIntKey: parseKey(abp.fNwkSIntKey),
        ...(abp.sNwkSIntKey !== undefined && { sNwkSIntKey: parseKey(abp.sNwkSIntKey) }),
        ...(abp.nwkSEncKey !== undefined && { nwkSEncKey: parseKey(abp.nwkSEncKey) }),
      },
    }),
  };
}

import { randomUUID } from "node:crypto";
import { type Eui64, parseEui64 } from "../../lorawan/identifiers.ts";
import type { Simulator } from "../../simulator/simulator.ts";
import { DevEuiParams, DevicePageQuery } from "../device-params.ts";
import type { HttpApp } from "../http-app.ts";
import { describeDevice, summarizeDevice } from "./describe-device.ts";
import { readDeviceBody } from "./read-device-body.ts";
import { DeviceBatchBody, DeviceBody, RejoinBody, UplinkBody } from "./schemas.ts";

/** Enough for the longest batch. */
const BATCH_BODY_BYTES = 2_000_000;

/** Devices: made, shown and told what to do. Keys go in once and never come out. */
export function addDeviceRoutes(api: HttpApp, simulator: Simulator): void {
  const describe = (devEui: Eui64) =>
    describeDevice(simulator.device(devEui), simulator.steps.of(devEui));

  api.get("/devices", { schema: { querystring: DevicePageQuery } }, (request) => {
    const { after, limit = 1_000 } = request.query;
    const page = simulator.listDevices(after === undefined ? "" : parseEui64(after), limit);
    return { devices: page.map(summarizeDevice) };
  });

  api.post(
    "/devices/batch",
    { schema: { body: DeviceBatchBody }, bodyLimit: BATCH_BODY_BYTES },
    (request) => {
      const placed = request.body.devices.map(({ devEui, ...body }) =>
        readDeviceBody(parseEui64(devEui), body),
      );
      return { devices: simulator.putDevices(placed).map(summarizeDevice) };
    },
  );

  api.get("/devices/:devEui", { schema: { params: DevEuiParams } }, (request) =>
    describe(parseEui64(request.params.devEui)),
  );

  api.put("/devices/:devEui", { schema: { params: DevEuiParams, body: DeviceBody } }, (request) => {
    const devEui = parseEui64(request.params.devEui);
    const { order, keys } = readDeviceBody(devEui, request.body);
    simulator.putDevice(order, keys);
    return describe(devEui);
  });

  api.post(
    "/devices/:devEui/uplinks",
    { schema: { params: DevEuiParams, body: UplinkBody } },
    (request, reply) => {
      const { fPort, payload, confirmed = false } = request.body;
      const uplinkId = randomUUID();
      simulator.device(parseEui64(request.params.devEui)).queueUplink({
        uplinkId,
        fPort,
        payload: payload.toLowerCase(),
        isConfirmed: confirmed,
      });
      return reply.code(202).send({ uplinkId });
    },
  );

  api.post("/devices/:devEui/join", { schema: { params: DevEuiParams } }, (request, reply) => {
    simulator.device(parseEui64(request.params.devEui)).join();
    return reply.code(202).send({});
  });

  api.post(
    "/devices/:devEui/rejoin",
    { schema: { params: DevEuiParams, body: RejoinBody } },
    (request, reply) => {
      simulator.device(parseEui64(request.params.devEui)).rejoin(request.body.type);
      return reply.code(202).send({});
    },
  );
}

import { parseEui64 } from "../../../../lorawan/identifiers.ts";
import type { HttpApp } from "../../../http-app.ts";
import type { AdminServices } from "../admin-services.ts";
import { readSuite } from "../read/device-body.ts";
import { callerOf } from "../route-access.ts";
import { DevEuiParams } from "../schemas/common.ts";
import { DeviceView, StartedUpdateView } from "../schemas/device-answers.ts";
import { StartUpdateBody } from "../schemas/device-schemas.ts";
import { describeDevice, describeUpdate } from "../views/describe-device.ts";

const TAGS = ["root key updates"];

export function addUpdateRoutes(scope: HttpApp, { administration }: AdminServices): void {
  scope.post(
    "/devices/:devEui/root-key-update",
    {
      config: { right: "update:run" },
      schema: {
        tags: TAGS,
        summary: "Start a root key update, or ask again for the one that waits for the device",
        params: DevEuiParams,
        body: StartUpdateBody,
        response: { 202: StartedUpdateView },
      },
      // Every member is optional, so the whole body is.
      preValidation: (request, _reply, done) => {
        request.body ??= {};
        done();
      },
    },
    async (request, reply) => {
      const { device, isNew, isDelivered } = await administration.updates.start(
        parseEui64(request.params.devEui),
        { suite: readSuite(request.body.suite), isHealing: request.body.isHealing },
        callerOf(request).actor,
      );
      const update = describeUpdate(device);
      if (update === null) throw new TypeError("a started update left no record");
      return reply.code(202).send({ ...update, isNew, isDelivered });
    },
  );
  scope.delete(
    "/devices/:devEui/root-key-update",
    {
      config: { right: "update:run" },
      schema: {
        tags: TAGS,
        summary: "Abort the root key update that is under way",
        params: DevEuiParams,
        response: { 200: DeviceView },
      },
    },
    async (request) => {
      const devEui = parseEui64(request.params.devEui);
      return describeDevice(await administration.updates.abort(devEui, callerOf(request).actor));
    },
  );
}

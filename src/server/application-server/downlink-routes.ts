import { Type } from "typebox";
import { downlinkView } from "../../application-server/downlinks/downlink.ts";
import type { DownlinkSender } from "../../application-server/downlinks/downlink-sender.ts";
import type { ApplicationServerStore } from "../../application-server/store.ts";
import { WarrenError } from "../../errors.ts";
import { parseHex } from "../../lorawan/hex.ts";
import { parseEui64 } from "../../lorawan/identifiers.ts";
import { DevEuiParams } from "../device-params.ts";
import type { HttpApp } from "../http-app.ts";
import { problem } from "../problem-details.ts";
import { requireDevice } from "./device-routes.ts";

// Ranges are checked by the role, whose errors say why.
const DownlinkBody = Type.Object(
  {
    fPort: Type.Integer(),
    payload: Type.String({ maxLength: 10_000 }),
    confirmed: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);

const DownlinkParams = Type.Object({
  devEui: DevEuiParams.properties.devEui,
  downlinkId: Type.String({ maxLength: 128 }),
});

/** Downlinks of applications. */
export function addDownlinkRoutes(
  api: HttpApp,
  { store, sender }: { readonly store: ApplicationServerStore; readonly sender: DownlinkSender },
): void {
  api.post(
    "/devices/:devEui/downlinks",
    { schema: { params: DevEuiParams, body: DownlinkBody } },
    async (request, reply) => {
      const device = requireDevice(store, parseEui64(request.params.devEui));
      const { fPort, payload, confirmed = false } = request.body;
      const downlink = await sender.send(device.devEui, {
        fPort,
        payload: parsePayload(payload),
        isConfirmed: confirmed,
      });
      return reply.code(202).send(downlinkView(downlink));
    },
  );

  api.get("/devices/:devEui/downlinks", { schema: { params: DevEuiParams } }, (request) => {
    const device = requireDevice(store, parseEui64(request.params.devEui));
    return { downlinks: store.downlinks(device.devEui).map(downlinkView) };
  });

  api.get(
    "/devices/:devEui/downlinks/:downlinkId",
    { schema: { params: DownlinkParams } },
    (request, reply) => {
      const device = requireDevice(store, parseEui64(request.params.devEui));
      const downlink = store.downlink(request.params.downlinkId);
      return downlink?.devEui === device.devEui
        ? downlinkView(downlink)
        : problem(
            reply,
            404,
            "not-found",
            "no such downlink; only the latest of a device are kept",
          );
    },
  );
}

function parsePayload(payload: string): Uint8Array {
  try {
    return parseHex(payload);
  } catch (error) {
    if (!(error instanceof WarrenError)) throw error;
    throw new WarrenError(error.code, `payload: ${error.message}`, { cause: error });
  }
}

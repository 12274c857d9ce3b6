import { Type } from "typebox";
import { parseHex } from "../../lorawan/hex.ts";
import { parseEui64 } from "../../lorawan/identifiers.ts";
import { queueDownlink, reserveFCntDown } from "../../network-server/downlink/queue-downlink.ts";
import type { NetworkServerStore } from "../../network-server/store.ts";
import type { BearerToken } from "../bearer-token.ts";
import { hexOf, hexUpTo } from "../hex-schemas.ts";
import type { HttpApp } from "../http-app.ts";

const CounterBody = Type.Object({
  DevEUI: hexOf(8),
  SessionKeyID: Type.String({ minLength: 1, maxLength: 128 }),
});

const DownlinkBody = Type.Object({
  DevEUI: hexOf(8),
  SessionKeyID: Type.String({ minLength: 1, maxLength: 128 }),
  DownlinkID: Type.String({ minLength: 1, maxLength: 128 }),
  // 224 is the compliance test; all above is reserved (LoRaWAN 1.1 §4.3.2).
  FPort: Type.Integer({ minimum: 1, maximum: 224 }),
  FCntDown: Type.Integer({ minimum: 0, maximum: 0xffffffff }),
  Confirmed: Type.Boolean(),
  FRMPayload: hexUpTo(242),
});

/** By AS-ID. */
export type ApplicationServerTokens = ReadonlyMap<string, BearerToken>;

/** What the Application Server asks for (docs/wire-protocols.md): the one that the device is of, if it has a token. */
export function addApplicationServerRoutes(
  app: HttpApp,
  store: NetworkServerStore,
  tokens: ApplicationServerTokens,
): void {
  app.post(
    "/application-server/downlink-counters",
    { schema: { body: CounterBody } },
    (request) => {
      const { DevEUI, SessionKeyID } = request.body;
      const { fCntDown } = store.changeDevice(parseEui64(DevEUI), (device) => {
        tokens.get(device.asId)?.requireIn(request.headers);
        return reserveFCntDown(device, SessionKeyID);
      });
      return { FCntDown: fCntDown };
    },
  );

  app.post(
    "/application-server/downlinks",
    { schema: { body: DownlinkBody } },
    (request, reply) => {
      const { body } = request;
      store.changeDevice(parseEui64(body.DevEUI), (device) => {
        tokens.get(device.asId)?.requireIn(request.headers);
        return queueDownlink(device, {
          downlinkId: body.DownlinkID,
          sessionKeyId: body.SessionKeyID,
          fPort: body.FPort,
          fCntDown: body.FCntDown,
          isConfirmed: body.Confirmed,
          frmPayload: parseHex(body.FRMPayload),
        });
      });
      return reply.code(202).send({});
    },
  );
}

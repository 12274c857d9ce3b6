import { Type } from "typebox";
import { DOWNLINK_EVENTS } from "../../application-server/downlinks/downlink.ts";
import type { DownlinkLog } from "../../application-server/downlinks/downlink-log.ts";
import type { UplinkReceiver } from "../../application-server/uplinks/uplink-receiver.ts";
import { WarrenError } from "../../errors.ts";
import { parseEui64 } from "../../lorawan/identifiers.ts";
import { hexOf } from "../hex-schemas.ts";
import type { HttpApp } from "../http-app.ts";
import { problem } from "../problem-details.ts";
import { Counter32, readUplinkBody, UplinkBody } from "./uplink-body.ts";

const DownlinkEventBody = Type.Object({
  DevEUI: hexOf(8),
  DownlinkID: Type.String({ minLength: 1, maxLength: 128 }),
  Event: Type.Union(DOWNLINK_EVENTS.map((event) => Type.Literal(event))),
  FCntDown: Type.Optional(Counter32),
  At: Type.Optional(Type.String({ maxLength: 40 })),
  Reason: Type.Optional(Type.String({ maxLength: 1_000 })),
});

const REASON_MAX_LENGTH = 200;

/** What the Network Server tells: it repeats each message until it gets a 2xx. */
export function addNetworkServerRoutes(
  app: HttpApp,
  { receiver, log }: { readonly receiver: UplinkReceiver; readonly log: DownlinkLog },
): void {
  app.post("/network-server/uplinks", { schema: { body: UplinkBody } }, async (request, reply) => {
    try {
      return { outcome: await receiver.receive(readUplinkBody(request.body)) };
    } catch (error) {
      if (!isJoinServerAway(error)) throw error;
      const { DevEUI: devEui, FCntUp: fCntUp } = request.body;
      request.log.warn({ event: "app-s-key-delayed", devEui, fCntUp, code: error.code });
      return problem(
        reply,
        503,
        error.code,
        "the AppSKey can't be had now; repeat the uplink later",
      );
    }
  });

  app.post(
    "/network-server/downlink-events",
    { schema: { body: DownlinkEventBody } },
    (request) => {
      const { DevEUI, DownlinkID, Event, Reason } = request.body;
      log.takeEvent({
        devEui: parseEui64(DevEUI),
        downlinkId: DownlinkID,
        event: Event,
        reason: Reason?.slice(0, REASON_MAX_LENGTH),
      });
      return {};
    },
  );
}

function isJoinServerAway(error: unknown): error is WarrenError {
  return (
    error instanceof WarrenError &&
    ["peer-unreachable", "peer-answer-malformed", "peer-refused"].includes(error.code)
  );
}

import type { FastifyBaseLogger } from "fastify";
import { type Static, Type } from "typebox";
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

/** Body of `POST /network-server/messages`: each message as it would come alone. */
const MessagesBody = Type.Object({
  Messages: Type.Array(
    Type.Union([
      Type.Object({ Uplink: UplinkBody }),
      Type.Object({ DownlinkEvent: DownlinkEventBody }),
    ]),
    { minItems: 1, maxItems: 1_000 },
  ),
});
/** A thousand of the longest are less. */
const MESSAGES_LIMIT_BYTES = 4_000_000;

export interface NetworkServerRoutesOptions {
  readonly receiver: UplinkReceiver;
  readonly log: DownlinkLog;
}

/** What the Network Server tells: it repeats each message until it gets a 2xx. */
export function addNetworkServerRoutes(app: HttpApp, options: NetworkServerRoutesOptions): void {
  const { receiver, log } = options;
  app.post("/network-server/uplinks", { schema: { body: UplinkBody } }, async (request, reply) => {
    try {
      return { outcome: await receiver.receive(readUplinkBody(request.body)) };
    } catch (error) {
      if (!isJoinServerAway(error)) throw error;
      noteDelay(request, request.body, error);
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
      takeDownlinkEvent(log, request.body);
      return {};
    },
  );

  app.post(
    "/network-server/messages",
    { schema: { body: MessagesBody }, bodyLimit: MESSAGES_LIMIT_BYTES },
    async (request) => {
      const { Messages } = request.body;
      const taken = await Promise.allSettled(
        Messages.map((message) => takeMessage(options, message)),
      );
      const failed = taken.flatMap((each, Index) => {
        if (each.status === "fulfilled") return [];
        const message = Messages[Index] as Message;
        if ("Uplink" in message && isJoinServerAway(each.reason)) {
          noteDelay(request, message.Uplink, each.reason);
        } else {
          request.log.warn({ event: "message-not-taken", err: each.reason });
        }
        return [{ Index }];
      });
      return { Failed: failed };
    },
  );
}

type Message = Static<typeof MessagesBody>["Messages"][number];

/** Messages of one device are taken in the order of the calls. */
async function takeMessage(
  { receiver, log }: NetworkServerRoutesOptions,
  message: Message,
): Promise<void> {
  if ("Uplink" in message) await receiver.receive(readUplinkBody(message.Uplink));
  else takeDownlinkEvent(log, message.DownlinkEvent);
}

function takeDownlinkEvent(log: DownlinkLog, body: Static<typeof DownlinkEventBody>): void {
  const { DevEUI, DownlinkID, Event, Reason } = body;
  log.takeEvent({
    devEui: parseEui64(DevEUI),
    downlinkId: DownlinkID,
    event: Event,
    reason: Reason?.slice(0, REASON_MAX_LENGTH),
  });
}

function noteDelay(
  { log }: { readonly log: FastifyBaseLogger },
  { DevEUI: devEui, FCntUp: fCntUp }: Static<typeof UplinkBody>,
  { code }: WarrenError,
): void {
  log.warn({ event: "app-s-key-delayed", devEui, fCntUp, code });
}

function isJoinServerAway(error: unknown): error is WarrenError {
  return (
    error instanceof WarrenError &&
    ["peer-unreachable", "peer-answer-malformed", "peer-refused"].includes(error.code)
  );
}

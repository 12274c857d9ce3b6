import { WarrenError } from "../../errors.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import { decodeMhdr, MType } from "../../lorawan/mhdr.ts";
import type { NetworkServerContext } from "../context.ts";
import { answerUplink } from "../downlink/answer-uplink.ts";
import type { ReceivedUplink } from "../gateway/received-uplink.ts";
import { type ActivationRequest, activateDevice } from "./activate-device.ts";
import { storeDataUplink } from "./handle-data.ts";
import { readJoinRequest } from "./handle-join.ts";
import { readRejoinRequest } from "./handle-rejoin.ts";
import { relayRootKeyCommands } from "./relay-root-key-commands.ts";

/**
 * Takes one frame from the air: checks and stores it at once, then answers it in the device's own line.
 * Resolves when it has been answered. Frames that are wrong or of others are dropped with a log entry.
 */
export async function routeUplink(
  context: NetworkServerContext,
  uplink: ReceivedUplink,
): Promise<void> {
  try {
    const mType = decodeMhdr(uplink.phyPayload[0] ?? 0xff);
    switch (mType) {
      case MType.JoinRequest:
        return await activate(context, readJoinRequest(context, uplink));
      case MType.RejoinRequest:
        return await activate(context, readRejoinRequest(context, uplink));
      case MType.UnconfirmedDataUp:
      case MType.ConfirmedDataUp:
        return await takeData(context, uplink);
      default:
        throw new WarrenError("frame-malformed", `MType ${mType} is no uplink`);
    }
  } catch (error) {
    logFailure(context, error);
  }
}

async function activate(
  context: NetworkServerContext,
  activation: ActivationRequest,
): Promise<void> {
  const { devEui } = activation.device;
  const hadRoom = await context.activationLimit.run(devEui, () =>
    inLine(context, devEui, () => activateDevice(context, activation)),
  );
  if (hadRoom) return;
  context.logger.warn({ event: "join-dropped", devEui, type: activation.type }, "too many joins");
}

function takeData(context: NetworkServerContext, uplink: ReceivedUplink): Promise<void> {
  const { devEui, expected, messages, rootKeyCommands } = storeDataUplink(context, uplink);
  if (messages.length > 0) context.wakeOutbox();
  context.logger.debug({ event: "uplink", devEui, fCntUp: expected.fCntUp });
  return inLine(context, devEui, async () => {
    await relayRootKeyCommands(context, { devEui, uplink, rootKeyCommands });
    await answerUplink(context, { devEui, uplink, expected });
  });
}

function inLine(
  context: NetworkServerContext,
  devEui: Eui64,
  work: () => Promise<void>,
): Promise<void> {
  return context.deviceQueue.run(devEui, async () => {
    try {
      await work();
    } catch (error) {
      logFailure(context, error, devEui);
    }
  });
}

function logFailure({ logger }: NetworkServerContext, error: unknown, devEui?: Eui64): void {
  if (!(error instanceof WarrenError)) {
    logger.error({ event: "defect", devEui, err: error }, "unexpected error");
    return;
  }
  const fields = { event: "uplink-dropped", code: error.code, devEui };
  // Nothing is wrong with the frame, but a lot with this server.
  if (error.code === "storage-failed") logger.error({ ...fields, err: error }, error.message);
  else logger.info(fields, error.message);
}

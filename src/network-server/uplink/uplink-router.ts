import { WarrenError } from "../../errors.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import { decodeMhdr, MType } from "../../lorawan/mhdr.ts";
import type { NetworkServerContext } from "../context.ts";
import { answerUplink } from "../downlink/answer-uplink.ts";
import type { ReceivedUplink } from "../gateway/received-uplink.ts";
import { type ActivationRequest, activateDevice } from "./activate-device.ts";
import { type StoredData, storeDataUplinks } from "./handle-data.ts";
import { readJoinRequest } from "./handle-join.ts";
import { readRejoinRequest } from "./handle-rejoin.ts";
import { relayRootKeyCommands } from "./relay-root-key-commands.ts";

/**
 * Takes frames from the air: checks and stores them at once, data uplinks together, then answers each in its
 * device's own line. Resolves when all have been answered. Frames that are wrong or of others are dropped with a
 * log entry.
 */
export async function routeUplinks(
  context: NetworkServerContext,
  uplinks: readonly ReceivedUplink[],
): Promise<void> {
  const data: ReceivedUplink[] = [];
  const activations: Promise<void>[] = [];
  for (const uplink of uplinks) {
    try {
      if (isData(uplink)) data.push(uplink);
      else activations.push(activate(context, readActivation(context, uplink)));
    } catch (error) {
      logFailure(context, error);
    }
  }
  await Promise.all([...takeData(context, data), ...activations]);
}

/** @throws WarrenError `frame-malformed` */
function isData({ phyPayload }: ReceivedUplink): boolean {
  const mType = decodeMhdr(phyPayload[0] ?? 0xff);
  return mType === MType.UnconfirmedDataUp || mType === MType.ConfirmedDataUp;
}

function readActivation(context: NetworkServerContext, uplink: ReceivedUplink): ActivationRequest {
  const mType = decodeMhdr(uplink.phyPayload[0] ?? 0xff);
  switch (mType) {
    case MType.JoinRequest:
      return readJoinRequest(context, uplink);
    case MType.RejoinRequest:
      return readRejoinRequest(context, uplink);
    default:
      throw new WarrenError("frame-malformed", `MType ${mType} is no uplink`);
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

/** What is left to do after the uplinks have been stored. */
function takeData(
  context: NetworkServerContext,
  uplinks: readonly ReceivedUplink[],
): readonly Promise<void>[] {
  const { stored, errors } = storeDataUplinks(context, uplinks);
  for (const error of errors) logFailure(context, error);
  if (stored.some(({ accepted }) => accepted.messages.length > 0)) context.wakeOutbox();
  const answers: Promise<void>[] = [];
  for (const data of stored) {
    const { devEui, accepted } = data;
    context.logger.debug({ event: "uplink", devEui, fCntUp: accepted.expected.fCntUp });
    if (mayBeAnswered(context, data)) answers.push(answer(context, data));
  }
  return answers;
}

/** Most uplinks wait for nothing. */
function mayBeAnswered({ deviceQueue }: NetworkServerContext, data: StoredData): boolean {
  const { device, expected, rootKeyCommands } = data.accepted;
  const { needsAck, wantsAnyDownlink, macAnswers } = expected;
  return (
    needsAck ||
    wantsAnyDownlink ||
    macAnswers.length + rootKeyCommands.length > 0 ||
    device.downlinks.length + device.macRequests.length > 0 ||
    device.rootKeyCommand !== undefined ||
    deviceQueue.has(device.devEui)
  );
}

function answer(
  context: NetworkServerContext,
  { devEui, uplink, accepted }: StoredData,
): Promise<void> {
  const { expected, rootKeyCommands } = accepted;
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

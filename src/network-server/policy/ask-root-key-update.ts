import type { UpdateReason } from "../../backend/root-key-messages.ts";
import { WarrenError } from "../../errors.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { NetworkServerContext } from "../context.ts";
import { setRootKeyCommand } from "../mac/root-key-commands.ts";
import type { Device } from "../session/device.ts";

/** What the Join Server said to a request for an update. */
export interface UpdateAnswer {
  /** The ResultCode of the answer. */
  readonly resultCode: string;
  /** Of the update that was started. */
  readonly updateId: number | undefined;
}

/**
 * Asks the Join Server for new root keys of a device and puts its request in line. Whatever it answers,
 * it is not asked again before the retry time has passed.
 *
 * @throws WarrenError `device-unknown`, `peer-unreachable`, `peer-answer-malformed`
 */
export async function askRootKeyUpdate(
  context: NetworkServerContext,
  devEui: Eui64,
  reason: UpdateReason,
): Promise<UpdateAnswer> {
  const { store, joinServer, logger } = context;
  const { device } = store.changeDevice(devEui, (before) => ({
    device: postpone(before, context),
    messages: [],
  }));
  const { frames } = device.rootKeyUsage;
  const ask = { devEui, reason, ...(reason === "frames" && { frames }) };
  const answer = await joinServer.rootKeyUpdateReq(device.joinEui, ask);
  const { resultCode } = answer.result;
  logger.info({ event: "root-key-update-asked", devEui, reason, resultCode });
  const started = answer.value;
  if (started === undefined) return { resultCode, updateId: undefined };
  store.changeDevice(devEui, (before) => ({
    device: setRootKeyCommand(before, requireFrame(started.macCommand)),
    messages: [],
  }));
  return { resultCode, updateId: started.updateId };
}

function postpone(device: Device, { clock, settings }: NetworkServerContext): Device {
  const usage = device.rootKeyUsage;
  const retryAt = clock.now() + settings.policy.rootKeyRetryMs;
  const askNotBefore = Math.max(usage.askNotBefore, retryAt);
  return { ...device, rootKeyUsage: { ...usage, askNotBefore } };
}

function requireFrame(octets: Uint8Array): Uint8Array {
  if (octets.length > 0) return octets;
  throw new WarrenError("peer-answer-malformed", "an update was started without a command");
}

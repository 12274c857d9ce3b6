import type { MessageHeader } from "../../backend/header.ts";
import type { JoinReq } from "../../backend/join-messages.ts";
import { stripHexPrefix } from "../../backend/members.ts";
import { WarrenError } from "../../errors.ts";
import type { Eui64, NetId } from "../../lorawan/identifiers.ts";
import { type DlSettings, decodeDlSettings } from "../../lorawan/join/dl-settings.ts";
import { isLorawan11 } from "../../lorawan/mac-version.ts";
import type { Device } from "../device.ts";

/** A JoinReq or RejoinReq whose sender is known, with what it says taken apart. */
export interface AuthorisedJoinReq {
  readonly header: MessageHeader;
  readonly request: JoinReq;
  readonly dlSettings: DlSettings;
  /** NetID of the sending Network Server, which goes into the Join-accept. */
  readonly netId: NetId;
}

/** Takes DLSettings apart. OptNeg decides the key derivation, since the device sees nothing else. */
export function describeJoinReq(
  header: MessageHeader,
  request: JoinReq,
  netId: NetId,
): AuthorisedJoinReq {
  return { header, request, netId, dlSettings: decodeDlSettings(request.dlSettings) };
}

/** A Network Server asks for its own devices only. @throws WarrenError `activation-disallowed` */
export function checkHomeNetwork(device: Device, netId: NetId): void {
  if (device.homeNetId !== netId) {
    throw new WarrenError("activation-disallowed", "the device belongs to another network");
  }
}

/**
 * The sender must be the device's own network, and OptNeg, MACVersion and the device record must not
 * contradict one another.
 *
 * @throws WarrenError `activation-disallowed`, `version-contradiction`
 */
export function checkAgainstDevice(device: Device, authorised: AuthorisedJoinReq): void {
  const { netId, request, dlSettings } = authorised;
  checkHomeNetwork(device, netId);
  if (dlSettings.optNeg !== isLorawan11(request.macVersion)) {
    throw new WarrenError(
      "version-contradiction",
      `OptNeg ${dlSettings.optNeg ? 1 : 0} contradicts MACVersion ${request.macVersion}`,
    );
  }
  if (dlSettings.optNeg && !isLorawan11(device.macVersion)) {
    throw new WarrenError(
      "version-contradiction",
      `OptNeg 1 for a device registered as ${device.macVersion}`,
    );
  }
}

/**
 * The identifiers of the frame rule; those of the JSON around it must agree.
 *
 * @param joinEui of the frame, where it has one
 * @throws WarrenError `identity-contradiction`, `receiver-unknown`
 */
export function checkIdentity(
  device: Device,
  authorised: AuthorisedJoinReq,
  joinEui: Eui64 | undefined,
): void {
  if (joinEui !== undefined && joinEui !== device.joinEui) {
    throw new WarrenError("receiver-unknown", "the device is registered with another JoinEUI");
  }
  const receiverId = stripHexPrefix(authorised.header.receiverId).toLowerCase();
  if (authorised.dlSettings.optNeg && receiverId !== device.joinEui) {
    throw new WarrenError("identity-contradiction", "ReceiverID is not the JoinEUI of the device");
  }
}

/** @throws WarrenError `identity-contradiction` when frame and JSON name different devices */
export function checkDevEui(request: JoinReq, frameDevEui: Eui64): void {
  if (request.devEui !== frameDevEui) {
    throw new WarrenError("identity-contradiction", "DevEUI is not the DevEUI of the PHYPayload");
  }
}

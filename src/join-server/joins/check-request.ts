import type { MessageHeader } from "../../backend/header.ts";
import type { JoinReq } from "../../backend/join-messages.ts";
import { WarrenError } from "../../errors.ts";
import type { Eui64, NetId } from "../../lorawan/identifiers.ts";
import { type DlSettings, decodeDlSettings } from "../../lorawan/join/dl-settings.ts";
import { isLorawan11 } from "../../lorawan/mac-version.ts";
import { type Device, mayBeForeign } from "../device.ts";
import type { JoinEuiRange } from "../join-eui-range.ts";
import { checkServed, readReceiverId } from "./check-receiver.ts";

/** A JoinReq or RejoinReq whose sender is known, with what it says taken apart. */
export interface AuthorisedJoinReq {
  readonly request: JoinReq;
  /** The JoinEUI that the Network Server asks. */
  readonly receiverId: Eui64;
  /** JoinEUIs served here. */
  readonly ranges: readonly JoinEuiRange[];
  readonly dlSettings: DlSettings;
  /** NetID of the sending Network Server, which goes into the Join-accept. */
  readonly netId: NetId;
}

/**
 * Takes DLSettings apart. OptNeg decides the key derivation, since the device sees nothing else.
 *
 * @throws WarrenError `receiver-unknown`
 */
export function describeJoinReq(
  header: MessageHeader,
  request: JoinReq,
  netId: NetId,
  ranges: readonly JoinEuiRange[],
): AuthorisedJoinReq {
  return {
    request,
    receiverId: readReceiverId(header),
    ranges,
    netId,
    dlSettings: decodeDlSettings(request.dlSettings),
  };
}

/**
 * A Network Server asks for its own devices only, and nobody for one that is switched off.
 *
 * @throws WarrenError `activation-disallowed`, `device-disabled`
 */
export function checkMayAsk(device: Device, netId: NetId): void {
  if (device.homeNetId !== netId) {
    throw new WarrenError("activation-disallowed", "the device belongs to another network");
  }
  checkEnabled(device);
}

/** @throws WarrenError `device-disabled` */
export function checkEnabled(device: Device): void {
  if (device.isDisabled) throw new WarrenError("device-disabled", "the device is switched off");
}

/**
 * The sender must be the device's own network, and OptNeg, MACVersion and the device record must not
 * contradict one another.
 *
 * @throws WarrenError `activation-disallowed`, `device-disabled`, `version-contradiction`
 */
export function checkAgainstDevice(device: Device, authorised: AuthorisedJoinReq): void {
  const { netId, request, dlSettings } = authorised;
  checkMayAsk(device, netId);
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
 * The identifiers of the frame rule; those of the JSON around it must agree. A 1.0.x device may send an
 * AppEUI that is not ours when its record allows that, since some do not name their Join Server.
 *
 * @param joinEui of the frame, where it has one
 * @throws WarrenError `identity-contradiction`, `receiver-unknown`
 */
export function checkIdentity(
  device: Device,
  authorised: AuthorisedJoinReq,
  joinEui: Eui64 | undefined,
): void {
  const { receiverId, ranges, dlSettings } = authorised;
  if (!dlSettings.optNeg && mayBeForeign(device)) return;
  if (joinEui !== undefined && joinEui !== device.joinEui) {
    throw new WarrenError("receiver-unknown", "the device is registered with another JoinEUI");
  }
  checkServed(device.joinEui, ranges);
  if (receiverId === device.joinEui) return;
  if (dlSettings.optNeg) {
    throw new WarrenError("identity-contradiction", "ReceiverID is not the JoinEUI of the device");
  }
  checkServed(receiverId, ranges);
}

/** @throws WarrenError `identity-contradiction` when frame and JSON name different devices */
export function checkDevEui(request: JoinReq, frameDevEui: Eui64): void {
  if (request.devEui !== frameDevEui) {
    throw new WarrenError("identity-contradiction", "DevEUI is not the DevEUI of the PHYPayload");
  }
}

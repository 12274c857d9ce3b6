import type { MessageHeader } from "../../backend/header.ts";
import { stripHexPrefix } from "../../backend/members.ts";
import { WarrenError } from "../../errors.ts";
import { type Eui64, parseEui64 } from "../../lorawan/identifiers.ts";
import { type Device, type DeviceSettings, mayBeForeign } from "../device.ts";
import { isJoinEuiServed, type JoinEuiRange } from "../join-eui-range.ts";

/** ReceiverID as the JoinEUI that it has to be. @throws WarrenError `receiver-unknown` */
export function readReceiverId(header: MessageHeader): Eui64 {
  try {
    return parseEui64(stripHexPrefix(header.receiverId));
  } catch (error) {
    throw new WarrenError("receiver-unknown", "ReceiverID is not a JoinEUI", { cause: error });
  }
}

/** Whether joins of a device with these settings would be answered as far as its JoinEUI goes. */
export function hasServedJoinEui(
  device: Pick<DeviceSettings, "allowsForeignJoinEui" | "macVersion" | "joinEui">,
  ranges: readonly JoinEuiRange[],
): boolean {
  return mayBeForeign(device) || isJoinEuiServed(ranges, device.joinEui);
}

/** Of a message about a device that has joined. @throws WarrenError `receiver-unknown` */
export function checkReceiver(
  device: Device,
  receiverId: Eui64,
  ranges: readonly JoinEuiRange[],
): void {
  if (mayBeForeign(device)) return;
  if (receiverId !== device.joinEui) {
    throw new WarrenError("receiver-unknown", "the device is registered with another JoinEUI");
  }
  checkServed(receiverId, ranges);
}

/** @throws WarrenError `receiver-unknown` */
export function checkServed(joinEui: Eui64, ranges: readonly JoinEuiRange[]): void {
  if (!isJoinEuiServed(ranges, joinEui)) {
    throw new WarrenError("receiver-unknown", "the JoinEUI is in none of the ranges served here");
  }
}

/**
 * Of a device that nobody knows, whether it is asked for at the right server says more than that it is
 * unknown.
 *
 * @throws WarrenError `receiver-unknown`, and what `work` throws
 */
export async function atServedReceiver<T>(
  work: Promise<T>,
  receiverId: Eui64,
  ranges: readonly JoinEuiRange[],
): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const isUnknown = error instanceof WarrenError && error.code === "device-unknown";
    if (isUnknown) checkServed(receiverId, ranges);
    throw error;
  }
}

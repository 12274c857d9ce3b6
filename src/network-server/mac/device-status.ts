import type { Device } from "../session/device.ts";
import { queueMacRequest, settleMacRequest } from "./mac-requests.ts";

const CID_DEV_STATUS = 0x06;

/** Keeps what a DevStatusAns says (LoRaWAN 1.1 §5.6). */
export function takeDeviceStatus(
  device: Device,
  answer: { readonly battery: number; readonly marginDb: number },
  receivedAt: number,
): Device {
  const { battery, marginDb } = answer;
  return {
    ...settleMacRequest(device, CID_DEV_STATUS),
    status: { battery, marginDb, receivedAt },
  };
}

/** Queues a DevStatusReq when the last status is older than `afterMs`; 0 never asks. */
export function askDeviceStatusIfOld(device: Device, now: number, afterMs: number): Device {
  const isAsked = device.macRequests.some(({ cid }) => cid === CID_DEV_STATUS);
  const isFresh = device.status !== undefined && now - device.status.receivedAt < afterMs;
  if (afterMs === 0 || isAsked || isFresh) return device;
  return queueMacRequest(device, { name: "DevStatusReq" });
}

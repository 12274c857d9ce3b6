import type { DownlinkMacCommand } from "../../lorawan/mac-commands/downlink.ts";
import { gpsTimeFromUnixMs } from "../../lorawan/mac-commands/gps-time.ts";
import type { MacContext } from "./mac-context.ts";

/**
 * Answers DeviceTimeReq with the time at the end of the uplink (LoRaWAN 1.1 §5.12): that of its arrival
 * here, which the way from the gateway delays by less than the allowed 100 ms.
 */
export function answerDeviceTime({ uplink }: MacContext): DownlinkMacCommand {
  return { name: "DeviceTimeAns", ...gpsTimeFromUnixMs(uplink.receivedAt) };
}

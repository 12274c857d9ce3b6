import type { DownlinkMacCommand } from "../../lorawan/mac-commands/downlink.ts";
import type { Device } from "../session/device.ts";
import type { Session } from "../session/session.ts";
import { SERVER_MINOR } from "./rekey.ts";

/**
 * Answers ResetInd of an ABP device that is back at its default radio parameters. Frame counters stay, and
 * so do the parameters here, as this server never moves an ABP device away from its defaults. Ignored from
 * OTAA devices; the version in the answer must be that of the device (LoRaWAN 1.1 §5.1).
 */
export function answerResetInd(
  device: Device,
  session: Session,
  minor: number,
): DownlinkMacCommand | undefined {
  const isValid = session.version === "1.1" && device.abpDevAddr !== undefined;
  return isValid && minor === SERVER_MINOR ? { name: "ResetConf", minor } : undefined;
}

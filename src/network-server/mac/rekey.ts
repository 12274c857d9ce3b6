import type { DownlinkMacCommand } from "../../lorawan/mac-commands/downlink.ts";
import type { Device } from "../session/device.ts";
import type { Session } from "../session/session.ts";

/** The minor version this server speaks; a LoRaWAN 1.1 device takes no other. */
export const SERVER_MINOR = 1;

/**
 * Answers RekeyInd, with which an OTAA device shows that it uses new session keys. It is ignored from an
 * ABP device and in a 1.0 session (LoRaWAN 1.1 §5.10), and so is a minor version that does not exist.
 */
export function answerRekeyInd(
  device: Device,
  session: Session,
  minor: number,
): DownlinkMacCommand | undefined {
  const isValid = session.version === "1.1" && device.abpDevAddr === undefined;
  return isValid && minor >= SERVER_MINOR ? { name: "RekeyConf", minor: SERVER_MINOR } : undefined;
}

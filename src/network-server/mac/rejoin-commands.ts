import { WarrenError } from "../../errors.ts";
import type { Device } from "../session/device.ts";
import type { RejoinParameters } from "../settings.ts";
import { queueMacRequest, settleMacRequest } from "./mac-requests.ts";

const CID_FORCE_REJOIN = 0x0e;
const CID_REJOIN_PARAM_SETUP = 0x0f;
/** Radio losses hit the rejoin as well as this command; the device repeats after 32 s × 2^0 + 0..32 s. */
const MAX_RETRIES = 3;

/**
 * Queues a ForceRejoinReq: the device rejoins at once (LoRaWAN 1.1 §5.13). Type 1 is not among those a
 * command can ask for: 0 and 1 both make the device send type 0.
 *
 * @param dataRate index of the rejoin's data rate in the region
 * @throws WarrenError `version-contradiction` unless the device has a 1.1 session by OTAA
 */
export function queueForceRejoin(device: Device, rejoinType: 0 | 1 | 2, dataRate: number): Device {
  requireRejoinable(device);
  const command = { name: "ForceRejoinReq", period: 0, maxRetries: MAX_RETRIES } as const;
  return queueMacRequest(device, { ...command, rejoinType, dataRate });
}

/**
 * Queues a RejoinParamSetupReq: the device rejoins at least every 2^(maxTimeN+10) seconds and every
 * 2^(maxCountN+4) uplinks (LoRaWAN 1.1 §5.14).
 *
 * @throws WarrenError `version-contradiction` unless the device has a 1.1 session by OTAA
 */
export function queueRejoinParameters(device: Device, parameters: RejoinParameters): Device {
  requireRejoinable(device);
  return queueMacRequest(device, { name: "RejoinParamSetupReq", ...parameters });
}

/** A rejoin is the answer to ForceRejoinReq. */
export function settleForceRejoin(device: Device): Device {
  return settleMacRequest(device, CID_FORCE_REJOIN);
}

/** RejoinParamSetupAns: the device counts uplinks in any case, time only if it can. */
export function settleRejoinParameters(device: Device): Device {
  return settleMacRequest(device, CID_REJOIN_PARAM_SETUP);
}

function requireRejoinable(device: Device): void {
  if (device.current?.version !== "1.1" || device.abpDevAddr !== undefined) {
    throw new WarrenError(
      "version-contradiction",
      "only a LoRaWAN 1.1 session by OTAA can be renewed by a rejoin; a 1.0.x device must join",
    );
  }
}

import { WarrenError } from "../../errors.ts";
import type { Device } from "../device.ts";

/** Joins and rejoins that a device may have at once, from the JoinNonce that it came with. */
const ALLOWANCE = 1_024;
/** And one more in each such time: half the shortest period of RejoinParamSetupReq, 2^10 s. */
const PERIOD_MS = 512_000;

/**
 * Keeps a false Network Server from using up the JoinNonces of a device, after which it could never join
 * again. It has SNwkSIntKey, hence can forge Rejoin-requests of type 0 and 2 without the device. At this
 * rate 2^24 JoinNonces last for 270 years. Only rejoins are refused: a Join-request is made with a key that
 * the Network Server has not.
 *
 * @throws WarrenError `rejoin-too-often`
 */
export function checkRejoinAllowance(device: Device, now: number): void {
  const allowed = ALLOWANCE + Math.max(0, now - device.createdAt) / PERIOD_MS;
  if (device.joinNonce - device.initialJoinNonce >= allowed) {
    throw new WarrenError("rejoin-too-often", "the device has had too many rejoins for its age");
  }
}

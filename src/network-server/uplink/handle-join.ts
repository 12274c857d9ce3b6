import { WarrenError } from "../../errors.ts";
import { decodeJoinRequest } from "../../lorawan/join/join-request.ts";
import type { NetworkServerContext } from "../context.ts";
import type { ReceivedUplink } from "../gateway/received-uplink.ts";
import type { ActivationRequest } from "./activate-device.ts";

/**
 * Checks that a Join-request is from a device of this network; only its Join Server can check the MIC.
 *
 * @throws WarrenError `frame-…`, `device-unknown`, `identity-contradiction`, `activation-disallowed`
 */
export function readJoinRequest(
  { store }: Pick<NetworkServerContext, "store">,
  uplink: ReceivedUplink,
): ActivationRequest {
  const { devEui, joinEui } = decodeJoinRequest(uplink.phyPayload);
  const device = store.findDevice(devEui);
  if (device === undefined) throw new WarrenError("device-unknown", `no device ${devEui} here`);
  if (device.joinEui !== joinEui) {
    throw new WarrenError("identity-contradiction", `${devEui} joins with another JoinEUI`);
  }
  if (device.abpDevAddr !== undefined) {
    throw new WarrenError("activation-disallowed", `${devEui} is personalized and may not join`);
  }
  return { device, uplink, type: "join" };
}

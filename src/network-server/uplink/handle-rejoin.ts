import { WarrenError } from "../../errors.ts";
import {
  decodeRejoinRequest,
  type RejoinRequest,
  type RejoinRequest02,
  verifyRejoinRequestMic,
} from "../../lorawan/join/rejoin-request.ts";
import { isLorawan11 } from "../../lorawan/mac-version.ts";
import type { NetworkServerContext } from "../context.ts";
import type { ReceivedUplink } from "../gateway/received-uplink.ts";
import { settleForceRejoin } from "../mac/rejoin-commands.ts";
import type { Device } from "../session/device.ts";
import type { ActivationRequest } from "./activate-device.ts";

/**
 * Checks a Rejoin-request as far as a Network Server can: types 0 and 2 by their MIC under SNwkSIntKey and
 * their counter, which is stored before anything follows from it; type 1 by its identities alone.
 *
 * @throws WarrenError `frame-…`, `device-unknown`, `identity-contradiction`, `version-contradiction`,
 * `session-unknown`, `mic-mismatch`, `rj-count-replayed`
 * @see LoRaWAN 1.1 §6.2.4
 */
export function readRejoinRequest(
  { store, settings }: Pick<NetworkServerContext, "store" | "settings">,
  uplink: ReceivedUplink,
): ActivationRequest {
  const request = decodeRejoinRequest(uplink.phyPayload);
  const known = store.findDevice(request.devEui);
  if (known === undefined) {
    throw new WarrenError("device-unknown", `no device ${request.devEui} here`);
  }
  requireSameIdentity(known, request, settings.netId);
  // Nothing here proves a type 1, and no command asks for one, so it changes nothing.
  if (request.rejoinType === 1) return { device: known, uplink, type: 1 };
  const { device } = store.changeDevice(request.devEui, (before) => ({
    device: settleForceRejoin(countRejoin(before, request, uplink.phyPayload)),
    messages: [],
  }));
  return { device, uplink, type: request.rejoinType };
}

function requireSameIdentity(device: Device, request: RejoinRequest, netId: string): void {
  const isSame =
    request.rejoinType === 1 ? request.joinEui === device.joinEui : request.netId === netId;
  if (!isSame) {
    throw new WarrenError(
      "identity-contradiction",
      `${device.devEui} rejoins with another ${request.rejoinType === 1 ? "JoinEUI" : "NetID"}`,
    );
  }
  if (!isLorawan11(device.macVersion) || device.abpDevAddr !== undefined) {
    throw new WarrenError("version-contradiction", `${device.devEui} cannot rejoin`);
  }
}

/** Only under the context in use: a newer one counts from its first RekeyInd on (LoRaWAN 1.1 §5.10). */
function countRejoin(device: Device, request: RejoinRequest02, phyPayload: Uint8Array): Device {
  const session = device.current;
  if (session?.version !== "1.1") {
    throw new WarrenError("session-unknown", `${device.devEui} has no session to rejoin from`);
  }
  if (!verifyRejoinRequestMic(phyPayload, session.keys.sNwkSIntKey)) {
    throw new WarrenError("mic-mismatch", `Rejoin-request of ${device.devEui} with a wrong MIC`);
  }
  if (session.rjCount0 !== undefined && request.rjCount0 <= session.rjCount0) {
    throw new WarrenError("rj-count-replayed", `RJcount0 ${request.rjCount0} is not the next`);
  }
  return { ...device, current: { ...session, rjCount0: request.rjCount0 } };
}

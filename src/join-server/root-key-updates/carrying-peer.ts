import { WarrenError } from "../../errors.ts";
import type { Device } from "../device.ts";
import { checkEnabled, checkMayAsk } from "../joins/check-request.ts";
import { isNetworkServer, type UpdatePeer } from "../peers.ts";
import type { Requester } from "./requester.ts";
import type { UpdateCarrier } from "./update-attempt.ts";

/** The way updates go that the peer carries. */
export function carrierOf(peer: UpdatePeer): UpdateCarrier {
  return isNetworkServer(peer) ? "mac-commands" : "application-port";
}

/** NetID or AS-ID. */
export function idOf(peer: UpdatePeer): string {
  return isNetworkServer(peer) ? peer.netId : peer.asId;
}

export function requesterOf(peer: UpdatePeer): Requester {
  return isNetworkServer(peer) ? `network-server:${peer.netId}` : `application-server:${peer.asId}`;
}

/**
 * A server speaks of updates of its own devices only, an Application Server moreover only when its record says
 * that it relays them.
 *
 * @throws WarrenError `activation-disallowed`, `device-disabled`
 */
export function checkMayCarry(device: Device, peer: UpdatePeer): void {
  if (isNetworkServer(peer)) {
    checkMayAsk(device, peer.netId);
    return;
  }
  if (device.asId !== peer.asId) {
    throw new WarrenError("activation-disallowed", "the device has another Application Server");
  }
  if (!peer.relaysRootKeyUpdates) {
    throw new WarrenError(
      "activation-disallowed",
      "the Application Server's record does not say that it relays root key updates",
    );
  }
  checkEnabled(device);
}

/**
 * Messages of an update go over the one port that the record names: octets of another port are an
 * application's own.
 *
 * @throws WarrenError `f-port-contradiction`
 */
export function checkFPort(peer: UpdatePeer, fPort: number | undefined): void {
  if (isNetworkServer(peer) || fPort === undefined || fPort === peer.rootKeyFPort) return;
  throw new WarrenError(
    "f-port-contradiction",
    `FPort ${fPort}, but the record says that root key updates go over ${peer.rootKeyFPort}`,
  );
}

/** @throws WarrenError `update-not-allowed` when the settings of the device name the other carrier */
export function checkCarrier({ carrier }: Device, peer: UpdatePeer): void {
  if (carrier === "automatic" || carrier === carrierOf(peer)) return;
  throw new WarrenError("update-not-allowed", `updates of the device go by ${carrier}`);
}

/**
 * As `checkCarrier`, for a command that came up: the carrier that an update has begun with may bring it to its
 * end, whatever the settings say now.
 *
 * @throws WarrenError `update-not-allowed`
 */
export function checkCarrierOfCommand(device: Device, peer: UpdatePeer): void {
  const { attempt } = device;
  if (attempt?.outcome === "under-way" && attempt.carrier === carrierOf(peer)) return;
  checkCarrier(device, peer);
}

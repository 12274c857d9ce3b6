import type { Eui64, NetId } from "../lorawan/identifiers.ts";
import type { Device } from "./device.ts";
import type { ApplicationServerPeer, NetworkServerPeer } from "./peers.ts";

/** A random DevNonce of a device before 1.0.4, which must never come back for this JoinEUI. */
export interface UsedDevNonce {
  readonly joinEui: Eui64;
  readonly devNonce: number;
}

/** What became of a save. Only `saved` changed anything, and that is on disk. */
export type SaveOutcome = "saved" | "version-conflict" | "dev-nonce-used";

/**
 * Where the Join Server keeps what must not be lost. Each call is one transaction; nothing spans two
 * devices, so that an implementation may distribute by DevEUI.
 *
 * @throws WarrenError `storage-failed` from every method
 */
export interface JoinServerStore {
  loadDevice(devEui: Eui64): Promise<Device | undefined>;

  /** Adds a device; false when its DevEUI is taken. */
  createDevice(device: Device): Promise<boolean>;

  /**
   * Replaces a device whose stored version is still `device.version`, adds one to it, and records the
   * DevNonce, all or nothing. Of two saves made from the same version one is a `version-conflict`.
   */
  saveDevice(device: Device, usedDevNonce?: UsedDevNonce): Promise<SaveOutcome>;

  /** Devices in the order of their DevEUI, after `after`. */
  listDevices(limit: number, after?: Eui64): Promise<Device[]>;

  loadNetworkServer(netId: NetId): Promise<NetworkServerPeer | undefined>;
  saveNetworkServer(peer: NetworkServerPeer): Promise<void>;
  loadApplicationServer(asId: string): Promise<ApplicationServerPeer | undefined>;
  saveApplicationServer(peer: ApplicationServerPeer): Promise<void>;
}

/** Takes a RootKeyUpdateReq to a Network Server. @throws WarrenError `peer-unreachable` and others */
export interface NetworkServerLink {
  sendRootKeyUpdateReq(
    peer: NetworkServerPeer,
    device: Pick<Device, "devEui" | "joinEui">,
    macCommand: Uint8Array,
  ): Promise<void>;
}

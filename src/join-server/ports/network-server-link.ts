import type { Device } from "../device.ts";
import type { NetworkServerPeer } from "../peers.ts";

/** Takes a RootKeyUpdateReq to a Network Server. @throws WarrenError `peer-unreachable` and others */
export interface NetworkServerLink {
  sendRootKeyUpdateReq(
    peer: NetworkServerPeer,
    device: Pick<Device, "devEui" | "joinEui">,
    macCommand: Uint8Array,
  ): Promise<void>;
}

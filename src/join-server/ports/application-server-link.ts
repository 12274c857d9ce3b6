import type { Device } from "../device.ts";
import type { ApplicationServerPeer } from "../peers.ts";

/** Takes a RootKeyUpdateReq to an Application Server, which sends it on its port for root key updates. */
export interface ApplicationServerLink {
  /** @throws WarrenError `peer-unreachable` and others */
  sendRootKeyUpdateReq(
    peer: ApplicationServerPeer,
    device: Pick<Device, "devEui" | "joinEui">,
    macCommand: Uint8Array,
  ): Promise<void>;
}

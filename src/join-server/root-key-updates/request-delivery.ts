import { WarrenError } from "../../errors.ts";
import type { Device } from "../device.ts";
import type { ApplicationServerLink } from "../ports/application-server-link.ts";
import type { NetworkServerLink } from "../ports/network-server-link.ts";
import type { PeerStore } from "../ports/peer-store.ts";
import { chooseCarrier, type UpdatePeers } from "./choose-carrier.ts";
import type { UpdateCarrier } from "./update-attempt.ts";

export interface RequestDeliveryOptions {
  readonly store: Pick<PeerStore, "loadNetworkServer" | "loadApplicationServer">;
  readonly networkServerLink: NetworkServerLink;
  readonly applicationServerLink: ApplicationServerLink;
}

/** Takes RootKeyUpdateReq to the servers that carry it to the devices. */
export class RequestDelivery {
  readonly #options: RequestDeliveryOptions;

  constructor(options: RequestDeliveryOptions) {
    this.#options = options;
  }

  /** @throws WarrenError `update-not-deliverable` when no server relays updates to this device */
  async carrierFor(device: Device): Promise<UpdateCarrier> {
    const carrier = chooseCarrier(device, await this.#peersOf(device));
    if (carrier === undefined) {
      throw new WarrenError("update-not-deliverable", whyNone(device));
    }
    return carrier;
  }

  /** @throws WarrenError `peer-unreachable`, `peer-refused` and others of the peer's answer */
  async handOver(device: Device, carrier: UpdateCarrier, macCommand: Uint8Array): Promise<void> {
    const { networkServerLink, applicationServerLink } = this.#options;
    const { networkServer, applicationServer } = await this.#peersOf(device);
    if (carrier === "mac-commands") {
      if (networkServer?.route === undefined || !networkServer.relaysRootKeyUpdates) {
        throw unreachable(`the Network Server ${device.homeNetId}`);
      }
      return networkServerLink.sendRootKeyUpdateReq(networkServer, device, macCommand);
    }
    if (applicationServer?.route === undefined || !applicationServer.relaysRootKeyUpdates) {
      throw unreachable(`the Application Server ${device.asId}`);
    }
    return applicationServerLink.sendRootKeyUpdateReq(applicationServer, device, macCommand);
  }

  async #peersOf({ homeNetId, asId }: Device): Promise<UpdatePeers> {
    const { store } = this.#options;
    const [networkServer, applicationServer] = await Promise.all([
      store.loadNetworkServer(homeNetId),
      store.loadApplicationServer(asId),
    ]);
    return { networkServer, applicationServer };
  }
}

function unreachable(whom: string): WarrenError {
  return new WarrenError(
    "peer-unreachable",
    `${whom} has no URL on record, or does not relay root key updates`,
  );
}

function whyNone({ carrier, homeNetId, asId }: Device): string {
  const networkServer = `the Network Server ${homeNetId}`;
  const applicationServer = `the Application Server ${asId}`;
  const whom = {
    "mac-commands": `${networkServer} does not relay`,
    "application-port": `${applicationServer} does not relay`,
    automatic: `neither ${networkServer} nor ${applicationServer} relays`,
  }[carrier];
  return `${whom} root key updates: set relaysRootKeyUpdates in the record of one that does`;
}
